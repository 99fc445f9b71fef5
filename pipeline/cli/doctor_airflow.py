"""What ``doctor`` looks at where Airflow drives Dealwire: inbox and batches, components, settings, pool and DAGs.

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
DAGS = {"alerts", "backfill", "digest", "extract", "inbox", "ingest", "load", "maintenance"}
_PACKAGE = "apache-airflow"
_WAITS_S = 3600.0  # a batch that has waited so long has nobody who takes it
_TIMEOUT_S = 180.0

Command = Callable[[tuple[str, ...]], str]


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
    """Each command is a process of some seconds, so all run side by side; one that fails hides none of the others."""
    with ThreadPoolExecutor(len(_LOOKS)) as pool:
        for findings in pool.map(lambda look: _look(command, *look), _LOOKS):
            yield from findings


def _look(command: Command, check: str, words: tuple[str, ...], judge: Callable[[str], list[Finding]]) -> list[Finding]:
    try:
        return judge(command(words))
    except (OSError, ValueError, LookupError, TypeError, subprocess.SubprocessError) as error:
        said = str(error).strip() or type(error).__name__
        return [Finding(check, "error", said[:300], "is Airflow's database there? airflow db check")]


def _settings(told: str) -> list[Finding]:
    issues = [line.strip(" -") for line in told.splitlines() if line.startswith("  - ")]
    if issues:
        more = f" (and {len(issues) - 1} more)" if issues[1:] else ""
        return [Finding("airflow settings", "warning", issues[0] + more, "airflow config lint names them")]
    return [Finding("airflow settings", "ok", "all known to this version")]


def _pool(told: str) -> list[Finding]:
    slots = next((str(row["slots"]) for row in _rows(told) if row["pool"] == POOL), None)
    if slots == "1":
        return [Finding("airflow pool", "ok", f"{POOL}: 1 slot")]
    mend = f"airflow pools set {POOL} 1 'The one writer of the ledger'"
    return [Finding("airflow pool", "error", f"{POOL}: {f'{slots} slots' if slots else 'missing'}", mend)]


def _dags(told: str) -> list[Finding]:
    paused = {row["dag_id"]: str(row["is_paused"]) == "True" for row in _rows(told)}
    if missing := sorted(DAGS - paused.keys()):
        mend = "point AIRFLOW__CORE__DAGS_FOLDER at the folder dags, and wait for a parse"
        return [Finding("airflow dags", "error", f"missing: {', '.join(missing)}", mend)]
    if resting := sorted(name for name in DAGS if paused[name]):
        mend = f"airflow dags unpause {resting[0]}"
        return [Finding("airflow dags", "warning", f"paused: {', '.join(resting)}", mend)]
    return [Finding("airflow dags", "ok", f"all {len(DAGS)}, none paused")]


def _broken_files(told: str) -> list[Finding]:
    return [
        Finding("airflow imports", "error", f"{row['filepath']}: {_last_line(row['error'])}", "mend what it names")
        for row in _rows(told)
    ]


def _last_line(traceback: str) -> str:
    return traceback.strip().rpartition("\n")[2]


_LOOKS = (
    ("airflow settings", ("config", "lint"), _settings),
    ("airflow pool", ("pools", "list", "--output", "json"), _pool),
    ("airflow dags", ("dags", "list", "--output", "json"), _dags),
    ("airflow imports", ("dags", "list-import-errors", "--output", "json"), _broken_files),
)


def _rows(told: str) -> list[dict[str, Any]]:
    """The rows that a command has printed, below whatever its libraries had to say."""
    lines = [line for line in told.splitlines() if line.startswith("[{") or line == "[]"]
    rows: list[dict[str, Any]] = json.loads(lines[-1]) if lines else []
    return rows


class _Airflow:
    """What ``airflow …`` prints, with the environment of ``make airflow`` unless another is set."""

    def __init__(self, home: Path) -> None:
        self._environment = {"AIRFLOW_HOME": str(home), **os.environ}

    def __call__(self, words: tuple[str, ...]) -> str:
        done = subprocess.run(  # noqa: S603 - words of our own
            [sys.executable, "-m", "airflow", *words],
            env=self._environment, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S,
        )  # fmt: skip
        if done.returncode:
            raise ValueError(f"airflow {' '.join(words[:2])}: {done.stderr.strip().rpartition(chr(10))[2]}")
        return done.stdout
