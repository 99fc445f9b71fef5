"""Statements that would take for ever, or all memory, end with an error that says which bound and how to move it."""

from __future__ import annotations

import resource

import pytest

from warehouse import bounded
from warehouse.bounded import Bounds
from warehouse.db import connect_snapshot, connect_writer
from warehouse.errors import QueryError

LARGE = Bounds(seconds=60, memory=200_000_000)


@pytest.fixture
def snapshot(tmp_path):
    path = tmp_path / "ledger.duckdb"
    con = connect_writer(path)
    con.execute("CREATE TABLE t AS SELECT range AS n FROM range(5000)")
    con.close()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM range(1000000000) a, range(1000000) b",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    ],
)
def test_a_statement_without_end_is_stopped(snapshot, statement):
    bounds = Bounds(seconds=0.2, memory=LARGE.memory)
    con = connect_snapshot(snapshot, bounds=bounds)
    with pytest.raises(QueryError, match=r"longer than 0\.2 s") as caught:
        bounded.table(con, statement, bounds)
    assert "DEALWIRE_QUERY_SECONDS" in caught.value.hint


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT i, count(*) FROM range(100000000) t(i) GROUP BY i",
        "SELECT list(i) FROM range(100000000) t(i)",
        "SELECT string_agg(repeat('x', 1000)) FROM range(10000000)",
        "SELECT i FROM range(100000000) t(i)",  # returned row by row, so DuckDB holds little of it
        "SELECT repeat('x', 2000000000)",  # DuckDB counts no string that a function makes
    ],
)
def test_a_statement_for_all_memory_is_refused(snapshot, statement):
    before = resource.getrlimit(resource.RLIMIT_DATA)
    con = connect_snapshot(snapshot, bounds=LARGE)
    with pytest.raises(QueryError, match="more than 200 MB") as caught:
        bounded.table(con, statement, LARGE)
    assert "DEALWIRE_QUERY_MEMORY" in caught.value.hint
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_nothing_is_spilt_to_disk(snapshot):
    con = connect_snapshot(snapshot, bounds=LARGE)
    assert bounded.table(con, "SELECT current_setting('temp_directory')", LARGE)[1] == [("",)]
    with pytest.raises(QueryError, match="more than 200 MB"):
        bounded.table(con, "SELECT * FROM range(100000000) t(i) ORDER BY hash(i)", LARGE)


def test_what_stays_within_bounds_is_whole(snapshot):
    con = connect_snapshot(snapshot, bounds=LARGE)
    columns, rows = bounded.table(con, "SELECT n, n AS n FROM t ORDER BY 1", LARGE)
    assert columns == ["n", "n"]
    assert [row[0] for row in rows] == list(range(5000))
    assert bounded.table(con, "SELECT current_setting('memory_limit') LIKE '19%'", LARGE)[1] == [(True,)]
    with pytest.raises(QueryError, match="no_such"):
        bounded.table(con, "SELECT no_such FROM t", LARGE)
