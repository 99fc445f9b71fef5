"""DAG `digest`: every ten minutes, the digests that are due to readers at their own local time.

One task serves the readers of one local time and zone. Each issue is written once, however often a task runs. One whose
hour is long past (Airflow was away) is left to the reader's next issue, which tells the same news, unless the parameter
`late` says otherwise; so runs for past intervals mail nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from dags.wiring import EVERY_DAG, told


@dag(
    schedule="*/10 * * * *",
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=3),
    params={"late": Param(False, type="boolean", description="Mail issues whose hour is long past, too.")},
    doc_md=__doc__,
    **EVERY_DAG,
)
def digest() -> None:
    """Find the groups of readers, and mail each."""

    @task(
        execution_timeout=timedelta(minutes=5),
        doc_md="Groups of readers to whom an issue is due, by local time and zone; or what waits for a mail server.",
    )
    def groups(params: dict[str, Any]) -> list[str]:
        from datetime import UTC, datetime

        from airflow.sdk.exceptions import AirflowSkipException

        from pipeline.settings import read_settings
        from pipeline.subscriptions import read_subscriptions
        from pipeline.subscriptions.groups import groups_due

        with told():
            settings = read_settings()
            if not settings.snapshot.is_file():
                raise AirflowSkipException("nothing published yet")
            book = read_subscriptions(settings.subscriptions)
            for problem in book.problems:
                print(problem)
            due = groups_due(settings.outbox, book.subscriptions, datetime.now(UTC), late=params["late"])
        if not due:
            raise AirflowSkipException(f"no digest is due to the {len(book.subscriptions)} subscriptions")
        return due

    @task(
        map_index_template="{{ task.op_kwargs['readers'] }}",
        max_active_tis_per_dagrun=1,  # one process sends at a time; the others would only wait for it
        execution_timeout=timedelta(hours=1),
        doc_md="Writes the issues that are due to a group, and sends all mail that waits. What a server puts off, "
        "another try sends; what it refuses for good, or cannot be written, fails the task after the others went out.",
    )
    def send(readers: str) -> dict[str, int]:
        from datetime import UTC, datetime

        from airflow.sdk.exceptions import AirflowException, AirflowFailException

        from dags.mail_server import mail_settings
        from pipeline.settings import read_settings
        from pipeline.subscriptions import read_subscriptions, send_digests
        from pipeline.subscriptions.groups import group_of

        with told():
            settings = read_settings()
            book = read_subscriptions(settings.subscriptions)
            mine = [subscription for subscription in book.subscriptions if group_of(subscription) == readers]
            report = send_digests(settings, mail_settings(), mine, datetime.now(UTC), wait_s=300)
        delivery = report.delivery
        problems = [*report.problems, *delivery.problems]
        for problem in problems:
            print(problem)
        if report.problems or delivery.failed:
            raise AirflowFailException(f"{problems[0]} ({len(problems)} problems in all)")
        if delivery.waiting:
            raise AirflowException(f"{len(delivery.waiting)} letters wait: {problems[0]}")
        return {
            "written": len(report.written), "quiet": len(report.quiet), "sent": len(delivery.sent),
            "written_before": len(report.written_before),
        }  # fmt: skip

    send.expand(readers=groups())


digest()
