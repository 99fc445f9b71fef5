"""A ledger filled through the real linking and loading, from readings written by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from warehouse.migrate import migrate
from warehouse.reference import read_companies, sync_reference
from warehouse.store import Store

START = datetime(2026, 4, 1, 6, tzinfo=UTC)


@pytest.fixture
def store():
    return new_store()


@pytest.fixture
def tell(store):
    """``tell(day, type, status, {id: role}, …)`` loads an article with one deal; returns when it was recorded.

    ``corrects`` is the number of an article that this one is a new version of.
    """
    return teller(store)


@pytest.fixture
def fresh():
    """Makes an empty ledger and its ``tell``, for tests that need several."""

    def make():
        store = new_store()
        return store, teller(store)

    return make


def new_store():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    store = Store(con)
    sync_reference(store)
    return store


def teller(store):
    told = iter(range(1000))

    def tell(day, kind, status, parties, amount=None, currency="USD", bound="exact", *, said="So it was said.",
             url=None, source="wire", lang="en", tier=2, chips=(), hours=None, occurred=None,
             corrects=None):  # fmt: skip
        number = next(told)
        now = START + timedelta(hours=number if hours is None else hours)
        url = url or f"https://example.org/{number}"
        published = datetime.fromisoformat(day).replace(tzinfo=UTC)
        name = f"a{number}" if corrects is None else f"a{corrects}"
        article = Article(name, f"{name}@{number}", source, url, said, f"Body {number}.", lang, now, published)
        deal = Deal(
            kind, status, tuple(Party(*party) for party in parties.items()),
            DealAmount(amount, currency, bound) if amount else None, tuple(chips), None, Span(0, len(said)), 0.9,
            occurred,
        )  # fmt: skip
        linked = link(Reading(article.id, lang, True, deals=(deal,), model="m1"), article, read_companies(), tier)
        load_batch(store, [article], [linked], now)
        return now

    return tell
