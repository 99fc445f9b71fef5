"""What an operator sees on Airflow's pages, which ask its API: what a DAG is, and what went wrong, in one sentence."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from pipeline.cli.doctor_airflow import DAGS

pytestmark = pytest.mark.slow
STORY = {
    "id": "wire-9", "title": "Microsoft to invest $7 billion in Mistral", "lang": "en", "published": "2026-03-04",
    "text": "Microsoft said on Wednesday it will invest $7 billion in Mistral.",
}  # fmt: skip


@pytest.mark.parametrize("dag", sorted(DAGS))
def test_a_dag_and_its_tasks_are_explained(place, dag):
    place.wait(f"the DAG {dag}", lambda: place.ask(f"dags/{dag}")[0] == 200)
    told = place.ask(f"dags/{dag}/details")[1]
    assert f"`{dag}`" in told["doc_md"]
    assert (told["owners"], [tag["name"] for tag in told["tags"]]) == (["dealwire"], ["dealwire"])
    assert told["max_active_runs"]
    tasks = place.ask(f"dags/{dag}/tasks")[1]["tasks"]
    assert tasks
    assert all(task["doc_md"] and task["execution_timeout"] for task in tasks)


@pytest.mark.parametrize(
    ("dag", "params", "said"),
    [
        ("ingest", {"groups": 0}, "groups: 0 is less than the minimum of 1"),
        ("ingest", {"groups": "many"}, "groups: 'many' is not of type 'integer'"),
        ("backfill", {"since": "2026-03-01"}, "until"),
        ("backfill", {"since": "last week", "until": "2026-03-01"}, "since: 'last week' is not a 'date'"),
    ],
)
def test_a_parameter_out_of_range_is_refused_before_a_run_is_made(place, dag, params, said):
    place.wait(f"the DAG {dag}", lambda: place.ask(f"dags/{dag}")[0] == 200)
    status, told = place.ask(f"dags/{dag}/dagRuns", {"logical_date": None, "conf": params})
    assert status in (400, 422)
    assert said in json.dumps(told), told


def test_what_a_run_cannot_know_before_it_starts_fails_its_task_at_once(place):
    place.start("backfill", since="2026-03-31", until="2026-03-01")
    assert "until 2026-03-01 is before since 2026-03-31" in place.failed("backfill", "choose")


def test_a_folder_of_sources_that_is_missing_is_named(place):
    folder = place.settings.sources_dir
    aside = folder.rename(folder.with_name("aside"))
    try:
        place.start("ingest")
        said = place.failed("ingest", "plan")
    finally:
        aside.rename(folder)
    assert f"{folder}" in said
    assert "DEALWIRE_SOURCES_DIR" in said


def test_a_dead_ledger_is_named_and_mailed_and_what_was_fetched_is_loaded_later(place):
    place.wait("a ledger", lambda: place.rows("SELECT 1 FROM articles"))
    ledger = place.settings.database
    aside = ledger.rename(ledger.with_suffix(".aside"))
    ledger.write_text("no database", "utf-8")
    try:
        place.drop("late.jsonl", json.dumps(STORY))
        said = place.failed("load", "write")
    finally:
        aside.replace(ledger)
    assert f"{ledger}" in said
    mails = [path.read_bytes() for path in (place.settings.home / "mail").glob("*.eml")]
    assert [str(ledger).encode() in mail for mail in mails if b"load.write failed" in mail] == [True]
    place.start("load")
    place.wait("the story", lambda: (STORY["title"],) in place.rows("SELECT title FROM articles"))
