"""The whole run over the sample newsroom, over HTTP and with the real reader: once, again, and after a correction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest

from pipeline.demo import Newsroom
from pipeline.report import LABELS, RunReport
from pipeline.run import run_once
from pipeline.settings import Settings
from pipeline.sources import load_sources
from warehouse.db import connect_snapshot

pytestmark = pytest.mark.slow
KEPT_BY_A_RUN = {"fetch_log", "feed_state", "run_log"}


@dataclass
class Told:
    """What a run reported, and how many rows each table had after it."""

    report: RunReport
    rows: dict[str, int]


class Watcher:
    def __init__(self):
        self.stages, self.steps = [], 0

    def start(self, stage, total):
        self.stages.append(stage)

    def step(self, count=1):
        self.steps += count


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def watcher():
    return Watcher()


@pytest.fixture(scope="module")
def runs(home, watcher) -> list[Told]:
    """Revision 1, revision 1 again, revision 2: at one address, as a publisher would."""
    told, port = [], 0
    settings = Settings(home=home, allow_private=True, host_delay_s=0)
    for revision in (1, 1, 2):
        with Newsroom(port, revision) as newsroom:
            port = urlsplit(newsroom.base_url).port
            newsroom.write_sources(home / "sources")
            catalog = load_sources(home / "sources")
            report = run_once(settings, sources=catalog.sources, force=True, progress=watcher)
        with connect_snapshot(settings.snapshot) as con:
            tables = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
            count = {name: con.execute(f'FROM "{name}"').to_arrow_table().num_rows for name in tables}
        told.append(Told(report, count))
    return told


@pytest.fixture
def con(home, runs):
    with connect_snapshot(Settings(home=home).snapshot) as con:
        yield con


def test_every_article_is_read_and_the_ledger_is_sound(runs):
    first = runs[0].report
    served = len(Newsroom().articles)
    assert first.counts["articles_new"] == first.counts["documents"] == served
    assert first.counts["pages_ok"] + first.counts["from_feed"] == served
    assert first.counts.get("unread", 0) == 0
    assert (first.checks, first.failed) == ({}, False)
    assert first.counts["deals"] > 20
    assert runs[0].rows["articles"] == served
    assert runs[0].rows["observations"] == first.counts["observations"]


def test_all_seven_languages_are_read_natively(con):
    read = con.execute("SELECT DISTINCT lang FROM readings WHERE relevant AND error IS NULL").fetchall()
    assert {lang for (lang,) in read} >= {"ja", "en", "zh", "ko", "de", "fr", "es"}
    stated = con.execute("SELECT DISTINCT lang FROM observations").fetchall()
    assert {lang for (lang,) in stated} >= {"ja", "en", "zh", "ko", "de", "fr", "es"}


def test_dead_feeds_are_rows_and_problems_not_exceptions(con, runs):
    health = {row[0]: row[1:] for row in con.execute(
        "SELECT source_id, health, last_state, failures FROM feed_health WHERE health <> 'silent'"
    ).fetchall()}  # fmt: skip
    assert health["cable-courier"] == ("failing", "gone", 3)
    assert health["wellen-ticker"] == ("failing", "server_error", 3)
    assert health["faro-economico"][:2] == ("moved", "not_modified")
    assert {problem.source_id for problem in runs[0].report.problems} == {"cable-courier", "wellen-ticker"}
    assert all("410" in str(p) or "503" in str(p) for p in runs[0].report.problems)


def test_a_second_run_adds_no_row_and_says_why(runs):
    first, second = runs[0], runs[1]
    changed = {name for name, count in second.rows.items() if count != first.rows[name]}
    assert changed <= KEPT_BY_A_RUN
    assert second.report.added == 0
    assert second.report.counts["feeds_not_modified"] == 9
    assert "documents" not in second.report.counts
    first_row = second.report.as_rows()[0]
    assert (first_row["what"], first_row["count"]) == ("not modified since the last poll", 9)


def test_a_correction_makes_exactly_one_new_version(con, runs):
    third = runs[2].report
    assert (third.counts["versions_new"], third.counts["articles_new"]) == (1, 0)
    assert third.counts["items_changed"] == third.counts["documents"] == 1
    assert runs[2].rows["articles"] == runs[1].rows["articles"] + 1
    versions = con.execute(
        "SELECT any_value(url), count(*) FROM articles GROUP BY article_id HAVING count(*) > 1"
    ).fetchall()
    ((url, number),) = versions
    assert "/gazette-du-canal/" in url
    assert number == 2
    replaced = con.execute(
        "SELECT DISTINCT superseded_reason FROM observations WHERE superseded_by IS NOT NULL"
    ).fetchall()
    assert replaced == [("corrected article",)]


def test_a_syndicated_article_points_at_its_original(con):
    copy = con.execute(
        "SELECT original.source_id FROM articles "
        "JOIN articles AS original ON original.article_id = articles.duplicate_of "
        "WHERE articles.source_id = 'stackwire'"
    ).fetchall()
    assert copy == [("harbour-ledger",)]


def test_article_ids_do_not_depend_on_the_port(con):
    ids = [row[0] for row in con.execute("SELECT DISTINCT article_id FROM articles").fetchall()]
    assert all(name.startswith("127.0.0.1-") for name in ids)


def test_every_claim_shows_the_words_that_say_so(con):
    wrong = con.execute(
        "SELECT count(*) FROM observations JOIN articles USING (version_id) "
        "WHERE substring(title || chr(10) || text, evidence_start + 1, evidence_end - evidence_start) <> evidence"
    ).fetchone()
    assert wrong == (0,)


def test_runs_and_requests_are_logged(con, runs):
    assert con.execute("SELECT kind, state FROM run_log ORDER BY started_at").fetchall() == [("run", "ok")] * 3
    feeds, pages = con.execute(
        "SELECT count(*) FILTER (kind = 'feed'), count(*) FILTER (kind = 'page') FROM fetch_log"
    ).fetchone()
    assert (feeds, pages) == (33, sum(told.report.counts.get("pages_ok", 0) for told in runs))
    assert con.execute("SELECT sum(items) FROM fetch_log WHERE kind = 'feed'").fetchone()[0] == sum(
        told.report.counts["items"] for told in runs
    )


def test_the_report_is_whole(runs, watcher):
    report = runs[0].report
    told = report.to_json()
    assert told["counts"] == report.counts
    assert {row["stage"] for row in report.as_rows()} <= {stage for stage, _ in LABELS.values()}
    shown = sum(row["count"] for row in report.as_rows())
    assert shown == sum(report.counts.values()) + sum(report.skipped.values())
    assert set(report.seconds) == {"feeds", "pages", "read", "load", "check", "publish"}
    assert watcher.stages[:3] == ["feeds", "pages", "read"]
    assert watcher.steps >= 11 + 2 * report.counts["documents"]


def test_the_snapshot_is_read_only(con):
    with pytest.raises(duckdb.Error, match="read-only"):
        con.execute("DELETE FROM deals")
