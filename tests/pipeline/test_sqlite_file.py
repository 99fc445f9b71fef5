"""All of a transaction, or none of it."""

from __future__ import annotations

import sqlite3

import pytest

from pipeline.sqlite_file import transaction


@pytest.fixture
def opened(tmp_path):
    def connect():
        db = sqlite3.connect(tmp_path / "x.sqlite", isolation_level=None, timeout=0)
        db.execute("CREATE TABLE IF NOT EXISTS t (n)")
        return db

    return connect


def test_what_fails_leaves_nothing(opened):
    def broken(db):
        with transaction(db):
            db.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError

    db = opened()
    with pytest.raises(ZeroDivisionError):
        broken(db)
    assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with transaction(db):
        db.execute("INSERT INTO t VALUES (2)")
    assert db.execute("SELECT n FROM t").fetchall() == [(2,)]


def test_nobody_else_writes_meanwhile(opened):
    one, two = opened(), opened()
    with transaction(one), pytest.raises(sqlite3.OperationalError, match="locked"), transaction(two):
        pass
