"""The DAG files: they import cleanly and lightly, say what they are, and the assets lead one way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from airflow.sdk import DAG, Asset
from airflow.sdk.exceptions import AirflowException, AirflowFailException, ParamValidationError

from dags import extract, ingest, load
from dags import inbox as inbox_dag
from dags.assets import INBOX_FILES, LEDGER, RAW_ARTICLES, READINGS
from dags.triggers import InboxTrigger
from dags.wiring import LEDGER_POOL, batches_in, told
from pipeline.errors import ConfigError
from pipeline.inbox import claim, prepare, waiting
from warehouse.errors import LedgerBusyError

HEAVY = ("spacy", "transformers", "onnxruntime", "trafilatura", "duckdb", "pyarrow", "numpy", "pipeline", "torch")
FILES = sorted(path.stem for path in Path(ingest.__file__).parent.glob("*.py") if path.stem != "__init__")


def dag_of(module) -> DAG:
    return getattr(module, module.__name__.rpartition(".")[2])()


DAGS = {module.__name__.rpartition(".")[2]: dag_of(module) for module in (ingest, extract, load, inbox_dag)}


@pytest.mark.parametrize("name", [name for name in FILES if name != "local"])
def test_a_file_imports_without_warnings_and_nothing_heavy(name):
    script = (
        "import sys, warnings, airflow.sdk, airflow.triggers.base\n"
        "before = set(sys.modules)\nwarnings.simplefilter('error')\n"
        f"import dags.{name}\n"
        f"print([heavy for heavy in {HEAVY} if heavy in set(sys.modules) - before])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("[]")


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


def test_assets_lead_from_dag_to_dag_and_never_back():
    starts = {name: assets_of(dag) for name, dag in DAGS.items()}
    assert starts == {
        "ingest": set(), "inbox": {INBOX_FILES.name}, "extract": {RAW_ARTICLES.name}, "load": {READINGS.name},
    }  # fmt: skip
    outlets = {
        name: {outlet.name for task in dag.tasks for outlet in task.outlets if isinstance(outlet, Asset)}
        for name, dag in DAGS.items()
    }
    assert outlets == {
        "ingest": {RAW_ARTICLES.name}, "inbox": {RAW_ARTICLES.name}, "extract": {READINGS.name}, "load": {LEDGER.name},
    }  # fmt: skip


def test_only_the_load_writes_deals_and_in_the_pool_of_one_slot():
    assert {task.task_id for task in DAGS["load"].tasks if task.pool == LEDGER_POOL} == {"write"}
    assert DAGS["load"].max_active_runs == 1


@pytest.mark.parametrize("wrong", [{"groups": 0}, {"groups": 65}, {"groups": "many"}, {"force": "perhaps"}])
def test_a_parameter_out_of_range_is_refused(wrong):
    dag = dag_of(ingest)
    name, value = next(iter(wrong.items()))
    with pytest.raises(ParamValidationError, match=name):
        dag.params[name] = value


def test_errors_say_whether_to_try_again():
    with pytest.raises(AirflowFailException, match=r"^the key is wrong \(mend it\)$"), told():
        raise ConfigError("the key is wrong", "mend it")
    with pytest.raises(AirflowException, match="process 7 has it") as caught, told():
        raise LedgerBusyError("process 7 has it")
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
