"""The chain by ``dag.test()``: Airflow's own way of running a DAG in one process, over an empty database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from pipeline.inbox import inbox_of, prepare
from pipeline.settings import Settings
from warehouse.db import connect_snapshot

pytestmark = pytest.mark.slow
STORY = {
    "id": "wire-1", "title": "Amazon to invest $10 billion in OpenAI", "lang": "en", "published": "2026-03-03",
    "text": "Amazon said on Tuesday it will invest $10 billion in OpenAI. OpenAI will use Trainium chips.",
}  # fmt: skip
CHAIN = ("inbox", "extract", "load", "alerts")
# Tables first, then the DAGs as the scheduler would know them: events of assets need both.
RUN = """
import importlib, json, sys
from airflow.cli.commands.dag_command import dag_reserialize
from airflow.cli.cli_parser import get_parser
from airflow.utils.db import initdb
initdb()
dag_reserialize(get_parser().parse_args(["dags", "reserialize"]))
for name in sys.argv[1:]:
    run = getattr(importlib.import_module(f"dags.{name}"), name)().test()
    print("RUN", json.dumps([name, run.state, {one.task_id: one.state for one in run.get_task_instances()}]))
from airflow.models.asset import AssetEvent, AssetModel
from airflow.utils.session import create_session
with create_session() as session:
    pairs = session.query(AssetModel.name, AssetEvent.extra).join(AssetEvent, AssetEvent.asset_id == AssetModel.id)
    print("EVENTS", json.dumps({name: extra for name, extra in pairs}))
"""


def test_the_chain_runs_in_one_process(tmp_path):
    settings = Settings(home=tmp_path / "data")
    prepare(inbox_of(settings))
    claimed = inbox_of(settings) / "claimed" / "00000000-story.jsonl"
    claimed.write_text(json.dumps(STORY), "utf-8")
    root = Path(__file__).parents[2]
    environment = {
        **os.environ, "AIRFLOW_HOME": str(tmp_path / "airflow"), "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "DEALWIRE_HOME": str(settings.home),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", RUN, *CHAIN], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("RUN ", "EVENTS "))]
    runs = {name: (state, tasks) for kind, text in told if kind == "RUN" for name, state, tasks in [json.loads(text)]}
    assert runs == {
        "inbox": ("success", {"take_in": "success"}),
        "extract": ("success", {"waiting": "success", "read": "success"}),
        "load": ("success", {"write": "success"}),
        "alerts": ("success", {"send": "skipped"}),  # there are no rules
    }
    events = json.loads(told[-1][1])
    assert events["raw_articles"]["batches"] == events["readings"]["batches"] == events["ledger"]["batches"]
    with connect_snapshot(settings.snapshot) as con:
        assert con.execute("SELECT deal_id, usd FROM deals").fetchall() == [(events["ledger"]["deal_ids"][0], 1e10)]
