"""Airflow itself on loopback: a file dropped into the inbox is a deal of the snapshot, by events alone; and feeds."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from dags.local import LocalAirflow
from pipeline.demo import Newsroom
from pipeline.inbox import inbox_of, prepare
from pipeline.settings import Settings

pytestmark = pytest.mark.slow
WITHIN_S = 600.0  # how long a broken chain is waited for; what a sound one takes is printed
STORY = {
    "id": "wire-1",
    "title": "Amazon to invest $10 billion in OpenAI",
    "text": "Amazon said on Tuesday it will invest $10 billion in OpenAI. OpenAI will use Trainium chips.",
    "lang": "en",
    "published": "2026-03-03",
}


class Place:
    """Airflow running, over a folder of data that is empty at first and a newsroom that it may fetch from."""

    def __init__(self, airflow: LocalAirflow, settings: Settings) -> None:
        self.airflow, self.settings = airflow, settings

    def wait(self, what: str, found: Callable[[], Any]) -> Any:
        """What ``found`` returns once it is true; fails when a component dies, or after a long time, with the logs."""
        until = time.monotonic() + WITHIN_S
        while not (result := found()):
            assert not self.airflow.died(), self.tails()
            assert time.monotonic() < until, f"{what}: not after {WITHIN_S:.0f} s\n{self.tails()}"
            time.sleep(0.1)  # a poll of the state that the other processes make
        return result

    def tails(self) -> str:
        logs = sorted(self.airflow.home.rglob("logs/**/*"))
        return "\n".join(f"--- {path}\n{path.read_text(errors='replace')[-3000:]}" for path in logs if path.is_file())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not self.settings.snapshot.exists():
            return []
        with duckdb.connect(str(self.settings.snapshot), read_only=True) as con:
            return con.execute(sql).fetchall()

    def spent(self, since: datetime) -> str:
        """Where the seconds went: of each task queued since then, how long it waited for its process, and ran."""
        sql = (
            "SELECT dag_id || '.' || task_id, 86400 * (julianday(start_date) - julianday(queued_dttm)), "
            "86400 * (julianday(end_date) - julianday(start_date)) FROM task_instance "
            "WHERE queued_dttm >= ? AND start_date IS NOT NULL AND end_date IS NOT NULL ORDER BY queued_dttm"
        )
        with closing(sqlite3.connect(self.airflow.home / "airflow.db")) as con:
            rows = con.execute(sql, [since.strftime("%Y-%m-%d %H:%M:%S")]).fetchall()
        return ", ".join(f"{name} {waited:.1f} + {ran:.1f}" for name, waited, ran in rows)

    def drop(self, name: str, text: str) -> None:
        part = inbox_of(self.settings) / f"{name}.part"
        part.write_text(text, "utf-8")
        part.rename(part.with_suffix(""))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("airflow")
    with Newsroom() as newsroom:
        newsroom.write_sources(home / "sources")
        data = Settings(home=home / "data", sources_dir=home / "sources", allow_private=True, host_delay_s=0)
        prepare(inbox_of(data))
        environment = {
            "DEALWIRE_HOME": str(data.home), "DEALWIRE_SOURCES_DIR": str(home / "sources"),
            "DEALWIRE_ALLOW_PRIVATE": "1", "DEALWIRE_HOST_DELAY_S": "0",
        }  # fmt: skip
        with LocalAirflow(home / "af", settings=environment) as airflow:
            yield Place(airflow, data)


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
        print(f"\nfrom drop to timeline: {seconds:.1f} s ({deals[0][0]}), {load}; {place.spent(moment)}")
    taken = {path.name[9:] for path in (inbox_of(place.settings) / "taken").iterdir()}
    assert taken == {"first.jsonl", "story.jsonl"}


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
