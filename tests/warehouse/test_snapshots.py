"""The kept versions of the snapshot, whole and damaged."""

from __future__ import annotations

import pytest

from warehouse.db import connect_writer
from warehouse.migrate import migrate, schema_version
from warehouse.publish import publish
from warehouse.snapshots import list_versions


@pytest.fixture
def snapshot(tmp_path):
    path = tmp_path / "published" / "dealwire.duckdb"
    with connect_writer(tmp_path / "ledger.duckdb") as con:
        migrate(con)
        con.execute("CREATE TABLE filler AS SELECT hash(range) AS noise FROM range(400000)")
        publish(con, path)
        publish(con, path)
        assert schema_version(con) == list_versions(path)[0].schema_version
    return path


def test_versions_come_newest_first_with_their_counts(snapshot):
    newest, oldest = list_versions(snapshot, verify=True)
    assert newest.published_at > oldest.published_at
    assert (newest.current, oldest.current) == (True, False)
    assert (newest.articles, newest.deals, newest.problem) == (0, 0, "")
    assert newest.bytes == snapshot.stat().st_size


def test_a_torn_version_is_told_from_a_whole_one(snapshot):
    oldest = list_versions(snapshot)[1].path
    oldest.chmod(0o644)
    with oldest.open("r+b") as file:
        file.truncate(oldest.stat().st_size // 2)
    newest, torn = list_versions(snapshot, verify=True)
    assert newest.problem == ""
    assert torn.path.name in torn.problem or "could not be read" in torn.problem
    assert (torn.articles, torn.schema_version) == (None, None)


def test_flipped_bytes_are_found_by_reading_everything(snapshot):
    version = list_versions(snapshot)[1].path
    version.chmod(0o644)
    raw = bytearray(version.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 64] = bytes(byte ^ 0xFF for byte in raw[middle : middle + 64])
    version.write_bytes(bytes(raw))
    assert list_versions(snapshot, verify=True)[1].problem


def test_nothing_published_is_an_empty_list(tmp_path):
    assert list_versions(tmp_path / "none.duckdb") == []
