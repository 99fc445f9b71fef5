"""Addresses of ledgers: the password is taken out in every form that libpq knows, and shown in none."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.settings import Settings, read_settings
from warehouse.address import parse


@pytest.mark.parametrize(
    ("words", "catalogue", "password"),
    [
        ("dbname=lake host=db", "dbname=lake host=db", ""),
        ("dbname=lake password=se&cr=et host=db", "dbname=lake host=db", "se&cr=et"),
        (r"password = 'a \'b\' c' dbname=lake", "dbname=lake", "a 'b' c"),
        (r"dbname=lake password=a\ b", "dbname=lake", "a b"),
        ("postgresql://me:se%20cret@db:5433/lake", "postgresql://me@db:5433/lake", "se cret"),
        ("postgresql://me:a@b/c@db/lake", "postgresql://me@db/lake", "a@b/c"),
        ("postgresql://me@db/lake?password=x%26y&sslmode=require", "postgresql://me@db/lake?sslmode=require", "x&y"),
        ("postgresql://me@db/lake?sslmode=require&password=xy", "postgresql://me@db/lake?sslmode=require", "xy"),
        ("postgresql://db/lake", "postgresql://db/lake", ""),
    ],
)
def test_the_password_is_taken_out(words, catalogue, password):
    lake = parse(f"ducklake:postgres:{words}", "s3://bucket/x")
    assert (lake.catalogue, lake.password, lake.is_remote) == (catalogue, password, True)
    assert str(lake) == f"ducklake:postgres:{catalogue}"
    assert not password or password not in repr(lake)


@pytest.mark.parametrize(
    "address", ["", "ducklake:", "ducklake:sqlite:x", "ducklake:postgres: ", "postgres:password=hushhush"]
)
def test_what_is_no_address_is_refused_without_being_shown(address, monkeypatch):
    monkeypatch.setenv("DEALWIRE_WAREHOUSE", address)
    with pytest.raises(ConfigError, match="DEALWIRE_WAREHOUSE: not an address") as refused:
        read_settings()
    assert "hushhush" not in str(refused.value)


def test_the_ledger_is_a_file_until_a_lake_is_named(tmp_path):
    here, there = Settings(home=tmp_path), Settings(home=tmp_path, warehouse="ducklake:postgres:password=hushhush")
    assert here.ledger == here.database
    assert (there.ledger.data, there.has_ledger, here.has_ledger) == (str(tmp_path / "lake"), True, False)
    assert "hushhush" not in f"{there!r} {there.model_dump_json()} {there.ledger!r}"
