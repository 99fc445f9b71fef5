"""Dated commitments as an iCalendar file (RFC 5545) that a calendar can subscribe to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.alerts.atom import NAMESPACE
from pipeline.alerts.commitments import Commitment
from pipeline.alerts.words import heard, words
from pipeline.digest.build import shortened, web_address
from pipeline.digest.phrases import phrasebook
from pipeline.plain import one_line

if TYPE_CHECKING:
    from icalendar import Event


def calendar_of(found: Iterable[Commitment], language: str = "en") -> bytes:
    """The file: an all-day entry for each commitment, free time, under a UID that stays.

    Raises:
        ConfigError: no words exist for ``language``.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//Dealwire//Commitments//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words(language)["calendar_title"])
    for commitment in found:
        calendar.add_component(_entry(commitment, language))
    content: bytes = calendar.to_ical()
    return content


def _entry(one: Commitment, language: str) -> Event:
    from icalendar import Event

    entry = Event()
    named = uuid.uuid5(NAMESPACE, f"{one.deal_id}|{one.kind}|{one.on}")
    entry.add("uid", f"{named}@dealwire")
    entry.add("dtstamp", one.recorded_at)
    entry.add("dtstart", one.on)
    entry.add("dtend", one.on + timedelta(days=1))
    entry.add("summary", _summary(one, language))
    entry.add("description", _description(one, language))
    entry.add("categories", [one.kind])
    entry.add("transp", "TRANSPARENT")
    if url := web_address(one.url):
        entry.add("url", url)
    return entry


def _summary(one: Commitment, language: str) -> str:
    book, around = phrasebook(language), words(language)
    what = [around["types"][one.type], *([book.money(one.amount)] if one.amount else [])]
    told = {"due": around["due"][one.kind], "headline": one.headline, "what": book.words["comma"].join(what)}
    return one_line(around["entry"].format(**told))


def _description(one: Commitment, language: str) -> str:
    book, around = phrasebook(language), words(language)
    lines = [heard(shortened(one.evidence), one_line(one.source), one.lang, language)]
    if one.first != one.on:
        lines.append(around["window"].format(first=book.day(one.first), last=book.day(one.on)))
    return "\n".join([*lines, around["deal"].format(deal=one_line(one.deal_id))])
