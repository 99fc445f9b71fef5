"""Compaction: the ledger written anew without the blocks and deleted rows that its file still carries."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse import sql
from warehouse.address import Lake, Ledger
from warehouse.db import connect_writer
from warehouse.errors import WarehouseError
from warehouse.file_copy import flush

LEAST_FREE = 0.2  # share of unused blocks from which writing anew pays


def compact(ledger: Ledger, least_free: float = LEAST_FREE, wait_s: float = 20.0) -> tuple[int, int]:
    """Write a ledger's file anew where at least ``least_free`` of its blocks are unused; sizes before and after.

    The new file takes the place of the old one while the lock on that is held, so nobody writes in between; whoever
    waits for the lock opens the new one. Broken off, the ledger is as it was. A DuckLake has its small files put
    together, and those deleted that none of its snapshots needs any more; the sizes are not known.

    Raises:
        LedgerBusyError: another process holds the ledger.
        WarehouseError: there is no ledger, or no room for a second copy of it.
    """
    if isinstance(ledger, Lake):
        with connect_writer(ledger, wait_s) as con:
            con.execute("CHECKPOINT")
        return 0, 0
    path = ledger
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no ledger here", "dealwire run or dealwire db migrate makes one")
    part = path.with_name(f".{path.name}.compact")
    con = connect_writer(path, wait_s)
    try:
        part.unlink(missing_ok=True)
        con.execute("CHECKPOINT")
        before = path.stat().st_size
        blocks = sql.execute(con, "PRAGMA database_size")[0]
        if blocks["free_blocks"] < least_free * max(1, blocks["total_blocks"]):
            return before, before
        _copy(con, part)
        part.replace(path)
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(f"{path}: not compacted, and as it was: {error}", "is there room for a copy?") from error
    finally:
        con.close()
        part.unlink(missing_ok=True)
    return before, path.stat().st_size


def _copy(con: duckdb.DuckDBPyConnection, target: Path) -> None:
    name = sql.execute(con, "SELECT current_database() AS name")[0]["name"]
    con.execute(f"ATTACH {_quoted(str(target), mark=chr(39))} AS compacted")
    con.execute(f"COPY FROM DATABASE {_quoted(name)} TO compacted")
    con.execute("DETACH compacted")
    flush(target)


def _quoted(text: str, mark: str = '"') -> str:
    """As a name or string literal: these statements take no parameters."""
    return mark + text.replace(mark, mark * 2) + mark
