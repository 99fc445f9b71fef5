"""Which deals of the ledger grouping has to see for a batch of claims: what ``claims_of_neighbours`` is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pipeline.group import Claim, Rules
from pipeline.group.claims import SIDES
from pipeline.group.match import JOINED

# Deals silent for longer than any window are out of reach of news; a mention in passing may still look further back.
_REACH = timedelta(days=1100)


def ask(claims: Sequence[Claim], rules: Rules) -> dict[str, Any]:
    """Parameters of the query: lists with a place for each group of companies that each claim names, and the windows.

    ``claims`` are the new ones and those that were replaced; one at least.
    """
    rows = [_row(number, claim, root) for number, claim in enumerate(claims) for root in sorted(claim.roots)]
    columns = ("claims", "roots", "takes", "lone", "giverless", "joins", "background", "types", "days", "usd")
    return {
        **dict(zip(columns, map(list, zip(*rows, strict=True)) if rows else ([] for _ in columns), strict=True)),
        "since": min(claim.occurred_on for claim in claims) - _REACH,
        "weeks": max(rules.days["joined_round"], rules.days["part"]),
        "longest": rules.longest,
        "widest": _widest(rules),
        "taking": [role for role, side in SIDES.items() if side == "passive"],
    }


def _row(number: int, claim: Claim, root: str) -> tuple[Any, ...]:
    sided = bool(claim.sides["active"] or claim.sides["both"])
    stated = claim.amount is not None or claim.gigawatts is not None or claim.units is not None
    return (
        number, root, root in claim.sides["passive"], len(claim.roots) == 1, not sided,
        claim.type in JOINED and stated, claim.background, claim.type, claim.occurred_on,
        claim.amount.usd if claim.amount else None,
    )  # fmt: skip


def _widest(rules: Rules) -> float:
    """How many times larger one of two sums may be that still agree: bounds, rounding and conversion at their most."""
    below, above = (max(side) for side in zip(*rules.reach.values(), strict=True))
    slack = max(rules.sums["tolerance"], rules.sums["fx_tolerance"]) / 2
    return float((1 + above) / (1 - below) * (1 + slack) / (1 - slack))
