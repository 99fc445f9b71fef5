"""Does a claim speak of this deal? Decided by parties, kind, sum, capacity, status and time, in that order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from models.facts import DealType
from pipeline.group.claims import Claim
from pipeline.group.draft import Draft
from pipeline.group.rules import Rules
from pipeline.group.sums import Relation, plain, relate, relate_all, same_sum

JOINED: tuple[DealType, ...] = ("equity_investment", "debt_financing")  # others may give, too, in the same deal


@dataclass(frozen=True, slots=True)
class Match:
    """How well a claim fits a draft, and why it does."""

    score: float
    reason: str


def match(claim: Claim, draft: Draft, rules: Rules) -> Match | None:
    """Compare a claim with a draft; None where they are different deals."""
    shared = claim.roots & draft.roots
    if _hopeless(claim, draft, shared, rules) or _told_apart(claim, draft, rules):
        return None
    relation = relate_all(claim.amount, draft.sums.values(), rules)
    capacity = _capacity(claim, draft, rules)
    strong = relation == "agree" or (capacity == "agree" and relation == "unknown")
    if relation == "differ" or (capacity == "differ" and not strong) or (_other_chips(claim, draft) and not strong):
        return None
    if relation == "amend" and draft.status == "completed" and claim.status in ("in_talks", "announced"):
        return None  # what has been paid is not agreed upon anew at another sum
    gap = _gap(claim, draft)
    limits = [_kind_days(claim, draft, relation, strong, rules), _party_days(claim, draft, strong, rules)]
    if claim.background:
        fits = _recalls(claim, draft, relation, rules) and None not in limits
    else:
        fits = all(limit is not None and gap <= limit for limit in limits) and _in_season(claim, draft, strong, rules)
    if not fits:
        return None
    same_type = claim.type in draft.types
    overlap = max(len(claim.roots & named) / len(claim.roots | named) for named in draft.named)
    score = {"agree": 3.0, "unknown": 0.0, "amend": -0.5, "differ": -9.0}[relation] + (
        1.5 if capacity == "agree" else 0
    )
    score += (2.0 if same_type else 0.5) + 2 * overlap + 1 / (1 + gap / 30)
    return Match(score, _reason(claim, draft, shared, relation, capacity, same_type, gap))


def _hopeless(claim: Claim, draft: Draft, shared: frozenset[str], rules: Rules) -> bool:
    """What most pairs fail by, told cheaply: too few of the sides that both name are the same, or years lie between."""
    if not shared or not (claim.background or _gap(claim, draft) <= rules.longest):
        return True
    if len(shared) > 1 or len(claim.roots) == 1 or len(draft.roots) == 1:
        return False
    return not claim.sides["passive"] & draft.passive


def _told_apart(claim: Claim, draft: Draft, rules: Rules) -> bool:
    """One text that states two deals means two deals, unless it plainly repeats itself."""
    return any(
        other.extractor == claim.extractor and not _repeats(claim, other, rules)
        for other in draft.by_version.get(claim.version_id, ())
    )


def _repeats(claim: Claim, other: Claim, rules: Rules) -> bool:
    """The same companies, kind and sum; the same day too, where the text dates both."""
    if other.type != claim.type or {p.id for p in other.parties} != {p.id for p in claim.parties}:
        return False
    if other.dated and claim.dated and other.occurred_on != claim.occurred_on:
        return False
    unnamed = claim.amount is None and other.amount is None
    return unnamed or relate(claim.amount, other.amount, rules) == "agree"


def _kind_days(claim: Claim, draft: Draft, relation: Relation, strong: bool, rules: Rules) -> int | None:
    """Days that may lie between, going by type and sum; None where the types can't name one transaction."""
    rule = rules.types[claim.type]
    if claim.type in draft.types:
        if relation == "amend":
            return rule.amend_days
        return rule.window_days if strong else rule.window_no_sum
    related = any(
        rules.types[other].family in rule.related or rule.family in rules.types[other].related for other in draft.types
    )
    # One name in common is too little across types: a company's own building plan is not its contract with another.
    if not related or relation == "amend" or min(len(claim.roots), len(draft.roots)) < 2:
        return None
    if strong:
        return rules.days["related"]
    # Without a sum in common only the vaguest word for a deal, an alliance of the same two at the same time, will do.
    vague = claim.type == "partnership" or draft.types == {"partnership"}
    same = len(claim.roots) > 1 and claim.roots in draft.named
    return rules.days["related_no_sum"] if vague and same else None


_MORE_GIVERS = 2  # a round of so many more is no deal of one of them, unless it is the very same sum


def _party_days(claim: Claim, draft: Draft, strong: bool, rules: Rules) -> int | None:
    """Days that may lie between, going by who is named; None where the parties tell the deals apart."""
    one_sided = rules.days["one_sided" if strong else "one_sided_no_sum"]
    directed = rules.types[claim.type].directed and all(rules.types[other].directed for other in draft.types)
    if not directed:
        if min(len(claim.roots), len(draft.roots)) < 2:
            alone = claim.type in rules.alone and claim.roots == draft.roots
            return 10_000 if alone else one_sided
        return 10_000 if _across(claim, draft) else None
    giving, getting = claim.sides["active"], claim.sides["passive"]
    if (giving & draft.passive and not giving & draft.active) or (
        getting & draft.active and not getting & draft.passive
    ):
        return None
    if getting and draft.passive and not getting & draft.passive:
        return None
    if not (getting and draft.passive):
        return one_sided if strong and giving & draft.active else None
    if giving and draft.active and not giving & draft.active:
        return rules.days["joined_round"] if strong and claim.type in JOINED else None
    apart = min((abs(len(giving) - count) for count in draft.givers), default=0) if giving else 0
    lone = len(giving & draft.active) < 2
    if (
        lone
        and apart >= _MORE_GIVERS
        and not any(same_sum(claim.amount, other, rules) for other in draft.sums.values())
    ):
        return None
    return 10_000 if giving and draft.active else one_sided


def _across(claim: Claim, draft: Draft) -> bool:
    """Two companies at least are the same, and where one of the two tells giver from taker, one of each.

    Two that invested in the same third have no deal with each other by that.
    """
    shared = claim.roots & draft.roots
    sides = ((claim.sides["active"], claim.sides["passive"]), (draft.active, draft.passive))
    return len(shared) > 1 and all(
        (shared & giving and shared & getting) or not (giving and getting) for giving, getting in sides
    )


def _capacity(claim: Claim, draft: Draft, rules: Rules) -> Relation:
    """Compare stated power or numbers of chips."""
    stated: tuple[tuple[float | None, Iterable[float]], ...] = (
        (claim.gigawatts, draft.gigawatts), (claim.units, draft.units),
    )  # fmt: skip
    ratios = [max(mine, their) / min(mine, their) for mine, theirs in stated if mine for their in theirs]
    if not ratios:
        return "unknown"
    ratio = min(ratios)
    if ratio <= 1 + rules.limits["compute_tolerance"]:
        return "agree"
    return "differ" if ratio > rules.limits["compute_ratio"] else "amend"


def _other_chips(claim: Claim, draft: Draft) -> bool:
    """Both name chips, and of different vendors."""
    return bool(claim.vendors and draft.vendors and not claim.vendors & draft.vendors)


def _gap(claim: Claim, draft: Draft) -> int:
    """Days between a claim and the time that a draft spans."""
    return max(0, (draft.first_on - claim.occurred_on).days, (claim.occurred_on - draft.last_on).days)


def _recalls(claim: Claim, draft: Draft, relation: Relation, rules: Rules) -> bool:
    """A mention in passing looks back, however far; the sum it names is one that news of the deal has named."""
    back = draft.first_on <= claim.occurred_on + timedelta(days=rules.days["background_slack"])
    open_sum = claim.amount is None or not draft.told_as_news
    return back and (relation == "agree" or (relation == "unknown" and open_sum))


def _in_season(claim: Claim, draft: Draft, strong: bool, rules: Rules) -> bool:
    """New talks after a deal is done are about something new, even between the same two."""
    since = (claim.occurred_on - draft.status_on).days
    match (draft.status, claim.status):
        case ("completed", "in_talks"):
            return since <= rules.days["after_completed_talks"]
        case ("completed", "announced"):
            return since <= rules.days["after_completed_announced" if strong else "after_completed_no_sum"]
        case ("announced", "in_talks"):
            return strong or since <= rules.days["talks_after_announced"]
        case ("ended", "in_talks" | "announced" | "completed"):
            return since <= rules.days["reopen"]
        case _:
            return True


def _reason(
    claim: Claim, draft: Draft, shared: frozenset[str], relation: Relation, capacity: Relation, same: bool, gap: int
) -> str:
    parts = [
        f"names {', '.join(sorted(shared))}",
        claim.type if same else f"{claim.type} for {', '.join(sorted(draft.types))}",
    ]
    if claim.amount is None or not draft.amounts:
        parts.append("no sum to compare")
    elif relation == "agree":
        parts.append(f"sum agrees ({plain(claim.amount)})")
    elif relation == "amend":
        parts.append(f"sum amended ({plain(claim.amount)} for {plain(draft.amounts[-1])})")
    else:
        parts.append("sums of currencies without a rate")
    if capacity == "agree":
        parts.append("same capacity")
    parts.append("mentioned in passing" if claim.background else f"{gap} days apart")
    return "; ".join(parts)
