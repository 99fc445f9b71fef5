"""A ledger with a few deals of several companies, statuses and chips."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from models.facts import Compute, Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from warehouse.migrate import migrate
from warehouse.reference import read_companies, sync_reference
from warehouse.store import Store

DEALS = [
    ("2025-12-17", "equity_investment", "in_talks", {"amazon": "investor", "openai": "investee"}, 10e9, (), None),
    ("2026-02-24", "chip_supply", "announced", {"amd": "provider", "meta": "customer"}, 60e9, ("amd-mi450",), 6.0),
    ("2026-03-01", "compute_contract", "completed", {"google-cloud": "provider", "anthropic": "customer"}, 30e9,
     ("google-tpu",), None),
    ("2026-03-02", "equity_investment", "ended", {"disney": "investor", "openai": "investee"}, 1e9, (), None),
    ("2026-03-03", "acquisition", "announced", {"meta": "acquirer", "~智能体": "target"}, 2e9, (), None),
]  # fmt: skip


@pytest.fixture(scope="session")
def con():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    store = Store(con)
    sync_reference(store)
    for number, (day, kind, status, parties, amount, chips, gigawatts) in enumerate(DEALS):
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
        url = f"https://example.org/{number}"
        article = Article(f"a{number}", f"a{number}@1", "wire", url, "So it was said.", "B", "en", moment, moment)
        deal = Deal(
            kind, status, tuple(Party(*party) for party in parties.items()), DealAmount(amount, "USD", "exact"), chips,
            Compute(gigawatts, None) if gigawatts else None, Span(0, 5), 0.9,
        )  # fmt: skip
        reading = Reading(article.id, "en", True, deals=(deal,), model="m1")
        load_batch(store, [article], [link(reading, article, read_companies(), 2)], moment)
    return con


@pytest.fixture(scope="session")
def empty():
    con = duckdb.connect()
    migrate(con)
    return con
