"""Opening the ledger: one writer, and read-only snapshots that strangers' SQL may run on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import stamina

from warehouse import bounded, holder, lake
from warehouse.address import Lake, Ledger
from warehouse.errors import LedgerBusyError, NewerDatabaseError, SnapshotMissingError, WarehouseError
from warehouse.migrate import refuse_newer
from warehouse.sql import DAMAGED

_Result = TypeVar("_Result")
_HOLDER = re.compile(r"PID (\d+)")
# A snapshot answers SQL written by anybody: no files, no network, no extensions, no Python variables, and no way back.
_CONFINED = (
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET lock_configuration = true",
)


def connect_writer(ledger: Ledger, wait_s: float = 20.0) -> duckdb.DuckDBPyConnection:
    """Open the one writing connection to a file or a DuckLake, making it where it is missing.

    Waits at most ``wait_s`` seconds for another process to let go. The schema is not touched: see
    :func:`warehouse.migrate.migrate`.

    Raises:
        LedgerBusyError: another process still holds it; the message names the process, its host and its command.
        NewerDatabaseError: a newer Dealwire or DuckDB has written it.
        WarehouseError: it cannot be opened.
    """
    con = _connect_lake(ledger, wait_s) if isinstance(ledger, Lake) else _connect_file(ledger, wait_s)
    con.execute("SET TimeZone = 'UTC'")
    return con


def _connect_file(path: Path, wait_s: float) -> duckdb.DuckDBPyConnection:
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _wait(lambda: _open_in_place(path), wait_s)
    holder.sign(path)
    return con


def _connect_lake(place: Lake, wait_s: float) -> duckdb.DuckDBPyConnection:
    """The lock comes first: of two who open a new catalogue at once, one would find it half made."""
    con = lake.open_guard(place)
    try:
        _wait(lambda: lake.take_lock(con, place), wait_s)
        lake.attach(con, place)
        _refuse_newer(place, con)
    except BaseException:
        con.close()
        raise
    return con


def _wait(take: Callable[[], _Result], wait_s: float) -> _Result:
    """What ``take`` returns once nobody else holds the ledger; it is tried again, with jitter, for ``wait_s``."""
    attempts = stamina.retry_context(
        on=LedgerBusyError, attempts=None if wait_s > 0 else 1, timeout=wait_s or None, wait_initial=0.1, wait_max=1.0
    )
    try:
        for attempt in attempts:
            with attempt:
                found = take()
    except LedgerBusyError as error:
        raise LedgerBusyError(f"{error.message}; waited {wait_s:g} s", error.hint, error.pid) from error
    return found


def connect_snapshot(
    path: Path, confined: bool = True, bounds: bounded.Bounds | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a published snapshot read-only.

    With ``confined`` (the default, for SQL that a user types) the connection can reach nothing outside the file:
    external access, extensions and replacement scans are off and the configuration is locked. ``bounds`` limit the
    memory of a confined one; run statements with :func:`warehouse.bounded.table` to bound their time too.
    """
    if not path.is_file():
        raise SnapshotMissingError(
            f"{path}: no snapshot has been published here",
            "run `dealwire run` to read the news, or `dealwire demo` to try with sample articles",
        )
    con = _open(path, read_only=True)
    try:
        con.execute("SET TimeZone = 'UTC'")
        if confined:
            if bounds:
                bounded.confine(con, bounds)
            for setting in _CONFINED:
                con.execute(setting)
    except duckdb.Error:
        con.close()
        raise
    return con


def _open_in_place(path: Path) -> duckdb.DuckDBPyConnection:
    """A compaction may give the path another file between our opening it and locking it; a lock on the former one is
    worth nothing, so we open again."""
    while True:
        before = _inode(path)
        con = _open(path, read_only=False)
        if before in (None, _inode(path)):
            return con
        con.close()


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _open(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        con = duckdb.connect(str(path), read_only=read_only)
        _refuse_newer(path, con)
        return con
    except (duckdb.IOException, duckdb.ConnectionException, duckdb.InvalidInputException) as error:
        raise _explained(path, str(error)) from error
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: DuckDB cannot open the file: {error}", DAMAGED) from error


def _refuse_newer(ledger: Ledger, con: duckdb.DuckDBPyConnection) -> None:
    try:
        refuse_newer(con)
    except NewerDatabaseError as error:
        con.close()
        raise NewerDatabaseError(f"{ledger}: {error.message}", error.hint) from None
    except duckdb.Error:
        con.close()
        raise


def _explained(path: Path, said: str) -> WarehouseError:
    if "lock on file" in said or "Conflicting lock" in said:
        named = _HOLDER.search(said)
        found = holder.find(path, int(named[1]) if named else None)
        hint = "wait for it to end, or stop it; readers should open the published snapshot instead"
        who = found or "another process"
        return LedgerBusyError(f"{path}: {who} has the database open", hint, found.pid if found else None)
    if "version number" in said or "newer version" in said or "storage version" in said:
        return NewerDatabaseError(
            f"{path}: written by another DuckDB version than {duckdb.__version__}",
            "upgrade dealwire, or rebuild the ledger from the raw store with `dealwire run`",
        )
    if "Permission denied" in said or "Read-only file system" in said:
        return WarehouseError(f"{path}: not allowed to open the file", "check who may read and write there")
    return WarehouseError(f"{path}: DuckDB cannot open the file: {said}", DAMAGED)
