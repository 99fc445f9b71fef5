"""Claims of one transaction across the sentences of a document become one deal."""

from __future__ import annotations

import numpy as np

from models.deals.claims import Array, Claim
from models.deals.labels import SIDES, STATUSES


def merge(claims: list[Claim]) -> list[Claim]:
    """Merge greedily, the surest claim first; order of the result is that of the text."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (len(c.roles) < 2, -c.score)):
        partner = next((other for other in kept if _one_deal(other, claim)), None)
        if partner is None:
            kept.append(claim)
        else:
            _absorb(partner, claim)
    kept = _fold_partnerships(kept)
    return sorted(kept, key=lambda c: min(c.sentences))


def _fold_partnerships(claims: list[Claim]) -> list[Claim]:
    """A partnership with the sum and two parties of another deal is that deal told broadly; its status is not asked."""
    kept = [c for c in claims if c.type != "partnership" or c.amount is None]
    for claim in claims:
        if claim.type != "partnership" or claim.amount is None:
            continue
        deal = next((c for c in kept if _same_money(c, claim) and len(c.roles.keys() & claim.roles.keys()) >= 2), None)
        if deal is None:
            kept.append(claim)
            continue
        deal.chips = tuple(dict.fromkeys((*deal.chips, *claim.chips)))
        deal.compute = deal.compute or claim.compute
        deal.sentences |= claim.sentences
    for claim in kept:
        if claim.type == "partnership":
            claim.chips = ()
    return kept


NEAR = 2  # sentences within which one deal is still being told
LIKELY = -0.9  # log-probability from which a status is taken as sure
SURE = 0.8  # probability at which a claim further away may still bring parties


def _may_add_parties(into: Claim, other: Claim) -> bool:
    """Whether a claim may bring new parties: it stands close by, names the same sum, or is sure by itself."""
    return _apart(into, other) <= NEAR or _same_money(into, other) or other.score >= SURE


def _past_and_talks(one: Claim, two: Claim) -> bool:
    """Whether one claim is surely of talks and the other surely of something done, in places that are not close."""
    if one.status is None or two.status is None or _apart(one, two) <= NEAR:
        return False
    talks, done = STATUSES.index("in_talks"), STATUSES.index("completed")
    best = {int(one.status.argmax()), int(two.status.argmax())}
    return best == {talks, done} and min(one.status.max(), two.status.max()) > LIKELY


def _apart(one: Claim, two: Claim) -> int:
    return min(abs(a - b) for a in one.sentences for b in two.sentences)


def _same_money(one: Claim, two: Claim) -> bool:
    return one.amount is not None and two.amount is not None and not _amounts_differ(one, two)


def _mixed(one: Claim, two: Claim) -> Array | None:
    """Status of two claims together, each weighing by its probability and by the sentences that it stands on."""
    if one.status is None or two.status is None:
        return two.status if one.status is None else one.status
    first, second = (c.score * len(c.sentences) * (2.0 if c.amount else 1.0) for c in (one, two))
    return np.asarray((one.status * first + two.status * second) / (first + second), np.float32)


def _one_deal(one: Claim, two: Claim) -> bool:
    if one.type != two.type:
        return False
    shared = one.roles.keys() & two.roles.keys()
    if not shared or any(one.roles[p] != two.roles[p] for p in shared):
        return False
    if _amounts_differ(one, two) or _past_and_talks(one, two):
        return False
    smaller = min(len(one.roles), len(two.roles))
    if len(shared) == smaller:
        return True
    first, second = SIDES[one.type]
    if first == second:
        return len(shared) >= 2 or smaller == 1
    anchors_one = {p for p, r in one.roles.items() if r == second}
    anchors_two = {p for p, r in two.roles.items() if r == second}
    return (
        bool(anchors_one & anchors_two)
        and _apart(one, two) <= 1
        and one.sentences != two.sentences  # what one place says was told apart before
        and one.type in ("equity_investment", "debt_financing")
    )


def _amounts_differ(one: Claim, two: Claim) -> bool:
    if one.amount is None or two.amount is None:
        return False
    return (one.amount.value, one.amount.currency) != (two.amount.value, two.amount.currency)


def _absorb(into: Claim, other: Claim) -> None:
    into.status = _mixed(into, other)
    if _may_add_parties(into, other):
        for party, role in other.roles.items():
            into.roles.setdefault(party, role)
            into.support[party] = max(into.support.get(party, 0.0), other.support.get(party, other.score))
    if into.amount is None or (other.amount is not None and other.amount_strength > into.amount_strength):
        into.amount, into.amount_strength = (
            other.amount or into.amount,
            max(other.amount_strength, into.amount_strength),
        )
    into.compute = into.compute or other.compute
    into.chips = tuple(dict.fromkeys((*into.chips, *other.chips)))
    into.sentences |= other.sentences
    into.mentions |= other.mentions
    into.score = max(into.score, other.score)
