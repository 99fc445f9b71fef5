"""Migrations: numbered SQL files, applied once each, in order; a migration and its record commit together.

After them the views are re-created, and the reference rows (companies, chips, deal types) brought up to date.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from warehouse import sql
from warehouse.errors import MigrationError, NewerDatabaseError
from warehouse.lake import is_lake

MIGRATIONS = sql.HERE / "migrations"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_NEEDS = re.compile(r"^-- needs: (.+)$", re.MULTILINE)
_COMMENT = re.compile(r"^COMMENT ON (?:MACRO|COLUMN) .*;$", re.MULTILINE)
_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'one row an applied migration (key: version)';
COMMENT ON COLUMN schema_migrations.version IS 'number of the migration';
COMMENT ON COLUMN schema_migrations.name IS 'its file';
COMMENT ON COLUMN schema_migrations.sha256 IS 'hash of the file as applied';
COMMENT ON COLUMN schema_migrations.applied_at IS 'when (UTC)';
"""


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what is pending, re-create the views; returns the names of the migrations applied now.

    A failing migration is rolled back whole, stays pending and raises :class:`MigrationError`; those before it stay.
    A database that has migrations this version does not know raises :class:`NewerDatabaseError`.
    """
    files = _files(folder)
    refuse_newer(con, folder)
    con.execute(_LEDGER)
    applied = {row[0]: row for row in con.execute("SELECT version, name, sha256 FROM schema_migrations").fetchall()}
    done = []
    for version, path in files.items():
        text = path.read_text("utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if version in applied:
            if applied[version][2] != digest:
                raise MigrationError(f"{path.name} was edited after it had been applied", "add a new migration instead")
            continue
        with _named(path.name), transaction(con):
            con.execute(text)
            con.execute("INSERT INTO schema_migrations VALUES (?, ?, ?, now())", [version, path.name, digest])
        done.append(path.name)
    if folder == MIGRATIONS:
        create_views(con)
    return done


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """The newest migration that a database has seen; 0 before the first."""
    if "schema_migrations" not in {row["name"] for row in sql.run(con, "tables_here")}:
        return 0
    newest = con.execute("SELECT coalesce(max(version), 0) FROM schema_migrations").fetchone()
    return int(newest[0]) if newest else 0


def refuse_newer(con: duckdb.DuckDBPyConnection, folder: Path = MIGRATIONS) -> None:
    """Raise :class:`NewerDatabaseError` where a newer Dealwire has changed the schema: we cannot know what it means."""
    found, known = schema_version(con), max(_files(folder), default=0)
    if found > known:
        raise NewerDatabaseError(
            f"the database has schema version {found}, this dealwire knows {known}",
            "upgrade dealwire, or point DEALWIRE_HOME at another folder",
        )


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """(Re-)create all of ``views/`` in one transaction, each after those that its ``-- needs:`` line names."""
    texts = {name: sql.load(name, "views") for name in sql.names("views")}
    needs = {name: _needs(text) for name, text in texts.items()}
    lake = is_lake(con)
    with transaction(con):
        for name in TopologicalSorter(needs).static_order():
            with _named(f"views/{name}.sql"):
                con.execute(_uncommented(texts[name]) if lake else texts[name])


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _uncommented(text: str) -> str:
    """DuckLake keeps comments on tables, their columns and views, but none on macros and the columns of views."""
    return _COMMENT.sub("", text)


def _needs(text: str) -> list[str]:
    found = _NEEDS.search(text)
    return [name.strip() for name in found[1].split(",")] if found else []


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise MigrationError(f"{name} failed and was rolled back: {error}", "mend the file and run again") from error


def _files(folder: Path) -> dict[int, Path]:
    files: dict[int, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path.name} is no migration name", "name it NNNN_what_it_does.sql")
        if int(match[1]) in files:
            raise MigrationError(f"{path.name} repeats the number of {files[int(match[1])].name}", "take the next one")
        files[int(match[1])] = path
    return files
