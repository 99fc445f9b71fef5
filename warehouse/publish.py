"""Publishing: the writer's file becomes the read-only snapshot that analysts open, atomically."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError


def publish(
    con: duckdb.DuckDBPyConnection, snapshot: Path, keep: int = 5, now: datetime | None = None
) -> tuple[Path, Path]:
    """Checkpoint the writer ``con``, copy its file and put the copy in place of ``snapshot``.

    Returns the snapshot and its versioned twin (``<stem>-<UTC time>.duckdb`` beside it; the newest ``keep`` stay).
    Readers that have the old snapshot open keep reading it. No transaction may be open on ``con``.
    """
    row = con.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    if row is None or not row[0]:
        raise WarehouseError("a database in memory cannot be published", "open the writer on a file")
    con.execute("CHECKPOINT")
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S%fZ")
    version = snapshot.with_name(f"{snapshot.stem}-{stamp}{snapshot.suffix}")
    _place(Path(row[0]), version)
    _place(version, snapshot)
    versions = sorted(snapshot.parent.glob(f"{snapshot.stem}-*{snapshot.suffix}"))
    for old in versions[:-keep]:
        old.unlink(missing_ok=True)
    return snapshot, version


def _place(source: Path, target: Path) -> None:
    """Copy beside the target, flush to disk, rename over it: a reader sees the old file or the new one, whole."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with source.open("rb") as read, part.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            write.flush()
            os.fsync(write.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
