"""Doctor where Airflow drives: what the health page and Airflow's tables say, and the inbox."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipeline.cli.doctor_airflow import ASSETS, POOL, airflow, inbox
from pipeline.inbox import claim, inbox_of, prepare
from pipeline.settings import Settings

GOOD = {
    ("pools", "list"): [{"pool": "default_pool", "slots": "128"}, {"pool": POOL, "slots": "1"}],
    ("assets", "list"): [{"name": name} for name in ASSETS],
    ("dags", "list-import-errors"): [],
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


def found(settings, **tables):
    answers = GOOD | {tuple(key.split("_")): rows for key, rows in tables.items()}
    return {finding.check: finding for finding in airflow(settings, answers.__getitem__, installed="3.3.2")}


def test_all_is_well(settings, monkeypatch):
    with api_server(monkeypatch, HEALTHY):
        looked = found(settings)
    assert {check: finding.state for check, finding in looked.items()} == dict.fromkeys(
        ("airflow", "airflow health", "airflow pool", "airflow assets"), "ok"
    )


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
    ("tables", "check", "said"),
    [
        ({"pools_list": []}, "airflow pool", "dealwire_ledger: missing"),
        ({"pools_list": [{"pool": POOL, "slots": "4"}]}, "airflow pool", "4 slots"),
        ({"assets_list": [{"name": "ledger"}]}, "airflow assets", "missing: inbox_files, raw_articles, readings"),
        (
            {"dags_list-import-errors": [{"filepath": "load.py", "error": "Traceback\n  File\nNameError: no"}]},
            "airflow dags", "load.py: NameError: no",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_tables_is_named(settings, monkeypatch, tables, check, said):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    finding = found(settings, **tables)[check]
    assert finding.state == "error"
    assert said in finding.found
    assert finding.hint


def test_an_airflow_that_was_never_set_up_is_not_touched(settings, monkeypatch):
    for name in ("AIRFLOW_HOME", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    last = list(airflow(settings, None, installed="3.3.2"))[-1]
    assert (last.check, last.state, last.hint) == ("airflow tables", "warning", "make airflow sets it up")
    assert list(settings.home.iterdir()) == []


def test_an_airflow_without_a_database_is_told(settings, monkeypatch):
    def no_database(words):
        raise ValueError(f"airflow {' '.join(words)}: no such table: slot_pool")

    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:1")
    last = list(airflow(settings, no_database, installed="3.3.2"))[-1]
    assert (last.check, last.state) == ("airflow tables", "error")
    assert "no such table" in last.found


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
