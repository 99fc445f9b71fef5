"""``db`` and ``doctor``."""

from __future__ import annotations

import json
import sys

import duckdb
import pytest


def test_a_ledger_from_nothing(empty, tmp_path):
    first, second = empty("db", "migrate"), empty("db", "migrate")
    assert "applied 0001_ledger.sql" in first.out
    assert "companies" in first.out
    assert "the schema is up to date" in second.out
    assert empty("db", "check").status == 0
    assert empty("db", "publish").status == 0
    path = empty("db", "path").out.strip()
    assert path == str(tmp_path / "home" / "published" / "dealwire.duckdb")
    with duckdb.connect(path, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM deals").fetchone() == (0,)
    assert empty("db", "path", "--writer").out.strip() == str(tmp_path / "home" / "ledger.duckdb")


def test_check_names_rows_that_should_not_be(empty, tmp_path):
    empty("db", "migrate")
    with duckdb.connect(str(tmp_path / "home" / "ledger.duckdb")) as con:
        con.execute(
            "INSERT INTO deals BY NAME SELECT 'lonely' AS deal_id, 'acquisition' AS type, 'announced' AS status, "
            "'' AS status_reason, DATE '2026-01-01' AS first_on, DATE '2026-01-01' AS last_on, "
            "DATE '2026-01-01' AS status_on, 'lonely' AS thread_id, FALSE AS withdrawn, now() AS first_recorded_at, "
            "now() AS updated_at"
        )
    answer = empty("db", "check")
    assert answer.status == 1
    assert "deals_without_claims: 1 rows" in answer.out
    assert "deal_id=lonely" in answer.out


def test_snapshots_are_listed_and_a_torn_one_makes_the_status_1(empty, tmp_path):
    empty("db", "migrate")
    assert "no rows" in empty("db", "snapshots").err
    told = empty("db", "publish", "--parquet").out.splitlines()
    assert told == [str(tmp_path / "home" / "published" / name) for name in ("dealwire.duckdb", "dealwire.parquet")]
    (row,) = json.loads(empty("db", "snapshots", "--verify", "--json").out)
    assert (row["current"], row["articles"], row["problem"]) == (True, 0, "")
    path = tmp_path / "home" / "published" / "dealwire.duckdb"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:10_000])
    torn = empty("db", "snapshots")
    assert (torn.status, "dealwire-" in torn.out) == (1, True)
    assert "db snapshots" in empty("query", "SELECT 1").err


def findings(answer):
    return {row["check"]: row for row in json.loads(answer.out)}


def test_doctor_of_a_sound_home(dealwire):
    answer = dealwire("doctor", "--json")
    assert answer.status == 0
    found = findings(answer)
    assert found["python"]["found"] == sys.version.split()[0]
    assert found["duckdb"]["found"] == duckdb.__version__
    assert "3 articles, 3 claims, 2 deals, 3 events" in found["snapshot"]["found"]
    assert found["database"]["state"] == "ok"


def test_doctor_of_an_empty_home_warns(empty):
    answer = empty("doctor", "--json")
    found = findings(answer)
    assert answer.status == 0
    assert found["database"]["state"] == found["snapshot"]["state"] == "warning"


def test_doctor_prints_no_secret(dealwire):
    answer = dealwire.program(
        "doctor", DEALWIRE_SMTP_PASSWORD="hunter2", DEALWIRE_SMTP_URL="smtp://u:hunter3@mail", DEALWIRE_CONCURRENCY="4"
    )
    assert "DEALWIRE_SMTP_PASSWORD (set)" in answer.out
    assert "DEALWIRE_CONCURRENCY=4" in answer.out
    assert "hunter" not in answer.out + answer.err


@pytest.mark.parametrize("content", [b"not a database, and long enough to be looked at as one " * 50, b"DUCK"])
def test_doctor_of_a_broken_database(empty, tmp_path, content):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "ledger.duckdb").write_bytes(content)
    answer = empty("doctor", "--json")
    assert answer.status == 1
    assert findings(answer)["database"]["state"] == "error"


def test_doctor_of_a_broken_source_file(dealwire, tmp_path):
    (tmp_path / "bad.toml").write_text('id = "bad"\n')
    dealwire.env["DEALWIRE_SOURCES_DIR"] = str(tmp_path)
    answer = dealwire("doctor", "--json")
    assert answer.status == 1
    assert any("bad.toml" in row["found"] for row in json.loads(answer.out) if row["check"] == "sources")
