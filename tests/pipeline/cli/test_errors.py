"""Errors end in a message, a hint and an exit status; a traceback is for those who ask."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = "duckdb feedparser httpx langdetect lxml numpy onnxruntime pyarrow pydantic spacy trafilatura transformers"


def test_a_start_imports_nothing_heavy():
    script = "import sys, pipeline.cli; print(*(m for m in sys.argv[1:] if m in sys.modules))"
    found = subprocess.run([sys.executable, "-c", script, *HEAVY.split()], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_version(empty):
    answer = empty.program("--version")
    assert (answer.status, answer.out) == (0, "dealwire 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["timeline"], "no snapshot has been published", "dealwire run"),
        (["db", "check"], "there is no ledger here", "dealwire db migrate"),
        (["db", "publish"], "there is no ledger here", "DEALWIRE_HOME"),
        (["run", "--source", "heis"], "no source has the id 'heis'", "heise"),
        (["sources", "import", "absent.opml"], "absent.opml", ""),
        (["eval", "absent.jsonl"], "absent.jsonl", "JSON object a line"),
    ],
)
def test_wrong_use_is_status_2(empty, arguments, message, hint):
    answer = empty.program(*arguments)
    assert answer.status == 2
    assert answer.out == ""
    words = " ".join(answer.err.split())
    assert message in words
    assert hint in words
    assert "Traceback" not in words


def test_usage_is_status_2(empty):
    assert empty.program("no-such-command").status == 2
    assert empty.program("timeline", "--limit", "none").status == 2


def test_a_wrong_setting_names_its_variable(empty):
    answer = empty.program("doctor", DEALWIRE_CONCURRENCY="many")
    assert answer.status == 2
    assert "DEALWIRE_CONCURRENCY" in answer.err
    assert "many" not in answer.err


def test_debug_shows_the_traceback(empty):
    answer = empty.program("--debug", "timeline")
    assert answer.status == 1
    assert "SnapshotMissingError" in answer.err
    assert "Traceback" in answer.err


def test_a_home_that_is_a_file(empty, tmp_path):
    (tmp_path / "home").write_text("")
    answer = empty.program("db", "migrate")
    assert answer.status == 2
    assert "not a folder" in answer.err


def test_a_home_that_cannot_be_made(empty, tmp_path):
    (tmp_path / "file").write_text("")
    empty.env["DEALWIRE_HOME"] = str(tmp_path / "file" / "home")
    answer = empty.program("db", "migrate")
    assert answer.status == 1
    assert "Not a directory" in answer.err
    assert "who may use it" in " ".join(answer.err.split())


def test_a_reader_that_stops_early_is_no_error(dealwire):
    script = f"{dealwire.command} query 'FROM range(200000)' --format csv | head -1"
    found = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=dealwire.variables(), check=False
    )
    assert found.stdout == "range\n"
    assert found.stderr == ""


def test_a_busy_ledger_is_status_1_and_names_the_process(empty, tmp_path, monkeypatch):
    import os

    from warehouse import db

    assert empty("db", "migrate").status == 0
    con = db.connect_writer(tmp_path / "home" / "ledger.duckdb")
    try:
        found = empty.program("doctor", "--json")
        assert f"process {os.getpid()}" in found.out
    finally:
        con.close()


def test_what_is_piped_has_no_colour_and_no_progress(dealwire):
    answer = dealwire.program("timeline")
    assert "\x1b" not in answer.out + answer.err
