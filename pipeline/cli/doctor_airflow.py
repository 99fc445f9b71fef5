"""What ``doctor`` looks at where Airflow drives Dealwire: inbox and batches, the components, pool, assets and DAGs.

Airflow is asked from outside, by its health page and its command line: this package never imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.finding import Finding

if TYPE_CHECKING:
    from pipeline.settings import Settings

POOL = "dealwire_ledger"
ASSETS = {"inbox_files", "raw_articles", "readings", "ledger"}
_PACKAGE = "apache-airflow"
_WAITS_S = 3600.0  # a batch that has waited so long has nobody who takes it
_TIMEOUT_S = 180.0

Command = Callable[[tuple[str, ...]], list[dict[str, Any]]]
_COMMANDS = (("pools", "list"), ("assets", "list"), ("dags", "list-import-errors"))


def inbox(settings: Settings) -> Iterator[Finding]:
    """Can files be dropped, and does somebody take them and the batches?"""
    from pipeline.inbox import inbox_of, waiting
    from pipeline.stages import batches_of

    folder = inbox_of(settings)
    if not folder.is_dir():
        yield Finding("inbox", "ok", "none yet; the first run of Airflow makes it")
        return
    closed = [path for path in (folder, *(folder / name for name in ("claimed", "taken", "rejected"))) if _closed(path)]
    if closed:
        yield Finding(
            "inbox", "error", f"{closed[0]} cannot be written", "give the user that runs Airflow the right to"
        )
    else:
        refused = len(list((folder / "rejected").glob("*.reason.txt")))
        told = f"files claimed: {len(waiting(folder))}, rejected: {refused}"
        yield Finding("inbox", "ok", f"{folder}: {told}")
    batches = batches_of(settings)
    unread, stale = len(batches.unread()), len(batches.unread(aged_s=_WAITS_S))
    told = f"{unread} wait to be read, {len(batches.unloaded())} to be loaded"
    hint = "run the DAG extract by hand, and look at its tasks" if stale else ""
    yield Finding(
        "batches", "warning" if stale else "ok", told + (f"; {stale} since an hour ago" if stale else ""), hint
    )


def airflow(settings: Settings, command: Command | None = None, installed: str | None = None) -> Iterator[Finding]:
    """Nothing but a word where Airflow is not ``installed`` (its version; by default that of this environment).

    ``command`` runs ``airflow …``, by default for real.
    """
    found = installed or _installed()
    if found is None:
        yield Finding("airflow", "ok", "not installed here; cron and dealwire run need none")
        return
    asked = (line.partition(";")[0].split("==") for line in requires("dealwire") or ())
    pinned = next((exact[0] for name, *exact in asked if name == _PACKAGE and exact), found)
    odd = found != pinned
    yield Finding("airflow", "warning" if odd else "ok", found, f"Dealwire is tested with {pinned}" if odd else "")
    yield from _health()
    home = settings.home / "airflow"
    if command or home.is_dir() or {"AIRFLOW_HOME", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"} & os.environ.keys():
        yield from _tables(command or _Airflow(home))
    else:  # asking would make its folder and an empty database
        yield Finding("airflow tables", "warning", "Airflow was never set up here", "make airflow sets it up")


def _installed() -> str | None:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return None


def _closed(path: Path) -> bool:
    return path.is_dir() and not os.access(path, os.W_OK | os.X_OK)


def _health() -> Iterator[Finding]:
    import httpx

    port = os.environ.get("AIRFLOW_PORT", "8080")
    base = os.environ.get("AIRFLOW__API__BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    try:
        told = httpx.get(f"{base}/api/v2/monitor/health", timeout=5).json()
        states = {part: (told.get(part) or {}).get("status") for part in ("scheduler", "triggerer", "dag_processor")}
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        yield Finding(
            "airflow health", "warning", f"{base} does not answer: {type(error).__name__}",
            "make airflow starts it; AIRFLOW__API__BASE_URL says where it is",
        )  # fmt: skip
        return
    sick = [f"{part} {status or 'missing'}" for part, status in states.items() if status != "healthy"]
    yield Finding(
        "airflow health", "error" if sick else "ok", ", ".join(sick) or f"{base}: all components healthy",
        "look at their logs, and start them again" if sick else "",
    )  # fmt: skip


def _tables(command: Command) -> Iterator[Finding]:
    try:
        with ThreadPoolExecutor(len(_COMMANDS)) as pool:
            pools, assets, broken = pool.map(command, _COMMANDS)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = str(error).strip() or type(error).__name__
        yield Finding("airflow tables", "error", said[:300], "is Airflow's database there? airflow db check")
        return
    slots = next((row["slots"] for row in pools if row["pool"] == POOL), None)
    yield Finding(
        "airflow pool", "ok" if str(slots) == "1" else "error",
        f"{POOL}: {f'{slots} slots' if slots else 'missing'}",
        "" if str(slots) == "1" else f"airflow pools set {POOL} 1 'The one writer of the ledger'",
    )  # fmt: skip
    missing = sorted(ASSETS - {row["name"] for row in assets})
    yield Finding(
        "airflow assets", "error" if missing else "ok", f"missing: {', '.join(missing)}" if missing else "all four",
        "point AIRFLOW__CORE__DAGS_FOLDER at the folder dags, and wait for a parse" if missing else "",
    )  # fmt: skip
    for row in broken:
        last = str(row.get("error", "")).strip().rpartition("\n")[2]
        yield Finding(
            "airflow dags", "error", f"{row.get('filepath')}: {last}", "mend the file or the setting it names"
        )


class _Airflow:
    """``airflow …`` as JSON, with the environment of ``make airflow`` unless another is set."""

    def __init__(self, home: Path) -> None:
        self._environment = {"AIRFLOW_HOME": str(home), **os.environ}

    def __call__(self, words: tuple[str, ...]) -> list[dict[str, Any]]:
        done = subprocess.run(  # noqa: S603 - words of our own
            [sys.executable, "-m", "airflow", *words, "--output", "json"],
            env=self._environment, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S,
        )  # fmt: skip
        if done.returncode:
            raise ValueError(f"airflow {' '.join(words)}: {done.stderr.strip().rpartition(chr(10))[2]}")
        lines = [line for line in done.stdout.splitlines() if line.startswith("[{") or line == "[]"]
        rows: list[dict[str, Any]] = json.loads(lines[-1]) if lines else []
        return rows
