"""Whether two stated sums are one: bounds, rounding and conversion reckoned with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from pipeline.group.claims import ClaimAmount
from pipeline.group.rules import Rules

Relation = Literal["agree", "amend", "differ", "unknown"]
_CLOSEST_FIRST: tuple[Relation, ...] = ("agree", "amend", "differ")


def relate(one: ClaimAmount | None, other: ClaimAmount | None, rules: Rules) -> Relation:
    """Compare two sums: ``amend`` where one may revise the other, ``unknown`` where they can't be compared."""
    if one is None or other is None:
        return "unknown"
    if one.currency == other.currency:
        left, right, tolerance = one.value, other.value, rules.sums["tolerance"]
    elif one.usd is not None and other.usd is not None:
        left, right, tolerance = one.usd, other.usd, rules.sums["fx_tolerance"]
    else:
        return "unknown"
    if min(left, right) <= 0:
        return "unknown"
    low_left, high_left = _reach(left, one.bound, tolerance, rules)
    low_right, high_right = _reach(right, other.bound, tolerance, rules)
    if low_left <= high_right and low_right <= high_left:
        return "agree"
    return "amend" if max(left, right) / min(left, right) <= rules.sums["amend_ratio"] else "differ"


def same_sum(one: ClaimAmount | None, other: ClaimAmount | None, rules: Rules) -> bool:
    """Whether two sums are one figure, rounding and conversion apart: bounds bridge nothing."""
    if one is None or other is None:
        return False
    return relate(replace(one, bound="exact"), replace(other, bound="exact"), rules) == "agree"


def relate_all(one: ClaimAmount | None, others: Iterable[ClaimAmount], rules: Rules) -> Relation:
    """The closest relation of a sum to any of several."""
    found = {relate(one, other, rules) for other in others}
    return next((relation for relation in _CLOSEST_FIRST if relation in found), "unknown")


def _reach(value: float, bound: str, tolerance: float, rules: Rules) -> tuple[float, float]:
    below, above = rules.reach[bound]
    return value * (1 - below) * (1 - tolerance / 2), value * (1 + above) * (1 + tolerance / 2)


def plain(amount: ClaimAmount) -> str:
    """A sum for the reasons of decisions: ``10 bn USD``."""
    for scale, word in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if amount.value >= scale:
            return f"{amount.value / scale:.4g} {word} {amount.currency}"
    return f"{amount.value:.0f} {amount.currency}"
