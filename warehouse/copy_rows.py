"""The rows of one ledger written into another that is attached to the same connection: file to DuckLake and back."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse import sql
from warehouse.address import Ledger
from warehouse.db import connect_writer
from warehouse.errors import WarehouseError
from warehouse.file_copy import flush
from warehouse.migrate import migrate, transaction

_OTHER = "other"


def write_file(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write all rows of ``con`` into a new DuckDB file with the tables, views and comments of this version."""
    with duckdb.connect(str(target)) as fresh:
        migrate(fresh)
    _attach(con, target)
    try:
        here, tables = _tables(con)
        with transaction(con):
            _copy(con, here, _OTHER, tables)
    finally:
        con.execute(f"DETACH {_OTHER}")
    flush(target)


def move_in(file: Path, ledger: Ledger, wait_s: float = 20.0) -> dict[str, int]:
    """Copy the ledger of ``file``, brought up to date, into an empty one; returns the rows by table. All or nothing.

    Raises:
        LedgerBusyError: another process holds one of them.
        WarehouseError: there is no such file, or the other ledger has rows already.
    """
    if not file.is_file():
        raise WarehouseError(f"{file}: there is no ledger here", "DEALWIRE_HOME says where data lives")
    with connect_writer(file, wait_s) as old:
        migrate(old)
    with connect_writer(ledger, wait_s) as con:
        migrate(con)
        there, tables = _tables(con)
        if sql.run(con, "ledger_counts")[0]["articles"]:
            raise WarehouseError(f"{ledger}: has articles already", "copy into a new one only")
        _attach(con, file, "(READ_ONLY)")
        with transaction(con):
            return _copy(con, _OTHER, there, tables)


def _copy(con: duckdb.DuckDBPyConnection, source: str, target: str, tables: list[str]) -> dict[str, int]:
    counts = {}
    for table in tables:
        con.execute(f'DELETE FROM {target}."{table}"')  # noqa: S608 - names of the catalogue
        done = con.execute(f'INSERT INTO {target}."{table}" BY NAME FROM {source}."{table}"').fetchone()
        counts[table] = int(done[0]) if done else 0
    return counts


def _tables(con: duckdb.DuckDBPyConnection) -> tuple[str, list[str]]:
    """The name of the database of ``con``, and its tables."""
    rows = sql.run(con, "tables_here")
    return rows[0]["database"], [row["name"] for row in rows]


def _attach(con: duckdb.DuckDBPyConnection, path: Path, how: str = "") -> None:
    quoted = str(path).replace("'", "''")  # ATTACH takes no parameters
    con.execute(f"ATTACH '{quoted}' AS {_OTHER} {how}")
