"""How deals hang together: a thread goes on from talks to talks, a part belongs to a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.group.claims import Claim, ClaimAmount
from pipeline.group.draft import Draft
from pipeline.group.rules import Rules

Numbered = tuple[int, Draft]


def core(claims: Sequence[Claim]) -> frozenset[str]:
    """The groups of companies that most claims on a deal name, so that one misread claim does not tear its thread."""
    votes = Counter(claim.roots for claim in claims)
    return min(votes, key=lambda roots: (-votes[roots], len(roots), sorted(roots)))


def thread_of(number: int, pair: Sequence[Numbered], rules: Rules) -> int:
    """Number of the earliest deal of the thread that a deal continues; ``pair`` are all deals of the same groups.

    A deal continues the latest earlier one of the same type that had not come beyond talks, or had ended.
    """
    drafts = dict(pair)
    current = number
    while True:
        draft = drafts[current]
        earlier = [
            (other.first_on, -n)
            for n, other in pair
            if n != current
            and (other.first_on, n) < (draft.first_on, current)
            and other.claims[0].type == draft.claims[0].type
            and other.status in ("in_talks", "ended")
            and (draft.first_on - other.last_on).days <= rules.days["thread"]
        ]
        if not earlier:
            return current
        current = -max(earlier)[1]


def parent_of(draft: Draft, together: Iterable[Numbered], rules: Rules) -> int | None:
    """Number of the smallest whole that a deal is told of as a part; None where it stands alone.

    ``together`` are the deals that share an article with it. The whole has the larger sum and leaves none of the part's
    recipients out, and the part has come beyond talks and is no mere mention of former times.
    """
    mine = _usd(draft.amounts)
    if mine is None or not draft.told_as_news or draft.status not in ("announced", "completed"):
        return None
    wholes = []
    for number, other in together:
        theirs = _usd(other.amounts)
        if other is draft or theirs is None or theirs < mine * rules.limits["part_ratio"]:
            continue
        if other.status != "ended" and _covers(other, draft, rules):
            wholes.append((theirs, number))
    return min(wholes)[1] if wholes else None


def _covers(whole: Draft, part: Draft, rules: Rules) -> bool:
    """A ticket of a round, a contract of a programme, or a payment of a sum promised before."""
    after = (part.first_on - whole.first_on).days
    if whole.roots == part.roots:
        # Two sums of the same parties on one day are as likely two deals; one paid on a promise comes later.
        paid = part.status == "completed" and whole.status == "announced" and len(part.roots) > 1
        return paid and 0 < after <= rules.types[part.claims[0].type].window_days
    if abs(after) > rules.days["part"]:
        return False
    family = rules.types[part.claims[0].type].family
    if rules.types[whole.claims[0].type].family != family:
        # A programme covers the contracts between its own partners.
        return whole.claims[0].type == "infrastructure" and part.roots <= whole.roots and len(part.roots) > 1
    if whole.both or part.both:
        return part.roots <= whole.roots
    return bool(part.passive) and part.passive == whole.passive and (not whole.active or part.active <= whole.active)


def _usd(amounts: Sequence[ClaimAmount]) -> float | None:
    return max((amount.usd for amount in amounts if amount.usd is not None), default=None)
