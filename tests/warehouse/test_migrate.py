"""Migrations: once each, in order, each with its record or not at all."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from warehouse import dictionary, sql
from warehouse.errors import MigrationError, NewerDatabaseError
from warehouse.migrate import MIGRATIONS, migrate


@pytest.fixture
def con():
    return duckdb.connect()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (x INTEGER);")
    (tmp_path / "0002_two.sql").write_text("CREATE TABLE two (x INTEGER); INSERT INTO two VALUES (1);")
    return tmp_path


def test_a_new_database_gets_all_and_a_second_call_nothing(con):
    assert migrate(con) == sorted(path.name for path in MIGRATIONS.glob("*.sql"))
    assert migrate(con) == []


def test_a_failing_migration_is_rolled_back_and_stays_pending(con, folder):
    (folder / "0002_two.sql").write_text("CREATE TABLE two (x INTEGER); INSERT INTO two VALUES ('no number');")
    with pytest.raises(MigrationError, match=r"0002_two\.sql"):
        migrate(con, folder)
    assert con.execute("SELECT name FROM schema_migrations").fetchall() == [("0001_one.sql",)]
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'two'").fetchone() == (0,)
    (folder / "0002_two.sql").write_text("CREATE TABLE two (x INTEGER);")
    assert migrate(con, folder) == ["0002_two.sql"]


def test_an_applied_migration_must_not_be_edited(con, folder):
    migrate(con, folder)
    (folder / "0001_one.sql").write_text("CREATE TABLE one (x BIGINT);")
    with pytest.raises(MigrationError, match="edited"):
        migrate(con, folder)


def test_a_database_of_a_newer_version_is_refused(con, folder):
    migrate(con, folder)
    (folder / "0002_two.sql").unlink()
    with pytest.raises(NewerDatabaseError) as caught:
        migrate(con, folder)
    assert "upgrade" in caught.value.hint


@pytest.mark.parametrize("name", ["3_three.sql", "0003-three.sql", "0002_again.sql"])
def test_names_that_break_the_order_are_refused(con, folder, name):
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=name):
        migrate(con, folder)


def test_views_survive_a_second_creation_with_their_comments(con):
    migrate(con)
    migrate(con)
    assert dictionary.undescribed(con) == []


def test_each_view_states_its_grain_in_its_first_line():
    for name in sql.names("views"):
        assert sql.load(name, "views").startswith(("-- Grain: one ", "-- No grain: ")), name


def test_each_query_and_check_says_what_a_row_is():
    for folder in ("queries", "checks"):
        for name in sql.names(folder):
            assert sql.load(name, folder).startswith("-- One row"), name


def test_the_dictionary_is_up_to_date(con):
    migrate(con)
    assert dictionary.PATH.read_text("utf-8") == dictionary.render(con), "run `python -m warehouse.dictionary`"


def test_the_packaged_migrations_copy_elsewhere(con, tmp_path):
    shutil.copytree(MIGRATIONS, tmp_path / "m")
    assert migrate(con, tmp_path / "m")
