"""A message as a JSON object: what a webhook gets, and what a mail is written from. See ``alert.schema.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from pipeline.alerts.events import Event
from pipeline.alerts.rules import Rule
from pipeline.alerts.state import Message
from pipeline.alerts.words import sentences
from pipeline.digest.build import shortened, web_address
from pipeline.plain import one_line

VERSION = 1
TYPE = "dealwire.alert"
_LONGEST_TITLE = 500


def message_of(con: duckdb.DuckDBPyConnection, rule: Rule, events: Sequence[Event], released_at: datetime) -> Message:
    """The message that tells these events (one at least). Its id follows from rule and events alone, so that a target
    knows it again."""
    told = "|".join([rule.name, *sorted(event.id for event in events)])
    message_id = f"alert_{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    said = sentences(con, events, rule.language)
    content = {
        "version": VERSION,
        "type": TYPE,
        "id": message_id,
        "timestamp": released_at.isoformat(),
        "data": {
            "rule": rule.name,
            "language": rule.language,
            "events": [event_json(event, sentence) for event, sentence in zip(events, said, strict=True)],
        },
    }
    return Message(message_id, rule.name, released_at, content)


def event_json(event: Event, sentence: str) -> dict[str, Any]:
    """One event for programs; strangers' text in it is without control characters and marks of direction."""
    amount = {"value": event.amount, "currency": event.currency, "bound": event.bound, "usd": event.usd}
    return {
        "id": event.id, "kind": event.kind, "sentence": sentence, "deal_id": one_line(event.deal_id),
        "type": event.type, "status": event.status, "previous_status": event.previous_status,
        "date": event.on.isoformat(),
        "amount": amount if event.amount is not None else None, "previous_usd": event.previous_usd,
        "companies": [one_line(name) for name in event.company_ids], "chips": list(event.chips),
        "sources": event.sources, "languages": [code for code in event.languages if code],
        "evidence": {
            "text": shortened(event.evidence), "language": event.lang, "outlet": one_line(event.source),
            "tier": event.tier, "attribution": event.attribution, "title": one_line(event.title, _LONGEST_TITLE),
            "url": web_address(event.url),
        },
        "recorded_at": event.recorded_at.isoformat(),
    }  # fmt: skip
