"""What a rule can tell of: events of deals, sums that came to be contested, first reports in a language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse import sql


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news. ``id`` stays when the ledger redates the event or proves it better.

    ``kind`` is that of the view ``timeline`` (new, status, reopened, amount, conflict), or ``contested`` (a sum that
    stands against the settled one, which ``previous_usd`` then is) or ``first_report`` (in the language ``lang``).
    ``party_ids`` holds the companies and their topmost parents, ``company_ids`` the companies alone. Times are UTC.
    """

    id: str
    kind: str
    recorded_at: datetime
    deal_id: str
    type: str
    status: str
    previous_status: str | None
    on: date
    amount: float | None
    currency: str | None
    bound: str | None
    usd: float | None
    previous_usd: float | None
    chips: tuple[str, ...]
    company_ids: tuple[str, ...]
    party_ids: tuple[str, ...]
    sources: int
    languages: tuple[str, ...]
    evidence: str
    lang: str | None
    attribution: str
    tier: int
    source: str
    title: str | None
    url: str | None


def events_after(con: duckdb.DuckDBPyConnection, since: datetime | None) -> list[Event]:
    """What the ledger stands by and first recorded after ``since`` (None: ever), in the order of recording."""
    return _events(con, since, None)


def events_named(con: duckdb.DuckDBPyConnection, ids: Collection[str]) -> list[Event]:
    """Those of the events that the ledger still stands by, as it tells them now."""
    return _events(con, None, list(ids))


def _events(con: duckdb.DuckDBPyConnection, since: datetime | None, ids: list[str] | None) -> list[Event]:
    return [_event(row) for row in sql.run(con, "alert_events", since=since, ids=ids)]


def _event(row: dict[str, Any]) -> Event:
    told: dict[str, Any] = {}
    for field in fields(Event):
        value = row[field.name]
        told[field.name] = tuple(value) if isinstance(value, list) else value
    return Event(**told)
