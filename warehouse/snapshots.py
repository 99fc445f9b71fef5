"""What has been published: the kept versions of the snapshot, and whether each is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse import sql
from warehouse.db import connect_snapshot
from warehouse.errors import WarehouseError
from warehouse.migrate import schema_version
from warehouse.publish import published_at, versions


@dataclass(frozen=True, slots=True)
class Version:
    """A kept version. ``current``: it is what readers open; ``problem`` says why it cannot be read, empty where it can.

    Counts and ``schema_version`` are None where it cannot.
    """

    path: Path
    published_at: datetime
    bytes: int
    current: bool
    schema_version: int | None = None
    articles: int | None = None
    deals: int | None = None
    problem: str = ""


def list_versions(snapshot: Path, *, verify: bool = False) -> list[Version]:
    """The kept versions, newest first; ``verify`` reads every block of them, which finds torn and flipped ones."""
    return [_look(path, snapshot, verify=verify) for path in versions(snapshot)]


def _look(path: Path, snapshot: Path, *, verify: bool) -> Version:
    current = snapshot.exists() and path.samefile(snapshot)
    version = Version(path, published_at(path), path.stat().st_size, current)
    try:
        con = connect_snapshot(path)
        try:
            return _counted(version, con, verify=verify)
        finally:
            con.close()
    except WarehouseError as error:
        return Version(path, version.published_at, version.bytes, current, problem=error.message)


def _counted(version: Version, con: duckdb.DuckDBPyConnection, *, verify: bool) -> Version:
    counts = sql.run(con, "ledger_counts")[0]
    if verify:
        _read_all(con, [row["name"] for row in sql.execute(con, "SELECT table_name AS name FROM duckdb_tables()")])
    told = (schema_version(con), counts["articles"], counts["deals"])
    return Version(version.path, version.published_at, version.bytes, version.current, *told)


def _read_all(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    for name in tables:
        sql.execute(con, f'SELECT bit_xor(hash(whole)) FROM "{name}" AS whole')  # noqa: S608 - a name of the catalogue
