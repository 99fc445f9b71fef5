"""DAG ``backfill``: started by hand, for a past range: read anew after a change of models or companies, or archives.

It only chooses and announces batches; `extract` and `load` treat them like any others. Runs that were broken off, or
that `limit` cut short, are followed by another with the same parameters: what is done is not chosen again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from dags.assets import RAW_ARTICLES
from dags.wiring import EVERY_DAG, told

_DAY = {"type": "string", "format": "date"}


@dag(
    schedule=None,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    params={
        "since": Param(**_DAY, description="First day of publication."),
        "until": Param(**_DAY, description="Last day of publication."),
        "sources": Param([], type="array", items={"type": "string"}, description="Ids of sources; none: all."),
        "archives": Param(
            [], type="array", items={"type": "string"},
            description="Paths of .warc or .warc.gz files, or of folders of them, as a worker sees them; "
            "none: what the ledger holds is read anew.",
        ),
        "limit": Param(2000, type="integer", minimum=1, maximum=20000, description="Articles of one run at most."),
    },
    doc_md=__doc__,
    **EVERY_DAG,
)  # fmt: skip
def backfill() -> None:
    """Choose what is to be read, and announce it."""

    @task(
        outlets=[RAW_ARTICLES],
        execution_timeout=timedelta(hours=5),
        doc_md="Puts the articles of the range into batches. The event tells how many `limit` has left out; skipped if "
        "nothing is to be read.",
    )
    def choose(params: dict[str, Any], outlet_events: Any) -> list[str]:
        from datetime import date
        from pathlib import Path

        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline.backfill import Past, plan
        from pipeline.settings import read_settings

        with told():
            days = date.fromisoformat(params["since"]), date.fromisoformat(params["until"])
            past = Past(*days, tuple(params["sources"]), tuple(map(Path, params["archives"])))
            report = plan(read_settings(), past, limit=params["limit"])
        for problem in report.problems:
            print(problem)
        if not report.batches:
            raise AirflowSkipException(f"nothing to read: {dict(report.counts)}")
        outlet_events[RAW_ARTICLES].extra = {"batches": list(report.batches), **report.counts}
        return list(report.batches)

    choose()


backfill()
