"""A source from a web address, found on a real server."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.sources import add_source, load_sources
from pipeline.sources.discover import discover_feeds

PAGE = """<!DOCTYPE html><html lang="{language}"><head>
<link rel="stylesheet" href="/style.css"><link rel="alternate" hreflang="en" href="/en/">
{links}</head><body><a href="/feed">feed</a></body></html>"""


def link(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


def test_a_feed_address_is_written_as_it_says_itself(web, rss, fetcher, tmp_path):
    folder = tmp_path / "sources"
    url = web.put("/feed", rss("Der Anzeiger", "de-AT"), "application/rss+xml")
    added = add_source(url, folder, fetcher)
    assert added.left_out == ()
    assert added.source.path == str(folder / "der-anzeiger.toml")
    (source,) = load_sources(folder).sources
    assert source == added.source
    assert (source.id, source.language, source.country, source.kind) == ("der-anzeiger", "de", "AT", "blog")
    assert [feed.url for feed in source.feeds] == [url]


def test_feeds_of_a_page_are_found_and_tried(web, rss, fetcher, tmp_path):
    links = [link("/rss/tech"), link("/rss/tech/"), link("/dead"), link("/comments/feed")]
    links.append(link("rss/atom", "application/atom+xml"))
    page = web.put("/home/", PAGE.format(language="pt-BR", links="".join(links)))
    tech = web.put("/rss/tech", rss("Notícias"), "application/rss+xml")
    atom = web.put("/home/rss/atom", rss("Mais"), "application/atom+xml")
    added = add_source(page, tmp_path / "sources", fetcher, kind="trade", tier=2, source_id="noticias-tech")
    assert [feed.url for feed in added.source.feeds] == [tech, atom]
    assert [url for url, _ in added.left_out] == [web.url("/dead")]
    assert (added.source.id, added.source.name) == ("noticias-tech", "Notícias")
    assert (added.source.language, added.source.country, added.source.tier) == ("pt", "BR", 2)


def test_the_usual_places_are_tried_where_a_page_names_none(web, rss, fetcher, tmp_path):
    page = web.put("/", PAGE.format(language="", links=""))
    feed = web.put("/feed.xml", rss("Quiet"), "text/xml")
    added = add_source(page, tmp_path / "sources", fetcher)
    assert [each.url for each in added.source.feeds] == [feed]
    assert (added.source.language, added.source.country) == ("und", "ZZ")


def test_a_permanent_redirect_is_written_as_the_new_address(web, rss, fetcher, tmp_path):
    web.put("/old", "", status=301, Location="/new")
    new = web.put("/new", rss("Moved"), "text/xml")
    added = add_source(web.url("/old"), tmp_path / "sources", fetcher)
    assert [feed.url for feed in added.source.feeds] == [new]


def test_a_page_without_feeds_says_what_was_tried(web, fetcher, tmp_path):
    page = web.put("/", PAGE.format(language="en", links=""))
    with pytest.raises(ConfigError, match=r"no feed found .*tried .*/feed, .*/rss") as caught:
        add_source(page, tmp_path / "sources", fetcher)
    assert caught.value.message.startswith(page)
    assert not (tmp_path / "sources").exists()


def test_a_dead_address_says_why(web, fetcher, tmp_path):
    with pytest.raises(ConfigError, match="not_found: the server answered 404"):
        add_source(web.url("/nothing"), tmp_path / "sources", fetcher)


def test_a_feed_that_is_polled_already_is_refused(web, rss, fetcher, tmp_path):
    url = web.put("/feed", rss("News"), "text/xml")
    add_source(url, tmp_path / "sources", fetcher)
    with pytest.raises(ConfigError, match="'news' polls this feed already"):
        add_source(url, tmp_path / "sources", fetcher)


def test_a_taken_id_and_a_bad_value_leave_the_folder_alone(web, rss, fetcher, tmp_path):
    folder = tmp_path / "sources"
    add_source(web.put("/a", rss("A"), "text/xml"), folder, fetcher, source_id="taken")
    before = (folder / "taken.toml").read_text()
    with pytest.raises(ConfigError, match="the file exists"):
        add_source(web.put("/b", rss("B"), "text/xml"), folder, fetcher, source_id="taken")
    with pytest.raises(ConfigError, match="kind"):
        add_source(web.url("/b"), folder, fetcher, kind="paper")
    assert [path.name for path in folder.iterdir()] == ["taken.toml"]
    assert (folder / "taken.toml").read_text() == before


def test_discovery_reads_broken_pages_and_bases():
    html = b"<link rel=alternate type='application/rss+xml' href=a.xml><base href='/deep/'><p><b>"
    assert discover_feeds(html, "https://a.example/x/") == (["https://a.example/deep/a.xml"], "")
    assert discover_feeds(b"\x00\xff<html", "https://a.example/") == ([], "")
    assert discover_feeds(link("javascript:alert(1)").encode(), "https://a.example/")[0] == []
