"""The DAG files: they import cleanly and lightly, say what they are, and the assets lead one way."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from airflow.sdk import DAG, Asset
from airflow.sdk.exceptions import AirflowException, AirflowFailException, ParamValidationError

from dags import alerts, backfill, digest, extract, ingest, load, maintenance
from dags import inbox as inbox_dag
from dags.assets import INBOX_FILES, LEDGER, RAW_ARTICLES, READINGS
from dags.triggers import InboxTrigger
from dags.wiring import LEDGER_POOL, batches_in, told
from pipeline.errors import ConfigError
from pipeline.inbox import claim, prepare, waiting
from warehouse.errors import LedgerBusyError

HEAVY = {"spacy", "transformers", "onnxruntime", "trafilatura", "duckdb", "pyarrow", "numpy", "pipeline", "torch"}
FILES = sorted(path.stem for path in Path(ingest.__file__).parent.glob("*.py") if path.stem != "__init__")


def dag_of(module) -> DAG:
    return getattr(module, module.__name__.rpartition(".")[2])()


MODULES = (ingest, inbox_dag, extract, load, backfill, maintenance, digest, alerts)
DAGS = {module.__name__.rpartition(".")[2]: dag_of(module) for module in MODULES}


# One process imports Airflow; a fork of it each file, as if it were the first.
LOOK = """
import importlib, json, os, sys, time, warnings
import airflow.sdk, airflow.triggers.base
for name in sys.argv[1:]:
    if os.fork() == 0:
        warnings.simplefilter("error")
        before, start = set(sys.modules), time.process_time()
        importlib.import_module(f"dags.{name}")
        print(json.dumps([name, time.process_time() - start, sorted(set(sys.modules) - before)]), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(f"dags.{name} does not import")
"""


def test_files_import_quickly_without_warnings_and_nothing_heavy():
    names = [name for name in FILES if name != "local"]
    done = subprocess.run([sys.executable, "-c", LOOK, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    looked = {name: (seconds, modules) for name, seconds, modules in map(json.loads, done.stdout.splitlines())}
    assert list(looked) == names
    assert {name: found for name, (_, modules) in looked.items() if (found := HEAVY.intersection(modules))} == {}
    # Of processor time, beyond Airflow's own import: all that a parse of the file adds.
    assert {name: seconds for name, (seconds, _) in looked.items() if seconds >= 1} == {}


def test_every_dag_of_the_folder_is_looked_at():
    declaring = {path.stem for path in Path(ingest.__file__).parent.glob("*.py") if "@dag(" in path.read_text("utf-8")}
    assert declaring == set(DAGS)


@pytest.mark.parametrize("name", DAGS)
def test_a_dag_says_what_it_is(name):
    dag = DAGS[name]
    assert dag.dag_id == name
    assert dag.doc_md
    assert "dealwire" in dag.tags
    assert not dag.catchup
    assert dag.max_active_runs
    for task in dag.tasks:
        assert task.doc_md, task.task_id
        assert task.owner == "dealwire"
        assert task.retries >= 1  # a killed Celery worker's task comes back by a retry
        assert task.execution_timeout


def assets_of(dag: DAG) -> set[str]:
    """Names of the assets that start a DAG; none where the clock does."""
    condition = getattr(dag.timetable, "asset_condition", None)
    return {asset.name for asset in condition.objects} if condition else set()


STARTED_BY = {
    "ingest": set(), "inbox": {INBOX_FILES.name}, "extract": {RAW_ARTICLES.name}, "load": {READINGS.name},
    "backfill": set(), "maintenance": set(), "digest": set(), "alerts": {LEDGER.name},
}  # fmt: skip
ANNOUNCES = {
    "ingest": {RAW_ARTICLES.name}, "inbox": {RAW_ARTICLES.name}, "extract": {READINGS.name}, "load": {LEDGER.name},
    "backfill": {RAW_ARTICLES.name}, "maintenance": set(), "digest": set(), "alerts": set(),
}  # fmt: skip


def test_assets_lead_from_dag_to_dag():
    assert {name: assets_of(dag) for name, dag in DAGS.items()} == STARTED_BY
    outlets = {
        name: {outlet.name for task in dag.tasks for outlet in task.outlets if isinstance(outlet, Asset)}
        for name, dag in DAGS.items()
    }
    assert outlets == ANNOUNCES


def test_no_dag_starts_itself_through_others():
    followers = {
        name: {other for other, assets in STARTED_BY.items() if assets & announced}
        for name, announced in ANNOUNCES.items()
    }
    TopologicalSorter(followers).prepare()  # raises CycleError
    assert followers["inbox"] == {"extract"}


def test_the_clock_starts_what_no_event_starts():
    crons = {name: getattr(dag.timetable, "expression", None) for name, dag in DAGS.items()}
    assert {name: cron for name, cron in crons.items() if cron} == {
        "ingest": "*/10 * * * *", "maintenance": "17 3 * * *", "digest": "*/10 * * * *",
    }  # fmt: skip
    assert DAGS["alerts"].timetable.timetable.expression == "*/10 * * * *"  # and the ledger's events
    assert not DAGS["backfill"].timetable.can_be_scheduled


def test_what_holds_the_ledger_for_long_runs_in_the_pool_of_one_slot():
    pooled = {(name, task.task_id) for name, dag in DAGS.items() for task in dag.tasks if task.pool == LEDGER_POOL}
    assert pooled == {("load", "write"), ("maintenance", "compact")}
    assert DAGS["load"].max_active_runs == 1


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (ingest, "groups", 0), (ingest, "groups", 65), (ingest, "groups", "many"), (ingest, "force", "perhaps"),
        (backfill, "since", "last week"), (backfill, "limit", 0), (backfill, "sources", "heise"),
        (maintenance, "dry_run", "no"), (digest, "late", 1),
    ],
)  # fmt: skip
def test_a_parameter_out_of_range_is_refused(module, name, value):
    dag = dag_of(module)
    with pytest.raises(ParamValidationError, match=name):
        dag.params[name] = value


def test_errors_say_whether_to_try_again():
    with pytest.raises(AirflowFailException, match=r"^the key is wrong \(mend it\)$"), told():
        raise ConfigError("the key is wrong", "mend it")
    with pytest.raises(AirflowException, match="process 7 has it") as caught, told():
        raise LedgerBusyError("process 7 has it")
    with pytest.raises(AirflowException, match=r"No space left on device.*is the disk full"), told():
        raise OSError(28, "No space left on device")
    assert not isinstance(caught.value, AirflowFailException)


def test_batches_of_events_are_named_once_and_in_order():
    raw = [SimpleNamespace(extra={"batches": found}) for found in (["a", "b"], ["b", "c", 1], "x")]
    events = {"raw": raw, "other": [SimpleNamespace(extra={}), SimpleNamespace(extra=None)]}
    assert batches_in(events) == ["a", "b", "c"]
    assert batches_in(None) == []


def test_the_trigger_claims_what_is_dropped_and_announces_what_was_left(tmp_path):
    prepare(tmp_path)
    (tmp_path / "left.txt").write_text("left by a crash", "utf-8")
    left = claim(tmp_path, settled_s=-60)
    assert len(left) == 1

    async def first_two():
        path, arguments = InboxTrigger(str(tmp_path), poll_s=0.01).serialize()
        assert path == "dags.triggers.InboxTrigger"
        stream = InboxTrigger(**arguments).run()
        yield (await anext(stream)).payload
        (tmp_path / "new.txt").write_text("new", "utf-8")
        yield (await anext(stream)).payload
        await stream.aclose()

    async def collect():
        return [payload async for payload in first_two()]

    announced = asyncio.run(asyncio.wait_for(collect(), 30))
    assert announced[0] == {"files": left}
    assert [name[9:] for name in announced[1]["files"]] == ["new.txt"]
    assert len(waiting(tmp_path)) == 2
