"""Checks of a sound ledger: each file of ``checks/`` is a query that must return no row."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse import sql


def check(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Run all checks; returns the rows that should not be there, by the name of the check that found them."""
    found = {name: sql.execute(con, sql.load(name, "checks")) for name in sql.names("checks")}
    return {name: rows for name, rows in found.items() if rows}
