"""Compaction: the same ledger in a smaller file, under the lock, and as it was where it cannot be done."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from warehouse import db
from warehouse.compact import compact
from warehouse.db import connect_writer
from warehouse.errors import LedgerBusyError, WarehouseError
from warehouse.migrate import migrate

FILL = (
    "INSERT INTO run_log BY NAME SELECT 'run ' || i AS run_id, 'run' AS kind, now() AS started_at, 'ok' AS state, "
    "repeat(md5(i::VARCHAR), 20) AS counts FROM range(20000) AS t(i)"
)


@pytest.fixture
def ledger(tmp_path):
    """A ledger nine tenths of which have been deleted."""
    path = tmp_path / "ledger.duckdb"
    with connect_writer(path) as con:
        migrate(con)
        con.execute(FILL)
        con.execute("CHECKPOINT")
        con.execute("DELETE FROM run_log WHERE NOT run_id LIKE '%7'")
    return path


def catalogue(path):
    """All that a schema is made of, with the comments; and the rows."""
    parts = (
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal",
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal",
        "SELECT function_name, macro_definition, comment FROM duckdb_functions() WHERE NOT internal",
        "SELECT run_id, counts FROM run_log",
    )
    with connect_writer(path) as con:
        found = [con.execute(f"{part} ORDER BY ALL").fetchall() for part in parts]
        for view, _ in found[1]:
            con.table(view).fetchall()
        return found


def test_the_file_shrinks_and_nothing_is_lost(ledger):
    before = catalogue(ledger)
    assert len(before[4]) == 2000
    old, new = compact(ledger, least_free=0)
    assert new < old / 2
    assert ledger.stat().st_size == new
    assert catalogue(ledger) == before
    with connect_writer(ledger) as con:
        assert migrate(con) == []
    assert [path.name for path in ledger.parent.glob(".*compact*")] == []


def test_a_file_with_nothing_to_gain_is_left_alone(ledger):
    inode = ledger.stat().st_ino
    assert compact(ledger, least_free=1.1)[0] == ledger.stat().st_size
    assert ledger.stat().st_ino == inode


def test_a_held_ledger_is_not_compacted(ledger):
    held = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(ledger)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "open\n"
        with pytest.raises(LedgerBusyError, match=str(process.pid)):
            compact(ledger, least_free=0, wait_s=0)
        process.stdin.write("\n")


def test_no_room_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    def full(con, target):
        raise duckdb.IOException("No space left on device")

    before = catalogue(ledger)
    monkeypatch.setattr("warehouse.compact._copy", full)
    with pytest.raises(WarehouseError, match=r"not compacted, and as it was: .*No space"):
        compact(ledger, least_free=0)
    assert catalogue(ledger) == before


def test_a_writer_that_opened_the_former_file_opens_the_new_one(ledger, monkeypatch):
    opened = db._open
    replaced = []

    def late(path, *, read_only):
        con = opened(path, read_only=read_only)
        if not replaced:  # another process compacts between our opening of the file and our lock on it
            replaced.append(path.with_name("fresh.duckdb"))
            with duckdb.connect(str(replaced[0])) as fresh:
                fresh.execute("CREATE TABLE compacted (i INTEGER)")
            replaced[0].replace(path)
        return con

    monkeypatch.setattr(db, "_open", late)
    with connect_writer(ledger) as con:
        assert con.execute("SELECT count(*) FROM compacted").fetchone() == (0,)


def test_a_missing_ledger_is_named(tmp_path):
    with pytest.raises(WarehouseError, match=r"none\.duckdb: there is no ledger here"):
        compact(tmp_path / "none.duckdb")
