"""From the claims on one deal to the deal: parties, type, status, sum, events. A function of their set alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from models.facts import DealType
from pipeline.group import amounts
from pipeline.group.claims import Claim, ClaimParty, Event, SettledDeal
from pipeline.group.rules import Rules
from pipeline.group.status import walk
from pipeline.group.sums import plain, relate

_FACTLESS = 0.1  # weight of a vote for "partnership": the word people use where they do not know the terms
_Number = TypeVar("_Number", int, float)


def settle(
    deal_id: str, claims: Iterable[Claim], cumulative: Collection[str], rules: Rules,
    thread_id: str | None = None, parent_id: str | None = None,
) -> SettledDeal:  # fmt: skip
    """Settle a deal from its standing claims (one at least). ``cumulative`` are those whose sum spans several deals."""
    told = sorted(claims, key=rules.order)
    own = [claim for claim in told if claim.id not in cumulative] or told
    news = [claim for claim in own if not claim.background] or own[:1]
    history = walk(news, rules)
    winner = amounts.prevailing(own, rules)
    return SettledDeal(
        id=deal_id,
        type=_type(own, rules),
        status=history.status,
        status_on=history.since,
        status_reason=history.reason,
        parties=_parties(own),
        amount=winner.amount if winner else None,
        amount_reason=amounts.reason(own, winner, rules) if winner else None,
        amounts=amounts.stated(told, winner, cumulative, parent_id is not None, rules),
        chips=tuple(sorted({chip for claim in own for chip in claim.chips})),
        gigawatts=_most_stated([claim.gigawatts for claim in own]),
        units=_most_stated([claim.units for claim in own]),
        first_on=min(claim.occurred_on for claim in news),
        last_on=max(claim.occurred_on for claim in news),
        events=_with_sums(history.events, news, own, rules),
        claims=tuple(told),
        thread_id=thread_id or deal_id,
        parent_id=parent_id,
    )


def _with_sums(moves: Sequence[Event], news: Sequence[Claim], own: Sequence[Claim], rules: Rules) -> tuple[Event, ...]:
    """Add to each move the sum that held after its day, and an event for each day on which only the sum changed."""
    events: list[Event] = []
    held: Claim | None = None
    for day in sorted({claim.occurred_on for claim in news}):
        before = held.amount if held else None
        known = [claim for claim in news if claim.occurred_on <= day]
        held = amounts.prevailing(known, rules) or (
            None if any(c.amount for c in news) else amounts.prevailing(own, rules)
        )
        now = held.amount if held else None
        today = [event for event in moves if event.occurred_on == day]
        usd = before.usd if before else None
        events += [replace(event, amount=now, previous_usd=usd) for event in today]
        status = next((event.status for event in reversed(events) if event.kind != "conflict"), None)
        moved = any(event.kind != "conflict" for event in today)
        if held is None or now is None or moved or status is None or held.occurred_on != day:
            continue
        if before is None:
            events.append(Event("amount", status, day, held.id, f"sum first named: {plain(now)}", status, now))
        elif relate(before, now, rules) in ("amend", "differ"):
            why = f"{plain(before)} → {plain(now)}: {amounts.reason(known, held, rules)}"
            events.append(Event("amount", status, day, held.id, why, status, now, usd))
    return tuple(events)


def _type(claims: Sequence[Claim], rules: Rules) -> DealType:
    """The type most claims give; "partnership" weighs little, since it is said of any deal."""
    votes: Counter[DealType] = Counter()
    for claim in claims:
        votes[claim.type] += _FACTLESS if claim.type == "partnership" else 1.0  # type: ignore[assignment]
    order = list(rules.types)
    return min(votes, key=lambda kind: (-votes[kind], order.index(kind)))


def _parties(claims: Sequence[Claim]) -> tuple[ClaimParty, ...]:
    """One party a group: the name that most claims use, in the role that most claims give it."""
    votes: dict[str, Counter[ClaimParty]] = {}
    for claim in claims:
        for party in claim.parties:
            weight = _FACTLESS if party.role == "partner" else 1.0
            votes.setdefault(claim.root_of(party), Counter())[party] += weight  # type: ignore[assignment]
    chosen = []
    for root, found in votes.items():
        ids: Counter[str] = Counter()
        roles: Counter[str] = Counter()
        for party, weight in found.items():
            ids[party.id] += weight
            roles[party.role] += weight
        name = min(ids, key=lambda key: (-ids[key], key))
        role = min(roles, key=lambda key: (-roles[key], key))
        chosen.append(ClaimParty(name, root, role))  # type: ignore[arg-type]
    return tuple(sorted(chosen, key=lambda party: (party.side, party.id)))


def _most_stated(values: Iterable[_Number | None]) -> _Number | None:
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], -value), default=None)
