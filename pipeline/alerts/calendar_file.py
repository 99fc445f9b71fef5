"""Dated commitments as an iCalendar file (RFC 5545) that a calendar can subscribe to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.alerts.atom import NAMESPACE
from pipeline.alerts.commitments import Commitment, Kind
from pipeline.digest.build import shortened, web_address
from pipeline.plain import clean, line

if TYPE_CHECKING:
    from icalendar import Event

_LABELS: dict[Kind, str] = {
    "starts": "Starts", "ends": "Ends", "condition": "Conditional part due", "closing": "Expected closing",
    "milestone": "Milestone",
}  # fmt: skip


def calendar_of(found: Iterable[Commitment]) -> bytes:
    """The file: an all-day entry for each commitment, free time, under a UID that stays."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Dealwire//Commitments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Deals of the AI cloud war: what falls due")
    for commitment in found:
        calendar.add_component(_entry(commitment))
    content: bytes = calendar.to_ical()
    return content


def _entry(one: Commitment) -> Event:
    from icalendar import Event

    entry = Event()
    named = uuid.uuid5(NAMESPACE, f"{one.deal_id}|{one.kind}|{one.on}")
    entry.add("uid", f"{named}@dealwire")
    entry.add("dtstamp", one.recorded_at)
    entry.add("dtstart", one.on)
    entry.add("dtend", one.on + timedelta(days=1))
    entry.add("summary", line(f"{_LABELS[one.kind]}: {one.headline} ({_what(one)})"))
    entry.add("description", _description(one))
    entry.add("categories", [one.kind])
    entry.add("transp", "TRANSPARENT")
    if url := web_address(one.url):
        entry.add("url", url)
    return entry


def _what(one: Commitment) -> str:
    return ", ".join(filter(None, (one.type_name, one.amount_text)))


def _description(one: Commitment) -> str:
    lines = [f"“{shortened(clean(one.evidence))}” — {line(one.source)}" + (f" ({one.lang})" if one.lang else "")]
    if one.first != one.on:
        lines.append(f"Some day from {one.first} to {one.on}.")
    return "\n".join([*lines, f"Deal: {line(one.deal_id)}"])
