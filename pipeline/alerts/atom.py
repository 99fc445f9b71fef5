"""The latest events as an Atom feed (RFC 4287), for the readers' own feed readers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import duckdb

from pipeline.alerts.content import event_json
from pipeline.alerts.events import events_after
from pipeline.alerts.words import heard, sentences, words

NAMESPACE = uuid.UUID("6d0f7c1e-4f0b-5b0e-9a3c-2f6a1d9f4c55")  # of our own; entries' ids follow from it
MOST = 200
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_TOLD = ("new", "status", "reopened", "amount", "conflict", "contested")


def feed_of(con: duckdb.DuckDBPyConnection, now: datetime, language: str = "en") -> bytes:
    """The newest events, latest first. The feed is as old as its newest entry; an empty one is of ``now``."""
    events = [event for event in events_after(con, None) if event.kind in _TOLD][-MOST:][::-1]
    told = [event_json(event, said) for event, said in zip(events, sentences(con, events, language), strict=True)]
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": language})
    _add(feed, "id", uuid.uuid5(NAMESPACE, "events").urn)
    _add(feed, "title", words(language)["feed_title"])
    _add(feed, "updated", told[0]["recorded_at"] if told else now.isoformat())
    _add(_add(feed, "author"), "name", "Dealwire")
    _add(feed, "generator", "Dealwire")
    for event in told:
        _entry(feed, event, language)
    ElementTree.register_namespace("", _ATOM)
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _entry(feed: ElementTree.Element, event: dict[str, Any], language: str) -> None:
    evidence = event["evidence"]
    entry = _add(feed, "entry")
    _add(entry, "id", uuid.uuid5(NAMESPACE, event["id"]).urn)
    _add(entry, "title", event["sentence"], type="text")
    _add(entry, "updated", event["recorded_at"])
    _add(entry, "published", event["recorded_at"])
    if evidence["url"]:
        _add(entry, "link", rel="alternate", href=evidence["url"])
    _add(_add(entry, "author"), "name", evidence["outlet"] or "Dealwire")
    for term in _terms(event):
        _add(entry, "category", term=term)
    quoted = heard(evidence["text"], evidence["outlet"], evidence["language"], language)
    said = f"{quoted}, {event['date']}. {words(language)['deal'].format(deal=event['deal_id'])}"
    _add(entry, "content", said, type="text")


def _terms(event: dict[str, Any]) -> Sequence[str]:
    return [event["kind"], event["type"], event["status"], *event["companies"], *event["chips"]]


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
