"""The ledger in DuckLake is the ledger in a file: the same rows in every view, under four loaders and a killed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

import duckdb
import pytest

from pipeline.batches import ArticleRead
from pipeline.link import LinkedReading
from pipeline.session import open_ledger
from pipeline.settings import Settings
from pipeline.stages import batches_of, load_batches
from tests.docs.newsroom_ledger import evenings, fill
from warehouse import sql
from warehouse.check import check
from warehouse.compact import compact
from warehouse.db import connect_snapshot, connect_writer
from warehouse.errors import LedgerBusyError, WarehouseError
from warehouse.migrate import migrate
from warehouse.store import Store

pytestmark = [pytest.mark.ducklake, pytest.mark.slow]
DAYS = 4
LOAD = """
from pipeline.settings import read_settings
from pipeline.stages import load_batches
load_batches(read_settings())
"""
HELD = """
import sys
from datetime import UTC, datetime
from pipeline.session import open_ledger
from pipeline.settings import read_settings
with open_ledger(read_settings()) as store, store.transaction():
    store.insert("run_log", [{"run_id": "killed", "kind": "test", "state": "running", "started_at": datetime.now(UTC)}])
    print("writing", flush=True)
    sys.stdin.read()
"""


def days() -> list[tuple[Any, list[LinkedReading]]]:
    return list(islice(evenings(), DAYS))


def process(settings: Settings, code: str) -> subprocess.Popen[str]:
    """A process of another machine, which knows the lake by its environment only."""
    environment = {
        **os.environ, "DEALWIRE_HOME": str(settings.home), "DEALWIRE_WAREHOUSE_DATA": str(settings.warehouse_data),
        "DEALWIRE_WAREHOUSE": settings.warehouse.get_secret_value(), "DEALWIRE_WRITER_WAIT_S": "1200",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def contents(con: duckdb.DuckDBPyConnection, unlike: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and view, in one order."""
    names = [row["name"] for row in sql.run(con, "relations_here") if row["name"] not in unlike]
    return {name: con.execute(f'FROM "{name}" ORDER BY ALL').fetchall() for name in names}


def test_every_table_and_view_is_that_of_a_file_row_for_row(settings_at, tmp_path):
    in_lake, in_file = settings_at("lake"), Settings(home=tmp_path / "file")
    for settings in (in_lake, in_file):
        fill(settings, days())
        compact(settings.ledger)
    with open_ledger(in_lake) as lake, open_ledger(in_file) as file, connect_snapshot(in_lake.snapshot) as published:
        wanted = contents(file.con, ("schema_migrations",))
        assert len(wanted["articles"]) > DAYS
        assert len(wanted["timeline"]) >= DAYS
        assert contents(lake.con, ("schema_migrations",)) == wanted
        assert contents(published, ("schema_migrations",)) == wanted
        halfway = {"at": days()[DAYS // 2][0]}
        for asked, values in (
            ("FROM deals_as_of($at) ORDER BY ALL", halfway),
            ("FROM search('OpenAI') ORDER BY ALL", {}),
        ):
            rows = [con.execute(asked, values).fetchall() for con in (lake.con, file.con, published)]
            assert rows[0] == rows[1] == rows[2]
            assert rows[0]
        assert check(lake.con) == {}
        described = "SELECT count(*) FROM duckdb_columns() WHERE database_name = current_database() AND comment IS NULL"
        assert published.execute(described).fetchone() == file.con.execute(described).fetchone()


def test_four_loaders_at_once_lose_nothing_and_double_nothing(settings_at, tmp_path):
    alone, machines = Settings(home=tmp_path / "file"), [settings_at(f"machine{number}") for number in range(4)]
    for at, (_, linked) in enumerate(days()):
        for settings in (alone, machines[at % 4], machines[(at + 1) % 4]):  # each batch reaches two machines
            lines = [ArticleRead(found.article, found.reading) for found in linked]
            batches_of(settings).put_readings(f"day-{at}", lines)
    load_batches(alone)
    loaders = [process(settings, LOAD) for settings in machines]
    said = [loader.communicate(timeout=1800)[1] for loader in loaders]
    assert [loader.returncode for loader in loaders] == [0] * 4, said
    assert [batches_of(settings).unloaded() for settings in machines] == [[]] * 4
    told = (
        "SELECT version_id FROM articles ORDER BY ALL",
        "SELECT observation_id, version_id, type, status, amount FROM observations ORDER BY ALL",
        "SELECT version_id, extractor, claims FROM readings ORDER BY ALL",
        "SELECT deal_id, headline, type, status, amount, currency, articles, sources FROM deals_current ORDER BY ALL",
    )
    with open_ledger(machines[0]) as lake, connect_snapshot(alone.snapshot) as file:
        for asked in told:
            assert lake.con.execute(asked).fetchall() == file.execute(asked).fetchall()
        assert check(lake.con) == {}


def test_a_loader_killed_as_it_writes_leaves_nothing_behind_and_its_lock_to_the_next(settings_at):
    settings = settings_at("machine")
    fill(settings, days()[:1])
    with open_ledger(settings) as lake:
        before = contents(lake.con)
    writer = process(settings, HELD)
    assert "writing\n" in writer.stdout
    with pytest.raises(LedgerBusyError, match=f"process {writer.pid} on ") as refused:
        connect_writer(settings.ledger, wait_s=0)
    assert refused.value.pid == writer.pid
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    with open_ledger(settings) as lake:
        assert contents(lake.con) == before
        assert check(lake.con) == {}
    fill(settings, days()[:2])
    with open_ledger(settings) as lake:
        assert check(lake.con) == {}


def test_a_writer_whose_lock_is_gone_commits_nothing(settings_at):
    with open_ledger(settings_at("machine")) as store:
        migrate(store.con)
        with pytest.raises(WarehouseError, match="ended the session"):
            write_without_lock(store)
        assert store.con.execute("SELECT count(*) FROM deal_types").fetchone() == (0,)


def write_without_lock(store: Store) -> None:
    ended = "SELECT pg_terminate_backend(pid) AS ended FROM pg_locks WHERE locktype = 'advisory'"
    with store.transaction():
        store.insert("deal_types", [{"type": "x", "name": "x", "slug": "x", "family": "x"}])
        store.con.cursor().execute(f"FROM postgres_query('guard', $${ended}$$)").fetchall()


def test_the_password_is_told_to_nobody(settings_at, address, capsys, monkeypatch):
    from pipeline.cli import main

    password = address.split(":")[4].partition("@")[0]
    settings = settings_at("machine")
    with open_ledger(settings) as store:
        assert password not in str(store.con.execute("FROM duckdb_databases()").fetchall())
    monkeypatch.setenv("DEALWIRE_WAREHOUSE", address.replace(":" + address.rsplit(":", 1)[1].split("/")[0], ":1"))
    for command in (["db", "check"], ["doctor"], ["db", "path", "--writer"]):
        monkeypatch.setattr(sys, "argv", ["dealwire", *command])
        with pytest.raises(SystemExit):
            main()
        shown = "".join(capsys.readouterr())
        assert "ducklake:postgres:" in shown or command == ["doctor"]
        assert password not in shown


def test_a_ledger_in_a_file_moves_into_a_lake_whole(settings_at, monkeypatch, capsys, tmp_path):
    from pipeline.cli import main

    settings = settings_at("machine")
    fill(Settings(home=settings.home), days()[:2])
    monkeypatch.setenv("DEALWIRE_HOME", str(settings.home))
    monkeypatch.setenv("DEALWIRE_WAREHOUSE", settings.warehouse.get_secret_value())
    monkeypatch.setenv("DEALWIRE_WAREHOUSE_DATA", settings.warehouse_data)
    monkeypatch.setattr(sys, "argv", ["dealwire", "db", "copy"])
    main_status(main)
    with open_ledger(settings) as lake, connect_writer(settings.database) as file:
        assert contents(lake.con) == contents(file)
        assert check(lake.con) == {}
    assert main_status(main) != 0
    assert "has articles already" in capsys.readouterr().err


def main_status(main: Callable[[], None]) -> int:
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_data_in_an_s3_store_are_the_same(settings_at, bucket, tmp_path):
    in_lake, in_file = settings_at("lake", bucket), Settings(home=tmp_path / "file")
    for settings in (in_lake, in_file):
        fill(settings, days()[:2])
    with open_ledger(in_lake) as lake, open_ledger(in_file) as file:
        kept = lake.con.execute("SELECT count(*) FROM glob('s3://ledger/parquet/**/*.parquet')").fetchone()
        assert kept[0] > 0
        assert contents(lake.con, ("schema_migrations",)) == contents(file.con, ("schema_migrations",))
        assert check(lake.con) == {}
