"""DAG `alerts`: after each load, what the ledger has learnt goes to those whose rules ask for it.

Every ten minutes it runs as well: rules hold alerts back in quiet hours and while they throttle, and a server that did
not take a message is asked again.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from dags.assets import LEDGER
from dags.wiring import EVERY_DAG, told


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/10 * * * *", timezone="UTC"), assets=[LEDGER]),
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    doc_md=__doc__,
    **EVERY_DAG,
)
def alerts() -> None:
    """Tell what is new."""

    @task(
        execution_timeout=timedelta(minutes=15),
        doc_md="Sends what rules of `alerts.toml` find in the snapshot, each event once a rule and target. Fails, "
        "without another try (the next run asks again), where a rule is wrong or a target did not take a message.",
    )
    def send() -> dict[str, int]:
        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

        from dags.mail_server import mail_settings
        from pipeline.alerts import send_alerts
        from pipeline.settings import read_settings

        with told():
            settings = read_settings()
            if not settings.snapshot.is_file():
                raise AirflowSkipException("nothing published yet")
            report = send_alerts(settings, mail=mail_settings)
        for problem in report.problems:
            print(problem)
        if report.problems:
            raise AirflowFailException(f"{report.problems[0]} ({len(report.problems)} problems in all)")
        if not report.rules:
            raise AirflowSkipException(f"no rules in {settings.alerts}")
        return {"found": report.found, "held": report.held, "sent": report.sent, "waiting": report.waiting}

    send()


alerts()
