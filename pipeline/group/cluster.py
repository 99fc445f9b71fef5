"""From a set of claims to drafts of deals. Claims are taken in one fixed order, so that of arrival does not matter."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.group.candidates import Candidates
from pipeline.group.claims import Claim, ClaimAmount
from pipeline.group.draft import Draft
from pipeline.group.match import match
from pipeline.group.rules import Rules
from pipeline.group.sums import plain


def cluster(claims: Iterable[Claim], rules: Rules) -> list[Draft]:
    """Gather claims into drafts: each joins the draft that it fits best, or begins one.

    News is gathered before mentions in passing, and early days before late ones (:meth:`Rules.gathering`).
    """
    drafts: list[Draft] = []
    candidates = Candidates(rules)
    for claim in sorted(claims, key=rules.gathering):
        near = candidates.near(claim)
        fits = [(found.score, -index, found.reason) for index in near if (found := match(claim, drafts[index], rules))]
        if fits:
            _, index, reason = max(fits)
            number = -index
            drafts[number].add(claim, reason, rules)
        elif whole := _sum_of(claim, [(index, drafts[index]) for index in near], rules):
            number, reason = whole
            drafts[number].add(claim, reason, rules, cumulative=True)
        else:
            number = len(drafts)
            drafts.append(Draft())
            drafts[number].add(claim, f"nothing known fits: {_no_fit(claim, candidates.sharing(claim))}", rules)
        candidates.put(number, drafts[number])
    return drafts


def _sum_of(claim: Claim, near: list[tuple[int, Draft]], rules: Rules) -> tuple[int, str] | None:
    """The latest of several deals of the same two whose sums add up to what the claim names."""
    if claim.amount is None or claim.amount.usd is None or len(claim.roots) < 2:
        return None
    same = [
        (number, draft)
        for number, draft in near
        if draft.claims[0].type == claim.type
        and draft.status in ("announced", "completed")
        and draft.first_on <= claim.occurred_on
        and claim.sides["active"] == draft.active
        and claim.sides["passive"] == draft.passive
        and claim.sides["both"] == draft.both
    ]
    parts = [usd for _, draft in same if (usd := _largest(draft.amounts))]
    total = sum(parts)
    if len(parts) < 2 or abs(total - claim.amount.usd) > rules.limits["cumulative_tolerance"] * total:
        return None
    latest, _ = max(same, key=lambda numbered: numbered[1].first_on)
    return (
        latest,
        f"{plain(claim.amount)} is the total of {len(parts)} deals of the same parties; counted with the latest",
    )


def _largest(amounts: list[ClaimAmount]) -> float:
    return max((amount.usd or 0.0 for amount in amounts), default=0.0)


def _no_fit(claim: Claim, sharing: int) -> str:
    if not sharing:
        return f"no deal within reach names {', '.join(sorted(claim.roots))}"
    return f"{sharing} deals within reach share a party but differ in kind, sum or time"
