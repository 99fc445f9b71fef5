"""Rows in and out: keys upheld without a constraint, states remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from warehouse.errors import QueryError, WarehouseError
from warehouse.migrate import migrate
from warehouse.store import FeedState, Store

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def store():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    return Store(con)


def _fetch(url="https://a/feed", at=NOW, **more):
    return {"source_id": "a", "url": url, "kind": "feed", "state": "ok", "fetched_at": at, **more}


def test_appending_a_key_twice_keeps_the_first(store):
    assert store.log_fetches([_fetch(error="first"), _fetch(error="again")]) == 1
    assert store.log_fetches([_fetch(error="later"), _fetch(at=NOW + timedelta(seconds=1), error="")]) == 1
    assert store.con.execute("SELECT error FROM fetch_log ORDER BY fetched_at").fetchall() == [("first",), ("",)]
    assert store.log_fetches([]) == 0


def test_an_arrow_table_is_appended_as_rows_are(store):
    rows = [_fetch(), _fetch(), _fetch(at=NOW + timedelta(seconds=1))]
    batch = pa.Table.from_pylist(rows)
    assert (store.log_fetches(batch), store.log_fetches(batch)) == (2, 0)
    assert store.insert("fetch_log", batch) == 3
    assert store.con.execute("SELECT count(*), count(DISTINCT fetched_at) FROM fetch_log").fetchone() == (5, 2)


def test_updating_sets_what_is_told_where_the_key_is(store):
    store.save_feed_states([FeedState("https://a/feed", "a", etag='"1"'), FeedState("https://b/feed", "b")])
    told = [{"feed_url": f"https://{name}/feed", "failures": 3} for name in ("a", "c")]
    assert store.update("feed_state", told) == 1
    assert store.feed_states() == {
        "https://a/feed": FeedState("https://a/feed", "a", etag='"1"', failures=3),
        "https://b/feed": FeedState("https://b/feed", "b"),
    }
    assert store.update("feed_state", []) == 0


def test_feed_states_are_remembered_and_replaced(store):
    state = FeedState("https://a/feed", "a", etag='"1"', next_poll_at=NOW, failures=2)
    other = FeedState("https://b/feed", "b")
    store.save_feed_states([state, other])
    store.save_feed_states([replace(state, etag=None, failures=0)])
    assert store.feed_states() == {"https://a/feed": replace(state, etag=None, failures=0), "https://b/feed": other}


def test_sources_are_synced_but_not_those_articles_come_from(store):
    def source(name):
        return {"source_id": name, "name": name.upper(), "tier": 1, "feeds": ["x"]}

    store.sync_sources([source("a"), source("b")])
    article = {
        "version_id": "v", "article_id": "x", "source_id": "a", "url": "u", "title": "", "text": "", "precision": "day",
        "published_from": "feed", "seen_at": NOW, "text_from": "feed", "recorded_at": NOW,
    }  # fmt: skip
    store.append("articles", [article])
    store.sync_sources([source("c")])
    assert store.con.execute("SELECT source_id FROM sources ORDER BY 1").fetchall() == [("a",), ("c",)]
    assert store.known_article_ids(["x", "y"]) == {"x"}
    assert store.known_article_ids() == {"x"}
    assert store.known_urls(["u", "w"]) == {"u"}


def test_runs_are_rewritten_under_their_id(store):
    store.log_run("r1", "run", "running", NOW)
    store.log_run("r1", "run", "ok", NOW, NOW + timedelta(seconds=3), counts={"articles": 7})
    assert store.con.execute("SELECT state, counts FROM run_log").fetchall() == [("ok", '{"articles": 7}')]


def test_what_duckdb_refuses_in_a_transaction_is_explained(store):
    def write():
        with store.transaction():
            store.log_fetches([_fetch()])
            store.con.execute("INSERT INTO run_log (run_id) VALUES (NULL)")

    with pytest.raises(WarehouseError, match="NOT NULL") as caught:
        write()
    assert caught.value.hint
    assert store.con.execute("SELECT count(*) FROM fetch_log").fetchone() == (0,)


def test_a_failing_transaction_leaves_nothing(store):
    def fail_half_way():
        with store.transaction():
            store.log_fetches([_fetch()])
            store.rows("deal_claims", wrong="parameter")

    with pytest.raises(QueryError):
        fail_half_way()
    assert store.con.execute("SELECT count(*) FROM fetch_log").fetchone() == (0,)
