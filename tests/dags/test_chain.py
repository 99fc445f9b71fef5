"""Airflow itself on loopback: a file dropped into the inbox is a deal of the snapshot, by events alone; and feeds."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from pipeline.demo import Newsroom
from pipeline.inbox import inbox_of

pytestmark = pytest.mark.slow
STORY = {
    "id": "wire-1",
    "title": "Amazon to invest $10 billion in OpenAI",
    "text": "Amazon said on Tuesday it will invest $10 billion in OpenAI. OpenAI will use Trainium chips.",
    "lang": "en",
    "published": "2026-03-03",
}


def spent(place, since: datetime) -> str:
    """Where the seconds went: of each task queued since then, how long it waited for its process, and ran."""
    sql = (
        "SELECT dag_id || '.' || task_id, 86400 * (julianday(start_date) - julianday(queued_dttm)), "
        "86400 * (julianday(end_date) - julianday(start_date)) FROM task_instance "
        "WHERE queued_dttm >= ? AND start_date IS NOT NULL AND end_date IS NOT NULL ORDER BY queued_dttm"
    )
    with closing(sqlite3.connect(place.airflow.home / "airflow.db")) as con:
        rows = con.execute(sql, [since.strftime("%Y-%m-%d %H:%M:%S")]).fetchall()
    return ", ".join(f"{name} {waited:.1f} + {ran:.1f}" for name, waited, ran in rows)


def test_the_newsroom_is_fetched_read_and_loaded_on_schedule(place):
    expected = len(Newsroom().articles)
    place.wait("the newsroom's articles", lambda: place.rows("SELECT 1 FROM articles")[expected - 1 :])
    assert place.rows("SELECT count(*) FROM deals")[0][0] > 5


def test_a_dropped_file_is_on_the_timeline_within_seconds(place, capsys):
    # The first file also waits for the watcher to be registered; the second shows what an operator sees.
    place.drop("first.jsonl", json.dumps({**STORY, "id": "wire-0", "title": "Amazon in talks on OpenAI stake"}))
    place.wait("the first file", lambda: place.rows("SELECT 1 FROM articles WHERE title LIKE '%OpenAI stake'"))
    started, moment = time.monotonic(), datetime.now(UTC)
    place.drop("story.jsonl", json.dumps(STORY))
    sql = (
        "SELECT d.deal_id FROM decisions d JOIN observations USING (observation_id) JOIN articles a USING (version_id) "
        "WHERE a.title LIKE 'Amazon to invest $10 billion%' AND a.source_id = 'inbox' AND d.deal_id IS NOT NULL"
    )
    deals = place.wait("the dropped story's deal", lambda: place.rows(sql))
    seconds = time.monotonic() - started
    with capsys.disabled():
        load = f"{os.cpu_count()} cores at load {os.getloadavg()[0]:.1f}"
        print(f"\nfrom drop to timeline: {seconds:.1f} s ({deals[0][0]}), {load}; {spent(place, moment)}")
    taken = {path.name[9:] for path in (inbox_of(place.settings) / "taken").iterdir()}
    assert taken == {"first.jsonl", "story.jsonl"}


def test_events_of_assets_tell_counts_and_batches(place):
    events = place.ask("assets/events?limit=100")[1]["asset_events"]
    told = {name: [e["extra"] for e in events if e["name"] == name] for name in ("raw_articles", "readings", "ledger")}
    assert all({"batches", "files", "refused"} <= extra.keys() for extra in told["raw_articles"] if "files" in extra)
    assert any({"batches", "feeds_ok", "articles"} <= extra.keys() for extra in told["raw_articles"])
    assert all({"batches", "documents"} <= extra.keys() for extra in told["readings"])
    assert any({"batches", "run_id", "deal_ids", "articles_new"} <= extra.keys() for extra in told["ledger"])


def test_metrics_leave_by_airflows_own_settings(place, collector):
    for name in (b"airflow.scheduler_heartbeat", b"airflow.task.duration", b"airflow.triggers.running"):
        place.wait(f"the metric {name!r}", lambda name=name: any(name in body for body in collector.taken))


def test_doctor_finds_nothing_wrong(place):
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "doctor", "--json"],
        env=place.airflow.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = {row["check"]: row for row in json.loads(done.stdout)}
    looked = ("airflow", "airflow health", "airflow settings", "airflow pool", "airflow dags", "inbox", "batches")
    assert {check: found[check]["state"] for check in looked} == dict.fromkeys(looked, "ok")
    assert "airflow imports" not in found  # which tells of a file that cannot be imported


def test_a_bad_file_is_rejected_with_its_reason(place):
    place.drop("broken.jsonl", "{no json\n")
    rejected = inbox_of(place.settings) / "rejected"
    reason: Path = place.wait("a reason", lambda: list(rejected.glob("*-broken.jsonl.reason.txt")))[0]
    assert "line 1: not JSON" in reason.read_text("utf-8")
    place.wait("the file beside it", lambda: list(rejected.glob("*-broken.jsonl")))
