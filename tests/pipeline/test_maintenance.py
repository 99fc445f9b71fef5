"""Maintenance: only what is done with and old enough goes; the ledger shrinks under the lock; sick feeds are named."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetch import RawStore
from pipeline.inbox import inbox_of, prepare
from pipeline.maintenance import compact_ledger, prune_files, prune_logs, sick_feeds
from pipeline.session import open_ledger
from pipeline.settings import Settings
from pipeline.stages import batches_of
from warehouse.db import connect_snapshot
from warehouse.migrate import migrate
from warehouse.store import FeedState

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, keep_raw_days=90, keep_files_days=30, keep_log_days=400)


def file(path, days):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x" * 100, "utf-8")
    past = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (past, past))
    return path


@pytest.fixture
def aged(settings):
    """One file just within its time and one just beyond it, of each kind; and old ones that still wait."""
    prepare(inbox_of(settings))
    raw = [RawStore(settings.raw_dir).path(f"{n:064x}") for n in (1, 2)]
    kept = [
        file(raw[0], 89), file(settings.home / "batches" / "done" / "feeds-0001.jsonl", 29),
        file(inbox_of(settings) / "taken" / "1-a.txt", 29), file(inbox_of(settings) / "rejected" / "1-a.txt", 29),
        file(settings.home / "batches" / "raw" / "feeds-0003.jsonl", 1000),
        file(settings.home / "batches" / "readings" / "feeds-0004.jsonl", 1000),
        file(inbox_of(settings) / "claimed" / "1-b.txt", 1000), file(inbox_of(settings) / "dropped.txt", 1000),
        file(settings.home / "batches" / "raw" / ".feeds-0005.jsonl.1.part", 0),
    ]  # fmt: skip
    gone = [
        file(raw[1], 91), file(settings.home / "batches" / "done" / "feeds-0002.jsonl", 31),
        file(inbox_of(settings) / "taken" / "2-a.txt", 31), file(inbox_of(settings) / "rejected" / "2-a.txt", 31),
        file(inbox_of(settings) / "rejected" / "2-a.txt.reason.txt", 31),
        file(settings.raw_dir / "ab" / ".part-x", 2),
        file(settings.home / "batches" / "raw" / ".feeds-0006.jsonl.1.part", 2),
    ]  # fmt: skip
    return kept, gone


def test_what_is_old_and_done_with_goes_and_nothing_else(settings, aged):
    kept, gone = aged
    counted = prune_files(settings, NOW, dry_run=True)
    assert all(path.exists() for path in [*kept, *gone])
    pruned = prune_files(settings, NOW)
    assert pruned == counted
    assert sum(item.count for item in pruned) == len(gone)
    assert sum(item.bytes for item in pruned) == 100 * len(gone)
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)
    assert batches_of(settings).unread() == ["feeds-0003"]
    assert sum(item.count for item in prune_files(settings, NOW)) == 0


def requests(*days, source="wire", state="ok"):
    return [
        {"source_id": source, "url": f"https://{source}.example/{n}", "kind": "feed", "state": state,
         "fetched_at": NOW - timedelta(days=age)} for n, age in enumerate(days)
    ]  # fmt: skip


def test_old_requests_and_runs_are_forgotten(settings):
    with open_ledger(settings) as store:
        migrate(store.con)
        store.log_fetches(requests(399, 401, 500))
        for run, days in (("old", 401), ("new", 1)):
            store.log_run(run, "run", "ok", NOW - timedelta(days=days))
    assert [(item.what, item.count) for item in prune_logs(settings, NOW)] == [("requests", 2), ("runs", 1)]
    with open_ledger(settings) as store:
        assert store.con.execute("SELECT run_id FROM run_log").fetchall() == [("new",)]
        assert store.con.execute("SELECT count(*) FROM fetch_log").fetchone() == (1,)


def test_a_compacted_ledger_is_published_and_holds_what_it_held(settings):
    with open_ledger(settings) as store:
        migrate(store.con)
        store.log_fetches(
            requests(*(n % 20_000 for n in range(100_000)))
        )  # some megabytes: the file grows by blocks of 256 KiB
        store.con.execute("CHECKPOINT")
        store.con.execute("DELETE FROM fetch_log WHERE fetched_at < $1", [NOW - timedelta(days=100)])
    done = compact_ledger(settings, always=True)
    assert done.what == "ledger"
    assert done.bytes > 0
    with connect_snapshot(settings.snapshot) as con:
        assert con.execute("SELECT count(*) FROM fetch_log").fetchone() == (505,)


def test_sick_feeds_are_named_worst_first(settings):
    with open_ledger(settings) as store:
        migrate(store.con)
        store.log_fetches(requests(0))
        states = [
            ("good", "ok", 0, 1),
            ("failing", "timeout", 2, 1),
            ("dead", "not_found", 9, 1),
            ("silent", "ok", 0, 30),
        ]
        store.save_feed_states(
            FeedState(f"https://{name}.example/feed", name, last_state=state, failures=failures,
                      last_item_at=NOW - timedelta(days=days)) for name, state, failures, days in states
        )  # fmt: skip
    compact_ledger(settings)
    assert [feed["source_id"] for feed in sick_feeds(settings)] == ["dead", "failing", "silent"]
    assert json.dumps(sick_feeds(settings), default=str)
