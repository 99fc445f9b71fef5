"""Fetch, read and load apart, as workers do it: the same ledger as one process makes, and nothing twice."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError, InputError
from pipeline.run import run_once
from pipeline.settings import Settings
from pipeline.sources import load_sources
from pipeline.stages import batches_of, fetch_sources, load_batches, read_batch, source_groups
from warehouse.db import connect_snapshot, connect_writer

SOURCE = """
id = "{id}"
name = "{id}"
homepage = "{base}/{id}"
country = "US"
language = "en"
kind = "daily"
tier = 2
poll_minutes = 15
[[feed]]
url = "{base}/{id}.xml"
"""


@pytest.fixture
def settings(site, tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.toml").write_text(SOURCE.format(id=name, base=site.base), "utf-8")
        site.feed(f"/{name}.xml", (name, f"/{name}/1", "Amazon in talks with OpenAI", "a stake"))
        site.page(f"/{name}/1", "Amazon in talks with OpenAI", f"Amazon would buy a stake, {name} has learned. " * 30)
    return Settings(home=tmp_path / "home", sources_dir=folder, allow_private=True, host_delay_s=0, batch_size=1)


def rows(settings, sql):
    with connect_snapshot(settings.snapshot) as con:
        return con.execute(sql).fetchall()


def test_the_stages_make_the_ledger_that_one_run_makes(settings, site, reader, tmp_path):
    fetched = fetch_sources(settings, ["one", "two"])
    assert len(fetched.batches) == 2
    assert fetched.problems == ()
    for batch in fetched.batches:
        assert read_batch(settings, batch, reader).counts["documents"] == 1
    loaded, run = load_batches(settings)
    assert set(loaded.batches) == set(fetched.batches)
    assert run.counts["articles_new"] == 2
    assert not run.failed
    alone = Settings(**{**settings.model_dump(), "home": tmp_path / "alone"})
    run_once(alone, sources=load_sources(alone.sources_dir).sources, reader=reader)
    for sql in ("SELECT deal_id, status FROM deals ORDER BY 1", "SELECT id, version_id FROM articles ORDER BY 1, 2"):
        sql = sql.replace("SELECT id,", "SELECT article_id,")
        assert rows(settings, sql) == rows(alone, sql)
        assert rows(settings, sql)


def test_every_stage_may_be_run_again(settings, site, reader):
    first = fetch_sources(settings, ["one"])
    read_batch(settings, first.batches[0], reader)
    assert read_batch(settings, first.batches[0], reader).counts == {"documents": 0}
    load_batches(settings)
    again, run = load_batches(settings)
    assert again.batches == ()
    assert run.added == 0
    assert fetch_sources(settings, ["one"], force=True).batches == ()
    assert read_batch(settings, first.batches[0], reader).counts == {"documents": 0}


def test_an_article_that_is_known_is_not_read_again(settings, site, reader):
    first = fetch_sources(settings, ["one"]).batches[0]
    articles = batches_of(settings).raw(first)
    read_batch(settings, first, reader)
    load_batches(settings)
    again = batches_of(settings).put_raw("inbox", articles)
    assert read_batch(settings, again, reader).counts == {"articles_unchanged": 1}
    _, run = load_batches(settings)
    assert run.added == 0
    again = batches_of(settings).put_raw("inbox", articles)
    reader.version = "two-names-2"
    assert read_batch(settings, again, reader).counts["documents"] == 1


def test_a_fetch_that_nobody_answers_is_logged_as_failed(settings, site):
    site.pages.clear()
    report = fetch_sources(settings, ["one", "two"])
    assert report.failed
    assert report.counts["feeds_failed:not_found"] == 2
    with connect_writer(settings.database) as con:
        assert con.execute("SELECT state FROM run_log").fetchall() == [("failed",)]
    site.feed("/one.xml", ("1", "/one/1", "Amazon in talks with OpenAI", "a stake"))
    assert not fetch_sources(settings, ["one", "two"], force=True).failed


def test_a_fetch_that_breaks_off_before_its_batch_is_written_fetches_again(settings, monkeypatch):
    def full(self, origin, articles):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batches.Batches.put_raw", full)
        with pytest.raises(OSError, match="No space"):
            fetch_sources(settings, ["one"])
    assert len(fetch_sources(settings, ["one"]).batches) == 1


def test_a_damaged_batch_is_told_and_the_others_are_loaded(settings, reader):
    fetched = fetch_sources(settings, ["one", "two"])
    for batch in fetched.batches:
        read_batch(settings, batch, reader)
    bad, good = sorted(fetched.batches)
    (settings.home / "batches" / "readings" / f"{bad}.jsonl").write_text("{", "utf-8")
    loaded, _ = load_batches(settings)
    assert loaded.batches == (good,)
    assert any(f"{bad}.jsonl:1: damaged batch" in problem for problem in loaded.problems)
    assert batches_of(settings).unloaded() == [bad]


def test_sources_of_one_host_are_fetched_by_one_task(settings, site):
    assert source_groups(settings, 4) == [["one", "two"]]
    other = SOURCE.format(id="three", base="https://example.org")
    (settings.sources_dir / "three.toml").write_text(other, "utf-8")
    assert source_groups(settings, 4) == [["one", "two"], ["three"]]
    assert source_groups(settings, 1) == [["one", "three", "two"]]


def test_the_packaged_sources_are_shared_out_evenly_and_wholly():
    groups = source_groups(Settings(), 4)
    ids = [name for group in groups for name in group]
    assert sorted(ids) == sorted(source.id for source in load_sources(None).sources)
    assert max(map(len, groups)) - min(map(len, groups)) <= 4


def test_what_is_not_there_is_named(settings, reader):
    with pytest.raises(ConfigError, match="'nobody' is not in the catalogue"):
        fetch_sources(settings, ["nobody"])
    with pytest.raises(ConfigError, match="0 groups"):
        source_groups(settings, 0)
    assert read_batch(settings, "feeds-0000", reader).counts == {"documents": 0}
    with pytest.raises(InputError, match="cannot be read"):
        batches_of(settings).readings("feeds-0000")


def test_a_ledger_is_restored_from_a_snapshot_and_the_batches_since(settings, site, reader):
    for source in ("one", "two"):
        for batch in fetch_sources(settings, [source]).batches:
            read_batch(settings, batch, reader)
        load_batches(settings)
        if source == "one":
            copy = settings.snapshot.read_bytes()
    expected = rows(settings, "SELECT deal_id, title FROM articles, deals ORDER BY ALL")
    settings.database.unlink()
    settings.snapshot.unlink()
    settings.database.write_bytes(copy)
    done = settings.home / "batches" / "done"
    for path in done.iterdir():
        path.rename(done.with_name("readings") / path.name)
    _, run = load_batches(settings)
    assert run.counts["articles_new"] == 1
    assert not run.failed
    assert rows(settings, "SELECT deal_id, title FROM articles, deals ORDER BY ALL") == expected
