"""Starting work in a process of its own, and killing it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.reliability.work import ERROR, READY

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit status (-9: killed), how long it ran, the error that it told."""

    status: int
    seconds: float
    error: str = ""

    @property
    def killed(self) -> bool:
        """Whether it was killed before it had ended by itself."""
        return self.status == -signal.SIGKILL


class Forge:
    """A process with all imports done that forks a fresh one for each piece of work (see :mod:`.work`)."""

    def __enter__(self) -> Forge:
        command = [sys.executable, "-m", "benchmarks.reliability.work"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def run(
        self, do: str, home: Path, kill_after: float | None = None, *, when_ready: bool = False, **more: Any
    ) -> Ended:
        """Do a piece of work on ``home``; ``kill_after`` so many seconds it gets SIGKILL, unless it has ended.

        The seconds count from its start, or from when it says that it is ready.
        """
        (home / ERROR).unlink(missing_ok=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, "home": str(home), **more}) + "\n")
        pid = int(self._process.stdout.readline())
        if when_ready and (said := self._process.stdout.readline().strip()) != READY:
            return Ended(int(said), 0.0, _told(home))
        started = time.perf_counter()
        if kill_after is not None:
            ended, _, _ = select.select([self._process.stdout], [], [], kill_after)
            if not ended:
                os.kill(pid, signal.SIGKILL)
        status = int(self._process.stdout.readline())
        return Ended(status, time.perf_counter() - started, _told(home))


def _told(home: Path) -> str:
    return (home / ERROR).read_text() if (home / ERROR).exists() else ""
