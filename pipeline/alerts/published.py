"""What stands beside the snapshot for readers' own tools: a feed of events and a calendar of commitments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.alerts.atom import feed_of
from pipeline.alerts.calendar_file import calendar_of
from pipeline.alerts.commitments import commitments
from pipeline.whole_file import write_whole

FEED, CALENDAR = "events.atom", "commitments.ics"


def publish_files(
    con: duckdb.DuckDBPyConnection, folder: Path, now: datetime, language: str = "en"
) -> tuple[Path, Path]:
    """Write both files into ``folder``, each whole or not at all; a file whose content is as before stays untouched.

    Raises:
        ConfigError: no words exist for ``language``.
        OSError: the folder cannot be written.
    """
    return (
        _place(folder / FEED, feed_of(con, now, language)),
        _place(folder / CALENDAR, calendar_of(commitments(con, now.date()), language)),
    )


def _place(path: Path, content: bytes) -> Path:
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, [content])
    return path
