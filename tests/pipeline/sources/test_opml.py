"""Subscription lists: in with a report, out and back again without loss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import ConfigError
from pipeline.sources import export_opml, import_opml, load_sources

LIST = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0"><head><title>My feeds</title></head><body>
  <outline text="Business">
    <outline text="朝日新聞デジタル" type="rss" xmlUrl="http://rss.asahi.example/headlines.rdf" htmlUrl="http://asahi.example"/>
    <outline text="L&#039;Écho du Nord" xmlUrl="https://echo.example/feed?a=1&amp;b=2"/>
  </outline>
  <outline text="Again" xmlUrl="https://www.rss.asahi.example/headlines.rdf/"/>
  <outline text="L'Écho du Nord" xmlUrl="https://echo.example/other"/>
  <outline text="Gone wrong" xmlUrl="feed://nowhere.example/feed"/>
</body></opml>
"""


def write(tmp_path, text=LIST, encoding="utf-8"):
    path = tmp_path / "list.opml"
    path.write_bytes(text.format(encoding=encoding).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_becomes_sources_with_a_report(tmp_path, encoding):
    folder = tmp_path / "sources"
    report = import_opml(write(tmp_path, encoding=encoding), folder, country="JP", language="ja", tier=3)
    assert [(source.id, source.name) for source in report.taken] == [
        ("rss-asahi-example", "朝日新聞デジタル"),
        ("l-echo-du-nord", "L'Écho du Nord"),
        ("l-echo-du-nord-2", "L'Écho du Nord"),
    ]
    assert [(entry.title, entry.url) for entry in report.skipped] == [
        ("Again", "https://www.rss.asahi.example/headlines.rdf/"),
        ("Gone wrong", "feed://nowhere.example/feed"),
    ]
    assert "polls this feed already" in report.skipped[0].reason
    assert "feed[1].url: should be a web address" in report.skipped[1].reason
    catalog = load_sources(folder)
    assert catalog.problems == ()
    asahi = catalog.get("rss-asahi-example")
    assert (asahi.country, asahi.language, asahi.tier, asahi.kind) == ("JP", "ja", 3, "blog")
    assert catalog.get("l-echo-du-nord").feeds[0].url == "https://echo.example/feed?a=1&b=2"


def test_a_second_import_takes_nothing(tmp_path):
    folder = tmp_path / "sources"
    first = import_opml(write(tmp_path), folder)
    second = import_opml(write(tmp_path), folder)
    assert len(first.taken) == 3
    assert second.taken == ()
    assert "l-echo-du-nord polls this feed already" in {entry.reason for entry in second.skipped}


def test_the_packaged_sources_go_out_and_come_back(tmp_path):
    before = load_sources().sources
    path = tmp_path / "all.opml"
    path.write_text(export_opml(before), encoding="utf-8")
    report = import_opml(path, tmp_path / "sources")
    assert report.skipped == ()
    after = load_sources(tmp_path / "sources")
    assert after.problems == ()

    def plain(sources):
        return [replace(source, path="", homepage="") for source in sources]

    # OPML carries the homepage, but the reader of lists does not pass it on: the host of the feed stands in.
    assert plain(after.sources) == plain(before)
    assert all(source.homepage.startswith("http") for source in after.sources)


def test_a_bad_default_is_reported_for_each_entry_and_nothing_is_written(tmp_path):
    folder = tmp_path / "sources"
    report = import_opml(write(tmp_path), folder, kind="paper")
    assert report.taken == ()
    assert all("kind" in entry.reason for entry in report.skipped if entry.title != "Again")
    assert list(folder.glob("*")) == []


@pytest.mark.parametrize("text", ["", "<html><body>no</body></html>", "plain words"])
def test_what_is_no_list_is_an_error(tmp_path, text):
    with pytest.raises(ConfigError, match="not an OPML file"):
        import_opml(write(tmp_path, text), tmp_path / "sources")


def test_unreadable_lists(tmp_path):
    with pytest.raises(ConfigError, match="not readable"):
        import_opml(tmp_path / "missing.opml", tmp_path / "sources")
    path = tmp_path / "latin.opml"
    path.write_bytes("<?xml version='1.0' encoding='utf-8'?><opml><body>é</body></opml>".encode("latin-1"))
    with pytest.raises(ConfigError, match="not utf-8 text"):
        import_opml(path, tmp_path / "sources")


def test_entities_are_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    text = f"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]>
    <opml version="2.0"><body><outline text="A &x; B" xmlUrl="https://a.example/feed"/></body></opml>"""
    path = tmp_path / "list.opml"
    path.write_text(text)
    (source,) = import_opml(path, tmp_path / "sources").taken
    assert "hidden" not in source.name
