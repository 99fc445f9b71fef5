"""Publishing: the writer's file, or a DuckLake's rows, become the read-only snapshot that analysts open, atomically.

Beside ``dealwire.duckdb`` stand its versions, ``dealwire-<UTC time>.duckdb``, the newest of which is that same file
under a second name; and, where asked for, ``dealwire-<UTC time>.parquet``, to whose newest ``dealwire.parquet`` points.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from warehouse.copy_rows import write_file
from warehouse.errors import WarehouseError
from warehouse.file_copy import copy_apart
from warehouse.lake import is_lake
from warehouse.parquet import export

_STAMP = "%Y%m%dT%H%M%S%fZ"
_PART = ".part"
_READ_ONLY = 0o444  # a snapshot and its newest version are one file: who writes to one by mistake must be refused


def publish(
    con: duckdb.DuckDBPyConnection,
    snapshot: Path,
    keep: int = 5,
    now: datetime | None = None,
    *,
    parquet: bool = False,
) -> tuple[Path, Path]:
    """Copy the ledger of the writer ``con`` and put the copy in place of ``snapshot``.

    Returns the snapshot and its version (the newest ``keep`` stay); ``parquet`` exports every table and view too.
    Readers that have the old snapshot open keep reading it. No transaction may be open on ``con``.

    Raises:
        WarehouseError: no file, or no room for its copy; readers go on with the former snapshot.
    """
    write = _writing(con)
    moment = now or datetime.now(UTC)
    version = snapshot.with_name(f"{snapshot.stem}-{moment.strftime(_STAMP)}{snapshot.suffix}")
    with _explained(snapshot):
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        _sweep(snapshot)
        _place(write, version)
        if parquet:
            _place_parquet(con, version.with_suffix(".parquet"), moment)
        _point(version, snapshot)
        if parquet:
            _point_folder(version.with_suffix(".parquet"), snapshot.with_suffix(".parquet"))
        _flush(snapshot.parent)
    for old in versions(snapshot)[keep:]:
        old.unlink(missing_ok=True)
        shutil.rmtree(old.with_suffix(".parquet"), ignore_errors=True)
    return snapshot, version


def versions(snapshot: Path) -> list[Path]:
    """The kept versions of a snapshot, newest first."""
    return sorted(snapshot.parent.glob(f"{snapshot.stem}-*{snapshot.suffix}"), reverse=True)


def published_at(version: Path) -> datetime:
    """When a version was published, as its name tells (UTC)."""
    return datetime.strptime(version.stem.rpartition("-")[2], _STAMP).replace(tzinfo=UTC)


def _writing(con: duckdb.DuckDBPyConnection) -> Callable[[Path], None]:
    """What writes the ledger of ``con`` into a new file."""
    row = con.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    if is_lake(con):
        return partial(write_file, con)
    if row is None or not row[0]:
        raise WarehouseError("a database in memory cannot be published", "open the writer on a file")

    def copy(target: Path) -> None:
        con.execute("CHECKPOINT")
        copy_apart(Path(row[0]), target)

    return copy


def _place(write: Callable[[Path], None], target: Path) -> None:
    part = _part(target)
    try:
        write(part)
        part.chmod(_READ_ONLY)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _place_parquet(con: duckdb.DuckDBPyConnection, target: Path, moment: datetime) -> None:
    part = _part(target)
    try:
        export(con, part, moment)
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _point(version: Path, snapshot: Path) -> None:
    """Give the version the snapshot's name too, in one step. Where files cannot have two names, it is copied."""
    part = _part(snapshot)
    try:
        os.link(version, part)
    except OSError:
        _place(partial(copy_apart, version), snapshot)
    else:
        part.replace(snapshot)


def _point_folder(version: Path, link: Path) -> None:
    part = _part(link)
    part.symlink_to(version.name, target_is_directory=True)
    part.replace(link)


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}{_PART}")


def _sweep(snapshot: Path) -> None:
    """Remove what a publish that was killed left half done. Only who holds the ledger's lock publishes."""
    for part in snapshot.parent.glob(f".{snapshot.stem}*{_PART}"):
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(snapshot: Path) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(
            f"{snapshot}: could not be published, the former snapshot stays: {error}",
            "is there room for another copy of the ledger? DEALWIRE_KEEP_SNAPSHOTS sets how many stay",
        ) from error
