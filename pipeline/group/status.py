"""The status of a deal: its claims walked in their fixed order through the state machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.facts import Status
from pipeline.group.claims import Claim, Event
from pipeline.group.rules import Rules


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """Where the walk ends, since when, why; and the events on the way (without sums)."""

    status: Status
    since: date
    reason: str
    events: tuple[Event, ...]


def walk(news: Sequence[Claim], rules: Rules) -> StatusHistory:
    """Walk claims that are in :meth:`Rules.order`; there must be one at least."""
    first, *rest = _without_overtaken(news, rules)
    status, since, reason = first.status, first.occurred_on, "first report"
    strongest = rules.strength(first)
    events = [Event("new", status, since, first.id, reason)]
    vain: set[Status] = set()
    for claim in rest:
        if claim.status == status:
            strongest = min(strongest, rules.strength(claim))
            continue
        move = rules.transitions[status, claim.status]
        if move == "conflict" and rules.strength(claim) >= strongest:
            if claim.status not in vain:
                vain.add(claim.status)
                why = f"{_who(claim)} says {claim.status} after {status} from {_rank(strongest)}: not stronger"
                events.append(Event("conflict", claim.status, claim.occurred_on, claim.id, why, status))
            continue
        reason = {
            "normal": f"{status} → {claim.status}, says {_who(claim)}",
            "reopening": f"{claim.status} again after it had ended, says {_who(claim)}",
            "conflict": f"{_who(claim)} outweighs {_rank(strongest)}: {claim.status}, not {status}",
        }[move]
        kind = "reopened" if move == "reopening" else "status"
        events.append(Event(kind, claim.status, claim.occurred_on, claim.id, reason, status))  # type: ignore[arg-type]
        status, since, strongest = claim.status, claim.occurred_on, rules.strength(claim)
        vain.clear()
    return StatusHistory(status, since, reason, tuple(events))


def _without_overtaken(news: Sequence[Claim], rules: Rules) -> list[Claim]:
    """Drop reports of talks on the very day that a source at least as strong has the agreement."""
    further: dict[date, tuple[int, int]] = {}
    for claim in news:
        if claim.status in ("announced", "completed"):
            strength = rules.strength(claim)
            further[claim.occurred_on] = min(further.get(claim.occurred_on, strength), strength)
    return [
        claim
        for claim in news
        if claim.status != "in_talks"
        or claim.occurred_on not in further
        or rules.strength(claim) < further[claim.occurred_on]
    ]


def _who(claim: Claim) -> str:
    return f"a tier-{claim.tier} source ({claim.attribution.replace('_', ' ')})"


def _rank(strength: tuple[int, int]) -> str:
    return f"tier {strength[0]}, directness {strength[1]}"
