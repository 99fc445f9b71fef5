"""Publishing: atomic, versioned, under the lock; and the same as Parquet files."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime

import duckdb
import pytest

from warehouse.db import connect_snapshot, connect_writer
from warehouse.errors import WarehouseError
from warehouse.migrate import migrate, schema_version
from warehouse.publish import publish, published_at, versions

TRY_TO_WRITE = """
import duckdb, sys
try:
    duckdb.connect(sys.argv[1])
except duckdb.IOException:
    print("refused")
"""


@pytest.fixture
def con(tmp_path):
    with connect_writer(tmp_path / "ledger.duckdb") as con:
        yield con


@pytest.fixture
def path(tmp_path):
    return tmp_path / "published" / "dealwire.duckdb"


def test_publishing_replaces_the_snapshot_under_a_reader_and_keeps_versions(con, path):
    con.execute("CREATE TABLE t AS SELECT 0 AS n")
    publish(con, path, keep=2)
    reader = connect_snapshot(path)
    for n in range(1, 4):
        con.execute("UPDATE t SET n = ?", [n])
        publish(con, path, keep=2)
    assert reader.execute("SELECT n FROM t").fetchone() == (0,)
    reader.close()
    assert connect_snapshot(path).execute("SELECT n FROM t").fetchone() == (3,)
    versions = sorted(path.parent.glob("dealwire-*.duckdb"))
    assert [duckdb.connect(str(v), read_only=True).execute("SELECT n FROM t").fetchone()[0] for v in versions] == [2, 3]
    assert not list(path.parent.glob("*.part")) + list(path.parent.glob(".*.part"))


def test_a_database_in_memory_is_not_published(tmp_path):
    with pytest.raises(WarehouseError, match="memory"):
        publish(duckdb.connect(), tmp_path / "x.duckdb")


def test_the_writer_keeps_its_lock_while_it_publishes_and_after(con, path, tmp_path):
    publish(con, path)
    second = [sys.executable, "-c", TRY_TO_WRITE, str(tmp_path / "ledger.duckdb")]
    assert subprocess.run(second, capture_output=True, text=True, check=True).stdout == "refused\n"


def test_the_snapshot_is_its_newest_version_and_says_when(con, path):
    moment = datetime(2026, 3, 1, 6, 30, 0, 5, tzinfo=UTC)
    snapshot, version = publish(con, path, now=moment)
    assert snapshot.samefile(version)
    assert versions(path) == [version]
    assert published_at(version) == moment
    assert not version.stat().st_mode & 0o222


def test_where_files_cannot_have_two_names_the_snapshot_is_a_copy(con, path, monkeypatch):
    con.execute("CREATE TABLE t AS SELECT 7 AS n")
    monkeypatch.setattr("os.link", lambda *_: (_ for _ in ()).throw(OSError("no links here")))
    snapshot, version = publish(con, path)
    assert not snapshot.samefile(version)
    assert snapshot.read_bytes() == version.read_bytes()


def test_what_a_killed_publish_left_is_swept(con, path):
    path.parent.mkdir()
    (path.parent / ".dealwire-20260101T000000000000Z.duckdb.part").write_text("half a file")
    left = path.parent / ".dealwire-20260101T000000000000Z.parquet.part"
    left.mkdir()
    (left / "deals.parquet").write_text("half a file")
    publish(con, path)
    assert not [name for name in path.parent.iterdir() if name.name.startswith(".")]


def test_a_publish_without_room_leaves_the_former_snapshot(con, path, tmp_path):
    con.execute("CREATE TABLE t AS SELECT 1 AS n")
    publish(con, path)
    con.execute("UPDATE t SET n = 2")
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(WarehouseError, match="could not be published"):
        publish(con, blocked / "dealwire.duckdb")
    with connect_snapshot(path) as reader:
        assert reader.execute("SELECT n FROM t").fetchone() == (1,)


def test_parquet_files_hold_what_the_manifest_says(con, path):
    migrate(con)
    con.execute("INSERT INTO chips VALUES ('tpu', 'TPU', 'google', NULL, NULL, NULL)")
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    _, version = publish(con, path, keep=1, now=moment, parquet=True)
    folder = path.with_suffix(".parquet")
    assert folder.resolve() == version.with_suffix(".parquet").resolve()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["published_at"] == "2026-03-01T00:00:00+00:00"
    assert manifest["schema_version"] == schema_version(con) > 0
    assert (manifest["tables"]["chips"]["rows"], manifest["tables"]["chips"]["kind"]) == (1, "table")
    assert manifest["tables"]["timeline"]["kind"] == "view"
    assert {entry["file"] for entry in manifest["tables"].values()} == {p.name for p in folder.glob("*.parquet")}
    for name, entry in manifest["tables"].items():
        file = folder / entry["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        count = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone()
        assert count == (entry["rows"],) == con.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608


def test_old_parquet_folders_go_with_their_versions(con, path):
    for _ in range(3):
        publish(con, path, keep=2, parquet=True)
    folders = sorted(path.parent.glob("dealwire-*.parquet"))
    assert [folder.stem for folder in folders] == sorted(version.stem for version in versions(path))
    assert path.with_suffix(".parquet").resolve() == folders[-1].resolve()


@pytest.mark.parametrize("missing", ["ledger.duckdb", "no/such/folder"])
def test_a_copy_that_fails_says_why(tmp_path, missing):
    from warehouse.file_copy import copy_apart

    with pytest.raises(OSError, match="No such file"):
        copy_apart(tmp_path / missing, tmp_path / "copy")
