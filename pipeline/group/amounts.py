"""The sum of a deal where reports differ: the newest stage first, then tier, directness and recency; all are kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from pipeline.group.claims import Claim, ClaimAmount, StatedAmount
from pipeline.group.rules import Rules
from pipeline.group.sums import plain, relate


def prevailing(claims: Sequence[Claim], rules: Rules) -> Claim | None:
    """The claim whose sum holds; None where none names one.

    Those within ``contest`` days of the newest sum contend; an older one has been amended. Of sums that agree, the one
    in the currency most reports use stands for all, so that a paper's conversion does not oust the sum it converts.
    """
    contenders = contending(claims, rules)
    strongest = min(contenders, key=lambda claim: _weight(claim, rules), default=None)
    if strongest is None:
        return None
    agreeing = [claim for claim in contenders if relate(claim.amount, strongest.amount, rules) == "agree"]
    first_told = list(dict.fromkeys(_currency(claim) for claim in sorted(agreeing, key=rules.order)))
    uses = Counter(_currency(claim) for claim in agreeing)
    usual = min(uses, key=lambda currency: (-uses[currency], first_told.index(currency)))
    return min((claim for claim in agreeing if _currency(claim) == usual), key=lambda claim: _weight(claim, rules))


def contending(claims: Sequence[Claim], rules: Rules) -> list[Claim]:
    """Claims whose sums stand against each other: recent, and of the furthest stage that names a sum."""
    named = [claim for claim in claims if claim.amount is not None]
    named = [claim for claim in named if not claim.background] or named
    if not named:
        return []
    newest = max(claim.occurred_on for claim in named)
    recent = [claim for claim in named if claim.occurred_on >= newest - timedelta(days=rules.days["contest"])]
    alive = [claim for claim in recent if claim.status != "ended"] or recent
    firm = [claim for claim in alive if claim.status != "in_talks"]
    return firm or alive


def _currency(claim: Claim) -> str:
    return claim.amount.currency if claim.amount else ""


def _weight(claim: Claim, rules: Rules) -> tuple[object, ...]:
    return *rules.strength(claim), -claim.occurred_on.toordinal(), -claim.published_on.toordinal(), claim.id


def reason(claims: Sequence[Claim], winner: Claim, rules: Rules) -> str:
    """Why the sum of ``winner`` holds against the others."""
    rivals = [
        claim
        for claim in contending(claims, rules)
        if relate(claim.amount, winner.amount, rules) in ("amend", "differ")
    ]
    older = [claim for claim in claims if relate(claim.amount, winner.amount, rules) in ("amend", "differ")]
    if rivals:
        best = min(rivals, key=lambda claim: _weight(claim, rules))
        mine, theirs = rules.strength(winner), rules.strength(best)
        if mine[0] != theirs[0]:
            return f"tier {mine[0]} over tier {theirs[0]}"
        if mine[1] != theirs[1]:
            return f"{winner.attribution.replace('_', ' ')} over {best.attribution.replace('_', ' ')}"
        return "the most recent of equally strong reports"
    return "amended: the latest report" if older else "all reports agree"


def stated(
    claims: Sequence[Claim], winner: Claim | None, cumulative: Collection[str], is_part: bool, rules: Rules
) -> tuple[StatedAmount, ...]:
    """All sums that claims state, once for each meaning, value and currency, the settled one first."""
    groups: dict[tuple[str, float, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.amount is not None:
            groups[_meaning(claim, cumulative, is_part), claim.amount.value, claim.amount.currency].append(claim)
        if claim.valuation is not None:
            groups["valuation", *claim.valuation].append(claim)
    contenders = {claim.id for claim in contending([c for c in claims if c.id not in cumulative], rules)}
    rows = []
    for (semantics, value, currency), group in groups.items():
        best = min(group, key=lambda claim: _weight(claim, rules))
        if semantics == "valuation":
            rows.append(
                StatedAmount(semantics, ClaimAmount(value, currency), False, False, "company value", tuple(group))
            )
            continue
        assert best.amount is not None  # noqa: S101 - groups of sums hold claims with sums
        amount = best.amount
        settled = winner is not None and winner.amount is not None and winner in group
        relation = relate(amount, winner.amount if winner else None, rules)
        contested = relation in ("amend", "differ") and any(claim.id in contenders for claim in group)
        why = _why(settled, contested, relation, semantics, winner)
        rows.append(StatedAmount(semantics, amount, settled, contested, why, tuple(group)))
    return tuple(sorted(rows, key=lambda row: (not row.settled, row.semantics, row.amount.value, row.amount.currency)))


def _meaning(claim: Claim, cumulative: Collection[str], is_part: bool) -> str:
    if claim.id in cumulative:
        return "cumulative"
    if claim.amount is not None and claim.amount.semantics == "conditional":
        return "conditional"
    return "tranche" if is_part else "total"


def _why(settled: bool, contested: bool, relation: str, semantics: str, winner: Claim | None) -> str:
    if settled:
        return "prevails"
    if semantics == "cumulative":
        return "total of several deals"
    held = plain(winner.amount) if winner and winner.amount else "nothing"
    if contested:
        return f"outweighed by {held}"
    return f"agrees with {held}" if relation == "agree" else f"earlier than {held}, or of another stage"
