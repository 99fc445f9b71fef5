"""DAG ``extract``: reads the batches that have come in, one task a batch, so that workers share them."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.assets import RAW_ARTICLES, READINGS
from dags.wiring import EVERY_DAG, batches_in, told

ORPHANED_S = 1800.0  # a batch that has waited so long has lost its event
MOST = 1000  # batches of one run; Airflow maps over 1,024 at most, and the next run takes what is left

READERS = int(os.environ.get("DEALWIRE_READERS", "0")) or None  # batches read at once; no limit of ours by default


@dag(
    schedule=[RAW_ARTICLES],
    max_active_runs=4,
    doc_md=__doc__,
    **EVERY_DAG,
)
def extract() -> None:
    """Read batches of articles into batches of readings."""

    @task(
        execution_timeout=timedelta(minutes=2),
        doc_md="The batches that the events name, and older ones that were left; all that wait, if started by hand.",
    )
    def waiting(triggering_asset_events: Any) -> list[str]:
        from pipeline.settings import read_settings
        from pipeline.stages import batches_of

        with told():
            batches = batches_of(read_settings())
            named = set(batches_in(triggering_asset_events))
            left = batches.unread(aged_s=ORPHANED_S if named else 0)
            return [batch for batch in batches.unread() if batch in named or batch in left][:MOST]

    @task(
        outlets=[READINGS],
        map_index_template="{{ task.op_kwargs['batch'] }}",
        max_active_tis_per_dag=READERS,
        execution_timeout=timedelta(hours=1),
        doc_md="Reads the articles of a batch: companies, sums, chips, deals. Writes to no database.",
    )
    def read(batch: str, outlet_events: Any) -> str:
        from pipeline.settings import read_settings
        from pipeline.stages import read_batch

        with told():
            report = read_batch(read_settings(), batch)
        for problem in report.problems:
            print(problem)
        outlet_events[READINGS].extra = {"batches": [batch], **report.counts}
        return batch

    read.expand(batch=waiting())


extract()
