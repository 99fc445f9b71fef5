"""DAG ``load``: links, groups and loads what was read, checks the ledger and publishes the snapshot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.assets import LEDGER, READINGS
from dags.wiring import EVERY_DAG, LEDGER_POOL, told


@dag(
    schedule=[READINGS],
    max_active_runs=1,
    doc_md=__doc__,
    **EVERY_DAG,
)
def load() -> None:
    """Write deals into the ledger; the only DAG that does. ``ingest`` writes there too, but only what it fetched."""

    @task(
        outlets=[LEDGER],
        pool=LEDGER_POOL,
        execution_timeout=timedelta(hours=1),
        doc_md="Loads every batch of readings that waits, in the pool of one slot. Running it again adds nothing.",
    )
    def write(outlet_events: Any) -> str:
        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline.settings import read_settings
        from pipeline.stages import batches_of, load_batches

        with told():
            settings = read_settings()
            if not batches_of(settings).unloaded():  # a run before this one took them all
                raise AirflowSkipException("no batch of readings waits")
            report, run = load_batches(settings)
        for problem in report.problems:
            print(problem)
        outlet_events[LEDGER].extra = {
            "batches": list(report.batches), "run_id": run.run_id, "deal_ids": list(run.deal_ids), **report.counts
        }  # fmt: skip
        return run.run_id

    write()


load()
