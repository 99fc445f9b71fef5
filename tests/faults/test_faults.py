"""Accidents for real, with processes: a short round of what ``make soak`` does two hundred times."""

from __future__ import annotations

import random

import pytest

from benchmarks.reliability import rounds, versions
from benchmarks.reliability.inspect import ledger_rows, wounds
from benchmarks.reliability.process import Forge
from pipeline.settings import Settings
from warehouse.db import connect_snapshot


@pytest.fixture(scope="module")
def forge():
    with Forge() as forge:
        yield forge


@pytest.fixture(scope="module")
def reference(forge, tmp_path_factory):
    return rounds.Reference(forge, tmp_path_factory.mktemp("reference"), batches=2)


def test_a_killed_loader_loses_nothing_and_doubles_nothing(forge, reference, tmp_path):
    found = rounds.kill_loaders(forge, reference, tmp_path / "home", 3, random.Random(1))
    assert found.wrong == []
    assert (found.accidents >= 3, found.seen["healed"] >= 1) == (True, True)


def test_a_killed_publish_leaves_readers_a_whole_snapshot(forge, tmp_path):
    found = rounds.kill_publishers(forge, tmp_path, 4, random.Random(2), megabytes=8)
    assert (found.wrong, found.accidents) == ([], 4)


def test_a_full_disk_leaves_the_ledger_as_it_was(forge, reference, tmp_path):
    found = rounds.fill_the_disk(forge, reference, tmp_path / "home", 1, random.Random(3))
    assert (found.wrong, found.accidents, found.seen["healed"]) == ([], 1, 1)


def test_a_torn_snapshot_is_refused_and_published_anew(reference, tmp_path):
    home = reference.loaded(tmp_path / "home")
    found = rounds.tear_snapshots(home, 4, random.Random(4))
    assert (found.wrong, found.accidents) == ([], 4)
    assert found.seen["refused with an explanation"] > 0


@pytest.fixture
def loaded(reference, tmp_path):
    return reference.loaded(tmp_path / "home")


def test_a_migration_that_fails_half_way_leaves_the_ledger_to_the_former_version(forge, reference, loaded, tmp_path):
    status, said = versions.with_migration(tmp_path / "broken", versions.FAILS_HALF_WAY).run(loaded, "db", "migrate")
    assert (status, f"{versions.NUMBER}_to_come.sql failed and was rolled back" in said) == (1, True)
    assert ledger_rows(loaded) == reference.due
    assert wounds(loaded) == []
    assert forge.run("load", loaded).status == 0


def test_an_older_program_refuses_a_newer_ledger_and_leaves_it_alone(loaded, tmp_path):
    newer = versions.with_migration(tmp_path / "newer", versions.ADDS_A_COLUMN)
    assert newer.run(loaded, "db", "publish")[0] == 0
    kept = [path.read_bytes() for path in (Settings(home=loaded).database, Settings(home=loaded).snapshot)]
    older = versions.Program()
    for arguments in (("db", "publish"), ("query", "SELECT 1")):
        status, said = older.run(loaded, *arguments)
        assert (status, "schema version 9000" in said, "upgrade dealwire" in said) == (1, True, True), said
    assert [path.read_bytes() for path in (Settings(home=loaded).database, Settings(home=loaded).snapshot)] == kept


def test_a_reader_goes_on_while_the_ledger_is_loaded_and_published(forge, reference, loaded):
    with connect_snapshot(Settings(home=loaded).snapshot) as con:
        before = con.execute("SELECT count(*) FROM timeline").fetchone()
        assert forge.run("load", loaded).status == 0
        assert con.execute("SELECT count(*) FROM timeline").fetchone() == before
