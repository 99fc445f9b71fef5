"""SQL stands in files: ``queries/<name>.sql`` is loaded by name and run with bound parameters only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import QueryError

HERE = Path(__file__).parent
DAMAGED = (
    "if the file is damaged: `dealwire db publish` writes a snapshot anew, `dealwire db snapshots --verify` tells "
    "which older ones are whole, and a whole one can take the place of a damaged ledger"
)


@cache
def load(name: str, folder: str = "queries") -> str:
    """The text of ``warehouse/<folder>/<name>.sql``."""
    path = HERE / folder / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(names(folder))
        raise QueryError(f"no {folder} file is named {name!r}", f"one of: {known}")
    return path.read_text("utf-8")


def names(folder: str = "queries") -> list[str]:
    """Names of all SQL files of a folder (``queries``, ``views``, ``checks``), sorted."""
    return sorted(path.stem for path in (HERE / folder).glob("*.sql"))


def run(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Run a query of ``queries/`` with its ``$named`` parameters; a row is a dict of column to value."""
    return execute(con, load(name), parameters or None)


def execute(
    con: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Run one statement; what DuckDB refuses becomes a :class:`QueryError` with DuckDB's own words."""
    columns, rows = table(con, statement, parameters)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def table(
    con: duckdb.DuckDBPyConnection, statement: str, parameters: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """As :func:`execute`, but column names and plain rows: for statements that return no row, or a name twice."""
    try:
        cursor = con.execute(statement, dict(parameters) if parameters else None)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()
    except duckdb.Error as error:
        raise explained(error) from error


def explained(error: duckdb.Error) -> QueryError:
    """DuckDB's refusal in its own words, with what to do about it."""
    return QueryError(f"the query failed: {error}", _hint(error))


def _hint(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.PermissionException) or "external access" in str(error):
        return "queries reach the ledger's own tables only; files and extensions are switched off"
    if "read-only" in str(error):
        return "the published snapshot cannot be changed"
    if isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException):
        return DAMAGED
    return "docs/data-dictionary.md lists all tables and columns"
