"""DAG ``maintenance``: each night, what has been kept long enough goes, the ledger shrinks, and sick feeds are named.

How long things are kept say `DEALWIRE_KEEP_RAW_DAYS`, `DEALWIRE_KEEP_FILES_DAYS`, `DEALWIRE_KEEP_LOG_DAYS` and
`DEALWIRE_KEEP_SNAPSHOTS`. Articles, claims, deals and whatever waits to be read or loaded are never deleted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from dags.wiring import EVERY_DAG, LEDGER_POOL, told


@dag(
    schedule="17 3 * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=4),
    params={
        "dry_run": Param(False, type="boolean", description="Only count the files that would go."),
        "compact": Param(False, type="boolean", description="Write the ledger's file anew even for a small gain."),
    },
    doc_md=__doc__,
    **EVERY_DAG,
)
def maintenance() -> None:
    """Prune, compact, report."""

    @task(
        execution_timeout=timedelta(hours=1),
        doc_md="Deletes old raw bodies, loaded batches, and files of the inbox that are done with.",
    )
    def prune_files(params: dict[str, Any]) -> dict[str, int]:
        from pipeline.maintenance import prune_files as prune
        from pipeline.settings import read_settings

        with told():
            pruned = prune(read_settings(), dry_run=params["dry_run"])
        return {item.what: item.count for item in pruned}

    @task(
        pool=LEDGER_POOL,
        execution_timeout=timedelta(hours=2),
        doc_md="Deletes old rows of `fetch_log` and `run_log`, writes the file anew if that pays, publishes it.",
    )
    def compact(params: dict[str, Any]) -> dict[str, int]:
        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline.maintenance import compact_ledger, prune_logs
        from pipeline.settings import read_settings

        with told():
            settings = read_settings()
            if params["dry_run"] or not settings.has_ledger:
                raise AirflowSkipException("a dry run" if params["dry_run"] else "no ledger yet")
            pruned = [*prune_logs(settings), compact_ledger(settings, always=params["compact"])]
        return {item.what: item.bytes or item.count for item in pruned}

    @task(
        trigger_rule="none_failed",
        execution_timeout=timedelta(minutes=5),
        doc_md="Names the feeds that are dead, failing, moved or silent, a line each; returns how many of each.",
    )
    def feed_health() -> dict[str, int]:
        from collections import Counter

        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline.maintenance import sick_feeds
        from pipeline.settings import read_settings

        with told():
            settings = read_settings()
            if not settings.snapshot.is_file():
                raise AirflowSkipException("nothing published yet")
            sick = sick_feeds(settings)
        for feed in sick:
            print("{health}: {source_id}: {feed_url}: {failures} failures, {last_error}".format(**feed))
        return dict(Counter(feed["health"] for feed in sick))

    prune_files() >> compact() >> feed_health()


maintenance()
