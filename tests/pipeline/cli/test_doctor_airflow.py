"""Doctor where Airflow drives: what the health page and Airflow's tables say, and the inbox."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.cli.doctor_airflow import DAGS, POOL, airflow, inbox
from pipeline.inbox import claim, inbox_of, prepare
from pipeline.settings import Settings

GOOD = {
    "config lint": "No issues found in your airflow.cfg. It is ready for Airflow 3!",
    "pools list": json.dumps([{"pool": "default_pool", "slots": "128"}, {"pool": POOL, "slots": "1"}]),
    "dags list": "a library's warning\n" + json.dumps([{"dag_id": name, "is_paused": "False"} for name in DAGS]),
    "dags list-import-errors": "No data found",
}
HEALTHY = {part: {"status": "healthy"} for part in ("scheduler", "triggerer", "dag_processor")}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


@contextmanager
def api_server(monkeypatch, told) -> Iterator[None]:
    """Something that answers as the health page does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("AIRFLOW__API__BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/")
        yield
        server.shutdown()
        thread.join()


def found(settings, told=GOOD):
    def command(words):
        answer = told[" ".join(words[:2])]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return {finding.check: finding for finding in airflow(settings, command, installed="3.3.2")}


LOOKED = ("airflow", "airflow health", "airflow settings", "airflow pool", "airflow dags")


def test_all_is_well(settings, monkeypatch):
    with api_server(monkeypatch, HEALTHY):
        looked = found(settings)
    assert {check: finding.state for check, finding in looked.items()} == dict.fromkeys(LOOKED, "ok")


def test_the_dags_looked_for_are_those_of_the_folder():
    folder = Path(__file__).parents[3] / "dags"
    assert {path.stem for path in folder.glob("*.py") if "@dag(" in path.read_text("utf-8")} == DAGS


def test_a_component_that_is_down_is_named(settings, monkeypatch):
    with api_server(monkeypatch, {**HEALTHY, "triggerer": {"status": None}}):
        health = found(settings)["airflow health"]
    assert (health.state, health.found) == ("error", "triggerer missing")


def test_an_api_server_that_is_away_is_a_warning(settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    health = found(settings)["airflow health"]
    assert health.state == "warning"
    assert "http://127.0.0.1:1 does not answer" in health.found


@pytest.mark.parametrize(
    ("command", "told", "check", "state", "said"),
    [
        ("pools list", "[]", "airflow pool", "error", "dealwire_ledger: missing"),
        ("pools list", f'[{{"pool": "{POOL}", "slots": "4"}}]', "airflow pool", "error", "4 slots"),
        (
            "dags list", '[{"dag_id": "load", "is_paused": "False"}]', "airflow dags", "error",
            "missing: alerts, backfill, digest, extract, inbox, ingest, maintenance",
        ),
        (
            "dags list", json.dumps([{"dag_id": name, "is_paused": str(name == "load")} for name in DAGS]),
            "airflow dags", "warning", "paused: load",
        ),
        (
            "dags list-import-errors", json.dumps([{"filepath": "load.py", "error": "Trace\n  File\nNameError: no"}]),
            "airflow imports", "error", "load.py: NameError: no",
        ),
        (
            "config lint", "Found issues in your airflow.cfg:\n  - `a` was removed.\n  - `b` moved.\n\nPlease",
            "airflow settings", "warning", "`a` was removed. (and 1 more)",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(settings, monkeypatch, command, told, check, state, said):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    finding = found(settings, GOOD | {command: told})[check]
    assert finding.state == state
    assert said in finding.found
    assert finding.hint


@pytest.mark.parametrize("trouble", [ValueError("airflow pools: ValidationError"), '[{"name": "odd"}]', "[{"])
def test_a_command_that_fails_hides_no_other(settings, monkeypatch, trouble):
    with api_server(monkeypatch, HEALTHY):
        looked = found(settings, GOOD | {"pools list": trouble})
    states = {check: finding.state for check, finding in looked.items()}
    assert states == dict.fromkeys(LOOKED, "ok") | {"airflow pool": "error"}
    assert looked["airflow pool"].hint


def test_an_airflow_that_was_never_set_up_is_not_touched(settings, monkeypatch):
    for name in ("AIRFLOW_HOME", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    last = list(airflow(settings, None, installed="3.3.2"))[-1]
    assert (last.check, last.state, last.hint) == ("airflow tables", "warning", "make airflow sets it up")
    assert list(settings.home.iterdir()) == []


def test_an_airflow_without_a_database_is_told(settings, monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    looked = found(settings, dict.fromkeys(GOOD, ValueError("airflow pools list: no such table: slot_pool")))
    assert [finding.state for finding in looked.values()] == ["ok", "warning", "error", "error", "error", "error"]
    assert "no such table" in looked["airflow pool"].found


def test_the_inbox_tells_what_waits_and_who_may_not_write(settings, monkeypatch):
    assert [finding.found for finding in inbox(settings)] == ["none yet; the first run of Airflow makes it"]
    folder = inbox_of(settings)
    prepare(folder)
    (folder / "a.txt").write_text("x", "utf-8")
    claim(folder, settled_s=-60)
    (folder / "rejected" / "b.txt.reason.txt").write_text("x", "utf-8")
    first, batches = inbox(settings)
    assert (first.state, batches.state) == ("ok", "ok")
    assert first.found.endswith("files claimed: 1, rejected: 1")
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "rejected")
    assert next(iter(inbox(settings))).found == f"{folder / 'rejected'} cannot be written"


def test_a_batch_that_nobody_reads_is_a_warning(settings):
    prepare(inbox_of(settings))
    path = settings.home / "batches" / "raw" / "feeds-0001.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("", "utf-8")
    past = time.time() - 7200
    os.utime(path, (past, past))
    *_, batches = inbox(settings)
    assert (batches.state, batches.found) == ("warning", "1 wait to be read, 0 to be loaded; 1 since an hour ago")
