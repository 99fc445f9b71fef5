"""A transaction of SQLite that writes from its first statement on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


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
