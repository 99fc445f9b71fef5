"""What all DAGs share: owner, retries by kind of error, the line that a failure logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
LEDGER_POOL = "dealwire_ledger"  # one slot: DuckDB has one writing process
TAGS = ["dealwire"]


def tell_failure(context: Any) -> None:
    """One structured line for a task that has failed for good; and a mail, where ``DEALWIRE_OPERATOR`` names a reader.

    Never raises: Airflow would show the trouble of telling in place of what is told.
    """
    from dags.mail_server import mail_settings
    from pipeline.logging import logger
    from pipeline.mail.notice import send_notice
    from pipeline.settings import read_settings

    task, error = context["task_instance"], context.get("exception")
    about = {
        "dag": task.dag_id, "task": task.task_id, "map_index": task.map_index, "run": task.run_id,
        "tries": task.try_number, "error": str(error),
    }  # fmt: skip
    logger().error("task_failed", **about)
    try:
        settings = read_settings()
        if settings.operator:
            named = f"{task.dag_id}.{task.task_id}"
            lines = "\n".join(f"{name}: {value}" for name, value in about.items())
            told_of = f"{named}/{task.run_id}/{task.map_index}"
            send_notice(settings, mail_settings(), settings.operator, told_of, f"Dealwire: {named} failed", lines)
    except Exception as trouble:  # a setting, the server, whatever it is: the failure itself is logged above
        logger().error("operator_not_told", error=str(trouble))


DEFAULTS: dict[str, Any] = {
    "owner": "dealwire",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "on_failure_callback": tell_failure,
}


EVERY_DAG: dict[str, Any] = {"start_date": START, "catchup": False, "default_args": DEFAULTS, "tags": TAGS}


@contextmanager
def told() -> Iterator[None]:
    """Errors raised on purpose reach the UI as one sentence; those that a retry cannot mend end the task at once."""
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    from pipeline.errors import DealwireError
    from warehouse.errors import WarehouseError

    try:
        yield
    except (DealwireError, WarehouseError) as error:
        if error.retryable:
            raise AirflowException(str(error)) from error
        raise AirflowFailException(str(error)) from error
    except OSError as error:  # a full disk, a share that is away: somebody may mend it before the next try
        raise AirflowException(f"{error} (is the disk full, or DEALWIRE_HOME not to be written?)") from error


def batches_in(events: Any) -> list[str]:
    """The batch ids that triggering asset events name, each once, in order."""
    named = [batch for told_of in dict(events or {}).values() for event in told_of for batch in _named(event)]
    return list(dict.fromkeys(named))


def _named(event: Any) -> list[str]:
    found = (event.extra or {}).get("batches", [])
    return [batch for batch in found if isinstance(batch, str)] if isinstance(found, list) else []
