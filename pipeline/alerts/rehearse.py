"""What a rule would have sent, had it stood since some day: the same matching and timing over the ledger's past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby

import duckdb

from pipeline.alerts.content import message_of
from pipeline.alerts.events import Event, events_after
from pipeline.alerts.match import matches
from pipeline.alerts.rules import Rule
from pipeline.alerts.state import Message
from pipeline.alerts.timing import release_at

_NOON = time(12, tzinfo=UTC)


def rehearse(con: duckdb.DuckDBPyConnection, rule: Rule, since: date, *, as_dated: bool = False) -> list[Message]:
    """The messages since that day (UTC), each ``released_at`` when it would have been sent.

    What counts is when the ledger learnt of something. ``as_dated`` takes the day on which it happened, at noon UTC:
    for a ledger that was filled in one go, long after the events.
    """
    start = datetime.combine(since, time(0), UTC)
    found = [event for event in events_after(con, None) if matches(rule, event)]
    moments = sorted(((_moment(event, as_dated), event) for event in found), key=lambda pair: pair[0])
    chosen = [(moment, event) for moment, event in moments if moment >= start]
    return [message_of(con, rule, events, moment) for moment, events in _timed(rule, chosen)]


def _moment(event: Event, as_dated: bool) -> datetime:
    return datetime.combine(event.on, _NOON) if as_dated else event.recorded_at


def _timed(rule: Rule, found: Sequence[tuple[datetime, Event]]) -> Iterator[tuple[datetime, list[Event]]]:
    """What goes out when: events of one moment together, with those that were held until then."""
    held: list[Event] = []
    due: datetime | None = None
    last: datetime | None = None
    for moment, group in groupby(found, key=lambda pair: pair[0]):
        if due is not None and due < moment:
            yield due, held
            held, last, due = [], due, None
        held += [event for _, event in group]
        due = due or release_at(rule, moment, last)
        if due <= moment:
            yield moment, held
            held, last, due = [], moment, None
    if due is not None:
        yield due, held
