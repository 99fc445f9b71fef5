"""The last thirty days in numbers, as a digest's charts show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from pipeline.digest.money import in_currency
from pipeline.digest.phrases import Phrasebook
from pipeline.plain import one_line
from warehouse import sql

DAYS = 30
MOST_COMPANIES = 8


@dataclass(frozen=True, slots=True)
class CompanySum:
    """A company's deals with news in the period: plain units of the reader's currency, by how firm they are."""

    name: str
    agreed: float
    in_talks: float


@dataclass(frozen=True, slots=True)
class Activity:
    """``events`` counts by day and status, from ``first`` to ``last``; ``sums`` come largest first, in ``currency``."""

    first: date
    last: date
    events: tuple[tuple[date, str, int], ...]
    sums: tuple[CompanySum, ...]
    currency: str


def activity(ledger: duckdb.DuckDBPyConnection, until: datetime, book: Phrasebook, currency: str) -> Activity | None:
    """The thirty days up to the latest event known at ``until``; None where the ledger knows of none.

    Sums are given in US dollars where no rate for ``currency`` is known.
    """
    rows = sql.run(ledger, "events_by_day", until=until, days=DAYS)
    if not rows:
        return None
    last = rows[0]["last_on"]
    first = last - timedelta(days=DAYS - 1)
    rate = in_currency(1.0, currency, last)
    sums = tuple(
        CompanySum(
            one_line(book.company(row["name"], row["aliases"]), 40),
            row["usd_agreed"] * (rate or 1.0),
            row["usd_in_talks"] * (rate or 1.0),
        )
        for row in sql.run(ledger, "sums_by_company", first=first, last=last, most=MOST_COMPANIES)
    )
    events = tuple((row["day"], row["status"], row["events"]) for row in rows)
    return Activity(first, last, events, sums, currency if rate else "USD")
