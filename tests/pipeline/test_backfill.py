"""Backfill: a range is read anew once a reader has changed, archives are taken in, and both can be broken off."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.backfill import Past, backfill, plan
from pipeline.errors import ConfigError
from pipeline.ingest import ingest_paths
from pipeline.settings import Settings
from pipeline.stages import batches_of, load_batches, read_batch
from warehouse.db import connect_snapshot
from warehouse.errors import SnapshotMissingError

SOURCE = """
id = "wire"
name = "Wire"
homepage = "https://www.wire.example.com/"
country = "US"
language = "en"
kind = "daily"
tier = 1
poll_minutes = 15
[[feed]]
url = "https://feeds.wire.example.com/all.xml"
"""
MARCH = Past(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "wire.toml").write_text(SOURCE, "utf-8")
    return Settings(home=tmp_path / "home", sources_dir=tmp_path / "sources", batch_size=2)


@pytest.fixture
def ledger(settings, reader, tmp_path):
    """Five articles of March, one of April, one that cannot be read, as the first reader read them."""
    lines = [
        f'{{"id": "{n}", "title": "Amazon backs OpenAI {n}", "text": "A stake {n}.", "published": "2026-0{m}-0{n}"}}'
        for n, m in ((1, 3), (2, 3), (3, 3), (4, 3), (5, 3), (6, 4))
    ]
    lines.append('{"id": "7", "title": "unreadable", "text": "by this reader", "published": "2026-03-01"}')
    (tmp_path / "news.jsonl").write_text("\n".join(lines), "utf-8")
    ingest_paths(settings, [tmp_path / "news.jsonl"], datetime(2026, 4, 8, tzinfo=UTC), reader=reader)
    return settings


def write_archive(path, *addresses, day="2025-03-01"):
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for address in addresses:
            text = f"Amazon would buy a stake in OpenAI, {address} has learned. " * 20
            page = f"<html><head><title>Amazon and OpenAI</title></head><body><p>{text}</p></body></html>"
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address, "response", payload=BytesIO(page.encode()), http_headers=headers,
                    warc_headers_dict={"WARC-Date": f"{day}T09:30:00Z"},
                )
            )  # fmt: skip


def rows(settings, sql):
    with connect_snapshot(settings.snapshot) as con:
        return con.execute(sql).fetchall()


def test_what_the_reader_of_today_has_read_is_not_chosen(ledger, reader):
    planned = plan(ledger, MARCH, reader=reader)
    assert planned.counts["chosen"] == 1  # the one that could not be read
    assert [len(batches_of(ledger).raw(batch)) for batch in planned.batches] == [1]


def test_a_changed_reader_reads_the_range_anew_and_deals_keep_their_ids(ledger, reader):
    before = rows(ledger, "SELECT deal_id FROM deals ORDER BY 1")
    reader.version = "two-names-2"
    report = backfill(ledger, MARCH, reader=reader)
    assert (report.kind, report.counts["documents"], report.counts["unread"]) == ("backfill", 6, 1)
    assert rows(ledger, "SELECT deal_id FROM deals ORDER BY 1") == before
    told = "SELECT extractor, count(*) FROM observations WHERE superseded_by IS NULL GROUP BY 1 ORDER BY 1"
    assert rows(ledger, told) == [("two-names-1", 1), ("two-names-2", 5)]  # April is as it was
    assert backfill(ledger, MARCH, reader=reader).counts["documents"] == 1


def test_a_limit_leaves_the_rest_for_the_next_time_and_failures_come_last(ledger, reader):
    reader.version = "two-names-2"
    seen = []
    for chosen, left in ((3, 3), (3, 0), (1, 0)):
        planned = plan(ledger, MARCH, reader=reader, limit=3)
        assert (planned.counts["chosen"], planned.counts["left"]) == (chosen, left)
        for batch in planned.batches:
            seen += [article.title for article in batches_of(ledger).raw(batch)]
            read_batch(ledger, batch, reader)
        load_batches(ledger)
    assert seen == [*(f"Amazon backs OpenAI {n}" for n in range(1, 6)), "unreadable", "unreadable"]


def test_broken_off_it_goes_on_where_it_was(ledger, reader):
    reader.version = "two-names-2"
    first = plan(ledger, MARCH, reader=reader)
    read_batch(ledger, first.batches[0], reader)  # and here the process ends
    assert plan(ledger, MARCH, reader=reader).batches == first.batches
    report = backfill(ledger, MARCH, reader=reader)
    assert report.counts["documents"] == 4
    assert report.counts["superseded"] == 5


def test_sources_narrow_the_range(ledger, reader):
    reader.version = "two-names-2"
    only = Past(MARCH.since, MARCH.until, ("wire",))
    assert plan(ledger, only, reader=reader).batches == ()
    assert plan(ledger, Past(MARCH.since, MARCH.until, ("inbox",)), reader=reader).counts["chosen"] == 6


def test_archives_are_taken_in_as_of_their_capture_and_for_their_publisher(settings, reader, tmp_path):
    write_archive(tmp_path / "a.warc.gz", "https://m.wire.example.com/1", "https://other.example.org/2")
    write_archive(tmp_path / "late.warc.gz", "https://wire.example.com/3", day="2025-06-01")
    past = Past(date(2025, 3, 1), date(2025, 3, 31), archives=(tmp_path,))
    report = backfill(settings, past, reader=reader)
    assert report.counts["archived"] == 2
    told = rows(settings, "SELECT source_id, url, seen_at::DATE FROM articles ORDER BY 2")
    assert told == [
        ("wire", "https://m.wire.example.com/1", date(2025, 3, 1)),
        ("inbox", "https://other.example.org/2", date(2025, 3, 1)),
    ]
    again = backfill(settings, past, reader=reader)
    assert (again.counts["archived"], again.counts["chosen"], again.added) == (2, 0, 0)
    mine = Past(date(2025, 3, 1), date(2025, 12, 31), ("wire",), (tmp_path,))
    assert backfill(settings, mine, reader=reader).counts["articles_new"] == 1


def test_a_damaged_archive_is_told_and_read_again_the_next_time(settings, reader, tmp_path):
    write_archive(tmp_path / "a.warc.gz", "https://wire.example.com/1", "https://wire.example.com/2")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(path.read_bytes()[:-40])
    past = Past(date(2025, 3, 1), date(2025, 3, 31), archives=(path,))
    for _ in range(2):
        planned = plan(settings, past, reader=reader)
        assert planned.counts["archived"] == 1
        assert "a.warc.gz: damaged after 2 records: the file ends early (make the archive anew)" in planned.problems[0]


@pytest.mark.parametrize(
    ("sources", "archives", "said"),
    [(("wired",), (), "did you mean 'wire'"), ((), (Path("none.warc"),), "none.warc: no such archive")],
)
def test_what_is_wrong_is_named(settings, reader, sources, archives, said):
    past = Past(date(2026, 1, 1), date(2026, 2, 1), sources, archives)
    with pytest.raises(ConfigError, match=said):
        plan(settings, past, reader=reader)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ConfigError, match="until 2026-01-01 is before since 2026-02-01"):
        Past(date(2026, 2, 1), date(2026, 1, 1))


def test_without_a_ledger_there_is_nothing_to_read_anew(settings, reader):
    with pytest.raises(SnapshotMissingError, match="no snapshot"):
        plan(settings, MARCH, reader=reader)
