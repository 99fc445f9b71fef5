"""The event trigger of the inbox: it claims what was dropped and says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent


class InboxTrigger(BaseEventTrigger):
    """Fires for each lot of files that it has claimed by rename, with their names.

    What stays claimed for ``again_s`` seconds is announced anew (and at the start, at once): an event may be lost
    between the claim and the run. ``folder`` is the inbox; by default that of DEALWIRE_HOME where the triggerer runs.
    """

    def __init__(self, folder: str | None = None, poll_s: float = 1.0, again_s: float = 60.0) -> None:
        super().__init__()
        self.folder, self.poll_s, self.again_s = folder, poll_s, again_s

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Class path and arguments."""
        return (
            "dags.triggers.InboxTrigger",
            {"folder": self.folder, "poll_s": self.poll_s, "again_s": self.again_s},
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Watch for as long as the triggerer lives; a folder that is away for a while is logged, and tried again."""
        announced = float("-inf")
        while True:
            again = time.monotonic() - announced >= self.again_s
            try:
                names = await asyncio.to_thread(self._look, again)
            except Exception as error:  # the watch must outlive a disk that is full or not mounted
                self.log.error("inbox: %s", error)
                names = []
            if again:
                announced = time.monotonic()
            if names:
                yield TriggerEvent({"files": names})
            await asyncio.sleep(self.poll_s)

    def _look(self, again: bool) -> list[str]:
        from pipeline.inbox import claim, inbox_of, waiting
        from pipeline.settings import Settings

        folder = Path(self.folder) if self.folder else inbox_of(Settings())
        left = waiting(folder) if again else []
        return left + claim(folder)
