"""A letter: a message on its way to one recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be sent, frozen: every try sends the same bytes.

    ``series`` and ``period`` say which letter it is (``digest/daily`` and ``2026-04-02``; ``alert/<rule>`` and what it
    alerts to); a recipient gets one of each. ``body`` is the whole message with CRLF line ends; without it nothing is
    sent, yet the period is done with. ``covers_from`` and ``covers_until`` say what part of the ledger's history a
    digest tells (UTC), ``changes`` how many changes are in it.
    """

    message_id: str
    recipient: str
    series: str
    period: str
    sender: str
    subject: str
    body: bytes | None
    covers_from: datetime | None = None
    covers_until: datetime | None = None
    changes: int = 0


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter of the outbox that is to be sent. ``doubts`` counts tries that a server may have taken unsaid,
    ``error`` is what went wrong last."""

    letter: Letter
    body: bytes
    created_at: datetime
    doubts: int = 0
    error: str = ""
