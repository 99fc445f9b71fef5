"""What all DAGs share: owner, retries by kind of error, the line that a failure logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
LEDGER_POOL = "dealwire_ledger"  # one slot: DuckDB has one writing process
TAGS = ["dealwire"]


def log_failure(context: Any) -> None:
    """One structured line for a task that has failed for good, for whoever collects the logs."""
    from pipeline.logging import logger

    task, error = context["task_instance"], context.get("exception")
    logger().error(
        "task_failed", dag=task.dag_id, task=task.task_id, map_index=task.map_index, run=task.run_id,
        tries=task.try_number, error=str(error),
    )  # fmt: skip


DEFAULTS: dict[str, Any] = {
    "owner": "dealwire",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "on_failure_callback": log_failure,
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
