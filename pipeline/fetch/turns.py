"""Turns that several processes keep together: a small file a host, in which the next free moment is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

_FARTHEST_S = 900.0
"""A booking farther ahead was written by a clock that has been set back since, and counts as none."""


class SharedTurns:
    """When a host may be asked next, by whichever process; moments are of the wall clock, which they share.

    Files are never deleted: there is one a host, of some twenty bytes. Where the folder cannot be written, each process
    keeps its own pauses, as it would without.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder, self._now = folder, now

    def book(self, host: str, wait_s: float, delay_s: float) -> float:
        """Book the host's next free moment that is ``wait_s`` or more away, and ``delay_s`` after it.

        Returns:
            Seconds until the moment.
        """
        found = wait_s

        def booked(free_in: float) -> float:
            nonlocal found
            found = max(wait_s, free_in)
            return found + delay_s

        self._change(host, booked)
        return found

    def lengthen(self, host: str, more_s: float) -> None:
        """Put the next free moment off, whosever turn was booked last."""
        self._change(host, lambda free_in: free_in + more_s)

    def _change(self, host: str, changed: Callable[[float], float]) -> None:
        from filelock import FileLock

        path = self._folder / re.sub(r"[^0-9a-z.-]", "_", host.lower())[-200:]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock"):
                now = self._now().timestamp()
                path.write_text(f"{now + changed(self._free_in(path, now)):.3f}", "ascii")
        except OSError:
            return

    def _free_in(self, path: Path, now: float) -> float:
        try:
            free_in = float(path.read_text("ascii")) - now
        except (FileNotFoundError, ValueError):  # a power cut may leave a file empty
            return 0.0
        return free_in if 0 < free_in <= _FARTHEST_S else 0.0
