"""Processes to be killed: ``python -m benchmarks.reliability.work`` forks one for each line of work on its input.

All imports are done before, so that a fresh process costs milliseconds and whatever time it is killed at, it is killed
at work. A line is a JSON object: ``do`` (load, publish), ``home``, and ``limit_bytes``, beyond which no file can grow.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import models.reader  # noqa: F401 - else each process imports it anew
from benchmarks.reliability.newsroom import NOW
from pipeline.session import open_ledger
from pipeline.settings import Settings
from pipeline.stages import load_batches
from warehouse.publish import publish
from warehouse.reference import read_reference

ERROR, READY = "error.txt", "ready"


def load(home: Path) -> None:
    """Load what waits, check, publish: what ``load`` does under the scheduler."""
    load_batches(Settings(home=home), NOW)


def publish_over_and_over(home: Path) -> None:
    """Write a row and publish, until killed or refused."""
    settings = Settings(home=home)
    with open_ledger(settings) as store:
        for number in count():
            store.log_run(f"{os.getpid()}-{number}", "publish", "ok", datetime.now(UTC))
            publish(store.con, settings.snapshot, settings.keep_snapshots)
            if number == 0:
                print(READY, flush=True)


WORK = {"load": load, "publish": publish_over_and_over}


def _work(order: dict[str, Any]) -> None:
    print(os.getpid(), flush=True)
    home = Path(order["home"])
    if order.get("limit_bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit_bytes"], resource.RLIM_INFINITY))
    try:
        WORK[order["do"]](home)
    except Exception as error:
        (home / ERROR).write_text(f"{type(error).__name__}: {error}")
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Take orders until the input ends; each says its process number, and then it is said how it ended."""
    read_reference()  # and parses the files of knowledge
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _work(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
