"""Files of SQLite in which the pipeline remembers what it has sent: private, and still there after a power cut."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import private


def opened(path: Path, schema: Path) -> sqlite3.Connection:
    """The file in autocommit mode, made where it is missing; ``schema`` is a script that may be run again.

    Raises:
        sqlite3.Error, OSError: it cannot be made or opened.
    """
    db = sqlite3.connect(private.make(path), timeout=30, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # what was sent must still be known after a power cut
    db.executescript(schema.read_text("utf-8"))
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All statements inside, or none. ``db`` must be in autocommit mode.

    ``BEGIN IMMEDIATE`` takes the lock of the writer at once: what is read inside still holds when it is written.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
