"""DAG ``ingest``: every ten minutes, the due feeds and the pages of their new entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from dags.assets import RAW_ARTICLES
from dags.wiring import EVERY_DAG, told

SEVERAL = 3  # feeds that fail at once: one alone may be dead, which `feed_health` tells


@dag(
    schedule="*/10 * * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    params={
        "groups": Param(4, type="integer", minimum=1, maximum=64, description="Tasks that fetch side by side."),
        "force": Param(False, type="boolean", description="Ask feeds that are not due yet, too."),
    },
    doc_md=__doc__,
    **EVERY_DAG,
)
def ingest() -> None:
    """Fetch what is new into batch files and announce them."""

    @task(execution_timeout=timedelta(minutes=2), doc_md="Lists of sources; those that share a host stand together.")
    def plan(params: dict[str, Any]) -> list[list[str]]:
        from pipeline.settings import read_settings
        from pipeline.stages import source_groups

        with told():
            return source_groups(read_settings(), params["groups"])

    @task(
        outlets=[RAW_ARTICLES],
        execution_timeout=timedelta(minutes=30),
        doc_md="Asks the due feeds of some sources; their new articles become batch files. Skipped if nothing is new, "
        "failed (without another try: the next run asks again) if none of several feeds answers.",
    )
    def fetch(sources: list[str], params: dict[str, Any], outlet_events: Any) -> list[str]:
        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

        from pipeline.settings import read_settings
        from pipeline.stages import fetch_sources

        with told():
            report = fetch_sources(read_settings(), sources, force=params["force"])
        for problem in report.problems:
            print(problem)
        if report.failed and len(report.problems) >= SEVERAL:
            raise AirflowFailException(
                f"none of {len(report.problems)} feeds answered: {report.problems[0]} (is the network there?)"
            )
        if not report.batches:
            raise AirflowSkipException(f"nothing new: {dict(report.counts)}")
        outlet_events[RAW_ARTICLES].extra = {"batches": list(report.batches), **report.counts}
        return list(report.batches)

    fetch.expand(sources=plan())


ingest()
