"""Opening: one writer, confined readers, errors that say what to do."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import textwrap

import duckdb
import pytest
import stamina

from warehouse import sql
from warehouse.db import connect_snapshot, connect_writer
from warehouse.errors import LedgerBusyError, NewerDatabaseError, QueryError, SnapshotMissingError, WarehouseError
from warehouse.migrate import migrate
from warehouse.publish import publish


@pytest.fixture
def snapshot(tmp_path):
    con = connect_writer(tmp_path / "ledger.duckdb")
    migrate(con)
    path, _ = publish(con, tmp_path / "published" / "dealwire.duckdb")
    con.close()
    return path


@pytest.fixture
def holder(tmp_path):
    """A process that has the database open until a line is written to its standard input."""
    held = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    process = subprocess.Popen(
        [sys.executable, "-c", held, str(tmp_path / "ledger.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "open\n"
    yield process
    process.communicate("\n" if process.poll() is None else None)


def test_a_second_writer_is_told_who_holds_the_file(tmp_path, holder):
    path = tmp_path / "ledger.duckdb"
    with pytest.raises(LedgerBusyError) as caught:
        connect_writer(path, wait_s=0)
    assert caught.value.pid == holder.pid
    assert str(path) in caught.value.message
    assert f"process {holder.pid} on {socket.gethostname()}" in caught.value.message
    assert "import duckdb" in caught.value.message
    assert "snapshot" in caught.value.hint
    assert caught.value.retryable


def test_a_writer_waits_for_the_holder_to_let_go(tmp_path, holder):
    tried = []

    def let_go(details):
        tried.append(details.retry_num)
        if len(tried) == 1:
            holder.communicate("\n")

    before = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks([let_go])
    try:
        connect_writer(tmp_path / "ledger.duckdb", wait_s=20).close()
    finally:
        stamina.instrumentation.set_on_retry_hooks(before)
    assert tried


def test_a_writer_that_waited_in_vain_says_how_long(tmp_path, holder):
    with pytest.raises(LedgerBusyError, match=r"waited 0\.2 s"):
        connect_writer(tmp_path / "ledger.duckdb", wait_s=0.2)


def test_writer_and_reader_refuse_the_schema_of_a_newer_dealwire(snapshot, tmp_path):
    ledger = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(ledger)) as con:
        con.execute("INSERT INTO schema_migrations VALUES (9999, '9999_to_come.sql', '', now())")
    for opened, path in ((connect_writer, ledger), (connect_snapshot, snapshot)):
        if path == snapshot:
            snapshot.unlink()
            ledger.rename(snapshot)
        with pytest.raises(NewerDatabaseError, match=f"{path.name}: .* schema version 9999") as caught:
            opened(path)
        assert "upgrade" in caught.value.hint


def test_a_missing_snapshot_names_the_commands_that_make_one(tmp_path):
    with pytest.raises(SnapshotMissingError) as caught:
        connect_snapshot(tmp_path / "none.duckdb")
    assert "dealwire run" in caught.value.hint
    assert "dealwire demo" in caught.value.hint


def test_a_file_that_is_no_database_is_an_error_with_its_name(tmp_path):
    path = tmp_path / "ledger.duckdb"
    path.write_text("not a database, and long enough to be taken for one" * 200)
    with pytest.raises(WarehouseError, match=r"ledger\.duckdb"):
        connect_writer(path, wait_s=0)


def test_a_file_of_a_newer_duckdb_is_told_apart(tmp_path):
    path = tmp_path / "ledger.duckdb"
    duckdb.connect(str(path)).close()
    raw = bytearray(path.read_bytes())
    assert raw[8:12] == b"DUCK"
    raw[12] = 250  # the storage version of the main header, behind checksum and magic
    path.write_bytes(bytes(raw))
    with pytest.raises(WarehouseError, match="checksum") as damaged:
        connect_writer(path, wait_s=0)
    raw[:8] = int(re.search(r"computed checksum (\d+)", damaged.value.message)[1]).to_bytes(8, "little")
    path.write_bytes(bytes(raw))
    with pytest.raises(WarehouseError) as caught:
        connect_writer(path, wait_s=0)
    assert isinstance(caught.value, NewerDatabaseError), caught.value


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY deals TO '/tmp/deals.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "DELETE FROM deals",
        "CREATE TABLE mine (x INTEGER)",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "SELECT * FROM secret",
    ],
)
def test_a_reader_cannot_leave_the_snapshot(snapshot, statement):
    secret = {"key": [1]}  # a Python variable, which DuckDB would find by its name
    con = connect_snapshot(snapshot)
    with pytest.raises(QueryError) as caught:
        sql.execute(con, statement)
    assert caught.value.hint
    assert secret


def test_a_reader_reads(snapshot):
    con = connect_snapshot(snapshot)
    assert sql.execute(con, "SELECT count(*) AS n FROM timeline") == [{"n": 0}]
    assert sql.execute(con, "SELECT current_setting('TimeZone') AS zone") == [{"zone": "UTC"}]


def test_errors_of_sql_carry_duckdbs_words(snapshot):
    with pytest.raises(QueryError, match="no_such_column"):
        sql.execute(connect_snapshot(snapshot), "SELECT no_such_column FROM deals")


def test_an_unknown_query_lists_the_known_ones():
    with pytest.raises(QueryError) as caught:
        sql.load("no_such_query")
    assert "timeline_filtered" in caught.value.hint


def test_snapshots_open_in_many_processes_at_once(snapshot):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from warehouse.db import connect_snapshot
        con = connect_snapshot(Path(sys.argv[1]))
        print(con.execute("SELECT count(*) FROM timeline").fetchone()[0])
    """)
    con = connect_snapshot(snapshot)
    done = subprocess.run([sys.executable, "-c", code, str(snapshot)], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    con.close()
