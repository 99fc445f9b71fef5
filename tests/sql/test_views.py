"""Each folder ``<view or check>/<case>`` is a test: the rows of ``case.toml`` go in, its ``expect`` rows must come out.

Columns that a case leaves out are null, or a plain value where the table wants one. ``"NULL"`` expects a null.
``query`` defaults to all of the view; ``order`` says what to sort by.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse import sql
from warehouse.check import check
from warehouse.migrate import migrate

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*/case.toml"))
FILLERS = {
    "VARCHAR": "x", "INTEGER": 1, "BIGINT": 1, "DOUBLE": 1.0, "BOOLEAN": False, "DATE": date(2026, 1, 1),
    "TIMESTAMP WITH TIME ZONE": datetime(2026, 1, 1, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture(scope="module")
def migrated():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    return con


@pytest.fixture
def con(migrated):
    migrated.execute("BEGIN")
    yield migrated
    migrated.execute("ROLLBACK")


def insert(con, table, row):
    columns = con.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ?", [table]
    ).fetchall()
    assert columns, f"no table {table}"
    unknown = set(row) - {name for name, _, _ in columns}
    assert not unknown, f"{table} has no {unknown}"
    full = {
        name: row.get(name, None if nullable else ([] if kind.endswith("[]") else FILLERS[kind]))
        for name, kind, nullable in columns
    }
    names = ", ".join(f'"{name}"' for name in full)
    con.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(full))})', list(full.values()))  # noqa: S608


def test_each_view_and_check_has_a_case():
    with_cases = {path.parent.parent.name for path in CASES}
    assert with_cases == set(sql.names("views")) | set(sql.names("checks"))


def test_an_empty_ledger_is_sound(con):
    assert check(con) == {}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_view(path, con):
    case = tomllib.loads(path.read_text("utf-8"))
    for table, rows in case.get("given", {}).items():
        for row in rows:
            insert(con, table, row)
    view = path.parent.parent.name
    if view in sql.names("checks"):
        statement = f"FROM ({sql.load(view, 'checks').rstrip().rstrip(';')})"
    else:
        statement = case.get("query", f"FROM {view}")
    if "order" in case:
        statement += f" ORDER BY {case['order']}"
    rows = sql.execute(con, statement)
    expected = case.get("expect", [])
    seen = [{name: row[name] for name in want} for row, want in zip(rows, expected, strict=False)]
    wanted = [{name: None if value == "NULL" else value for name, value in want.items()} for want in expected]
    assert (seen, len(rows)) == (wanted, len(expected))
