"""The ledger in DuckLake: rows in Parquet files of a folder or an S3-compatible store, the catalogue in PostgreSQL.

A DuckLake accepts many writers, yet has no keys: two that load at once would each find a claim's deal missing and make
one of their own. So a writer holds one advisory lock of the catalogue's PostgreSQL for as long as it is open, as it
holds the lock of a file. PostgreSQL lets go of it when the writer's connection ends, also when that was killed.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import duckdb

from warehouse import sql
from warehouse.address import Lake
from warehouse.errors import LedgerBusyError, WarehouseError
from warehouse.holder import Holder

NAME = "lake"  # of the attached DuckLake
_GUARD = "guard"  # of PostgreSQL itself, for the lock
_LONGEST = 63  # characters of a session's name that PostgreSQL keeps
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# The connection that holds the lock of a writing one, and ends with it.
_locks: WeakKeyDictionary[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection] = WeakKeyDictionary()


def open_guard(lake: Lake) -> duckdb.DuckDBPyConnection:
    """A connection that can ask for the lock and, once it has that, attach the lake.

    Raises:
        WarehouseError: the extra ``ducklake`` is not installed, or PostgreSQL refuses us.
    """
    if lake.password:
        # By libpq's own variable: DuckDB shows the words of an address in errors and in its catalogue, passwords too.
        os.environ["PGPASSWORD"] = lake.password
    con = duckdb.connect(config=_CONFIG)
    with _closed_on_failure(con), _explained(lake):
        con.execute("SET enable_progress_bar = false")  # else a slow catalogue has one drawn among our output
        for name in ("postgres_scanner", "ducklake", *(["httpfs"] if lake.is_remote else [])):
            con.execute(f"LOAD {_literal(_extension(name))}")
        if lake.is_remote:
            con.execute(_store_secret(lake.data))
        con.execute(f"ATTACH {_literal('postgres:' + lake.catalogue)} AS {_GUARD} (READ_ONLY)")
        guard = con.cursor()
        guard.execute("BEGIN")
        _locks[con] = guard
    return con


def take_lock(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Take the writer's lock for as long as ``con`` is open.

    Raises:
        LedgerBusyError: another process has it; the message names that process, its host and its command.
    """
    with _explained(lake):
        if _ask(_locks[con], "take_lock")[0]["taken"]:
            command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:3]])
            told = f"{os.getpid()}@{socket.gethostname()} {command}".encode("ascii", "replace").decode()
            _ask(_locks[con], "keep_lock", told=told[:_LONGEST].replace("'", "?"))
            return
        held = _ask(con, "lock_holder")
    holder = _holder(held[0]) if held else None
    raise LedgerBusyError(
        f"{lake}: {holder or 'another process'} has the ledger open",
        "wait for it to end, or stop it; readers should open the published snapshot instead",
        holder.pid if holder else None,
    )


def attach(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Make the lake, which is created where it is missing, the database of ``con``. Only who has the lock may."""
    if not lake.is_remote:
        Path(lake.data).mkdir(parents=True, exist_ok=True)
    with _explained(lake):
        con.execute(f"ATTACH {_literal(str(lake))} AS {NAME} (DATA_PATH {_literal(lake.data.rstrip('/') + '/')})")
        con.execute(f"USE {NAME}")


def is_lake(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a connection's database is a DuckLake."""
    found = con.execute("SELECT type FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    return bool(found and found[0] == "ducklake")


def see_locked(con: duckdb.DuckDBPyConnection) -> None:
    """Before a commit: PostgreSQL may have ended the session of the lock, and another writer begun. Files keep theirs.

    Raises:
        WarehouseError: the lock is gone.
    """
    guard = _locks.get(con)
    if guard is None:
        return
    try:
        _ask(guard, "take_lock")  # which it has, and may take as often as it likes
    except duckdb.Error as error:
        let_go(con)
        raise WarehouseError(
            f"PostgreSQL ended the session that held the writer's lock: {error}", "nothing was written; run it again"
        ) from error


def let_go(con: duckdb.DuckDBPyConnection) -> None:
    """Before ``con`` is closed: end the lock's transaction. DuckDB aborts the process if it only then finds it dead."""
    guard = _locks.pop(con, None)
    if guard is not None:
        with suppress(duckdb.Error):
            guard.execute("ROLLBACK")


def _ask(con: duckdb.DuckDBPyConnection, name: str, **values: str) -> list[dict[str, Any]]:
    """Run a statement of ``postgres/`` in PostgreSQL."""
    statement = sql.load(name, "postgres")
    for key, value in values.items():
        statement = statement.replace(f"{{{key}}}", value)
    cursor = con.execute(f"FROM postgres_query('{_GUARD}', {_literal(statement)})")
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _holder(row: dict[str, Any]) -> Holder | None:
    pid, _, rest = row["told"].partition("@")
    host, _, command = rest.partition(" ")
    return Holder(int(pid), host, command, row["since"]) if pid.isdecimal() else None


def _extension(name: str) -> str:
    """The file of a DuckDB extension that came as a package, which needs no network to load."""
    try:
        folder = Path(str(import_module(f"duckdb_extension_{name}").__file__)).parent
        return str(folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension")
    except ImportError as error:
        raise WarehouseError(
            f"a ledger in DuckLake needs DuckDB's extension {name}", "pip install 'dealwire[ducklake]'"
        ) from error


def _store_secret(data: str) -> str:
    """Access to the S3-compatible store, from the variables that every client of S3 knows."""
    given = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID"), "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN"), "REGION": os.environ.get("AWS_REGION"),
    }  # fmt: skip
    words = ["TYPE s3", f"SCOPE {_literal(data)}"]
    words += [f"{name} {_literal(value)}" for name, value in given.items() if value]
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urlsplit(endpoint)
        words += [f"ENDPOINT {_literal(parts.netloc)}", "URL_STYLE 'path'", f"USE_SSL {parts.scheme != 'http'}"]
    return f"CREATE SECRET store ({', '.join(words)})"


def _literal(text: str) -> str:
    """As a string literal: these statements take no parameters."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _closed_on_failure(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        con.close()
        raise


@contextmanager
def _explained(lake: Lake) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        hint = "is PostgreSQL up, and are DEALWIRE_WAREHOUSE and DEALWIRE_WAREHOUSE_DATA right? see docs/ducklake.md"
        raise WarehouseError(f"{lake}: cannot be opened: {error}", hint) from error
