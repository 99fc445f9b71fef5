"""DAG ``inbox``: takes in the files that were dropped into the inbox, within seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.assets import INBOX_FILES, RAW_ARTICLES
from dags.wiring import EVERY_DAG, told


@dag(
    schedule=[INBOX_FILES],
    max_active_runs=1,
    doc_md=__doc__,
    **EVERY_DAG,
)
def inbox() -> None:
    """Make batches of the claimed files."""

    @task(
        outlets=[RAW_ARTICLES],
        execution_timeout=timedelta(minutes=15),
        doc_md="All claimed files, whether their event has come or was lost. Bad ones go to `rejected`, with reasons.",
    )
    def take_in(outlet_events: Any) -> list[str]:
        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline import inbox as files
        from pipeline.settings import read_settings

        with told():
            settings = read_settings()
            names = files.waiting(files.inbox_of(settings))
            batches, refused = files.take_in(settings, names)
        for reason in refused:
            print(f"refused: {reason}")
        if not batches:
            raise AirflowSkipException(f"{len(names)} files, no article to read: {refused[:3]}")
        outlet_events[RAW_ARTICLES].extra = {"batches": batches, "files": len(names), "refused": len(refused)}
        return batches

    take_in()


inbox()
