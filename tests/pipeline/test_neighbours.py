"""What grouping is shown of the ledger suffices: with all deals before it, it decides the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.claim_rows import claim_from, claim_row
from pipeline.group import KnownDeal, group
from pipeline.ledger import record_outcome, regroup
from tests.pipeline.group.drawn import claims_of_few_companies
from warehouse.migrate import migrate
from warehouse.store import Store

NOW = datetime(2027, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def store():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    return Store(con)


@pytest.fixture
def take(store):
    """Groups claims with the ledger and records what comes of it."""

    def run(claims):
        claims = [replace(claim, seen_at=NOW) for claim in claims]
        store.append("observations", [claim_row(claim, NOW, None, None) for claim in claims])
        regrouped = regroup(store, claims, (), NOW.date())
        record_outcome(store, regrouped, NOW)
        return regrouped.outcome

    return run


def _clear(store):
    for table in ("observations", "decisions", "deals", "deal_versions", "deal_events", "deal_parties", "deal_amounts",
                  "deal_compute"):  # fmt: skip
        store.con.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above


def _whole_ledger(store):
    """Every deal with all its claims."""
    deals = {row[0]: row for row in store.con.execute("SELECT deal_id, thread_id, parent_id FROM deals").fetchall()}
    claims = defaultdict(list)
    for row in store.rows("standing_claims_of", company_ids=["amazon", "openai", "nvidia", "oracle", "microsoft"]):
        if row["deal_id"] is not None:
            claims[row["deal_id"]].append(claim_from(row))
    return [KnownDeal(name, tuple(held), (), *deals[name][1:]) for name, held in sorted(claims.items())]


def _decided(outcome):
    """All of an outcome but how many deals were looked at."""
    decisions = {(d.claim_id, d.action, d.deal_id, d.event) for d in outcome.decisions}
    deals = {(deal.id, frozenset(claim.id for claim in deal.claims), deal.events, deal.thread_id, deal.parent_id)
             for deal in outcome.deals}  # fmt: skip
    return decisions, deals, dict(outcome.merged), outcome.withdrawn


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=claims_of_few_companies(), news=st.integers(1, 5))
def test_the_neighbours_decide_as_the_whole_ledger_does(store, take, claims, news):
    _clear(store)
    take(claims[:-news])
    known = _whole_ledger(store)
    taken = {row[0] for row in store.con.execute("SELECT deal_id FROM deals").fetchall()}
    expected = group(claims[-news:], known, NOW.date(), taken)
    assert _decided(take(claims[-news:])) == _decided(expected)
