"""The newsroom over real HTTP: pages, feeds, conditional requests, compression, failures."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import feedparser
import httpx
import pytest
from lxml import html

from pipeline.demo import Newsroom
from pipeline.demo.content import Article, Publisher, load_articles, load_publishers
from pipeline.errors import ConfigError
from pipeline.sources.schema import SourceFile

PUBLISHERS = {publisher.id: publisher for publisher in load_publishers()}
LIVING = [publisher for publisher in PUBLISHERS.values() if not publisher.fault]
CORRECTED = "gazette-du-canal/nebius-meta"


def feed_of(newsroom: Newsroom, publisher: str) -> str:
    return f"{newsroom.base_url}/{publisher}/feed.xml"


@pytest.mark.parametrize("article", load_articles(), ids=lambda article: article.key)
def test_a_page_holds_its_article(newsroom: Newsroom, client: httpx.Client, article: Article) -> None:
    url = newsroom.article_url(article)
    answer = client.get(url)
    assert answer.status_code == 200
    publisher = PUBLISHERS[article.publisher]
    declared = publisher.charset in answer.headers["content-type"]
    assert declared is (publisher.charset_in == "header")
    page = html.fromstring(answer.content.decode(publisher.charset))
    text = " ".join(page.text_content().split())
    for paragraph in [article.title, *article.paragraphs]:
        assert " ".join(paragraph.split()) in text
    assert page.xpath("string(//link[@rel='canonical']/@href)") == url
    assert page.xpath("string(//meta[@property='og:title']/@content)") == article.title
    data = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert data["headline"] == article.title
    assert data["datePublished"] == article.published.isoformat()


def test_pages_surround_the_article_with_the_usual_noise(newsroom: Newsroom, client: httpx.Client) -> None:
    for layout in ("broadsheet", "magazine"):
        article = next(a for a in newsroom.articles if PUBLISHERS[a.publisher].layout == layout and a.lang == "ja")
        page = client.get(newsroom.article_url(article)).content.decode(PUBLISHERS[article.publisher].charset)
        for noise in ("クッキー", "広告", "シェア", "ニュースレター", "コメント", "お問い合わせ"):
            assert noise in page, (layout, noise)
        others = [a for a in newsroom.articles if a.publisher == article.publisher and a.key != article.key]
        assert any(newsroom.article_url(other) in page for other in others)


def test_the_korean_page_names_its_charset_only_in_itself(newsroom: Newsroom, client: httpx.Client) -> None:
    article = next(a for a in newsroom.articles if a.lang == "ko")
    answer = client.get(newsroom.article_url(article))
    assert answer.headers["content-type"] == "text/html"
    assert b'<meta charset="euc-kr">' in answer.content


@pytest.mark.parametrize("publisher", LIVING, ids=lambda publisher: publisher.id)
def test_a_feed_lists_its_articles(newsroom: Newsroom, client: httpx.Client, publisher: Publisher) -> None:
    answer = client.get(feed_of(newsroom, publisher.id))
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[publisher.feed_format]
    mine = [a for a in newsroom.articles if a.publisher == publisher.id]
    assert [entry.id for entry in feed.entries] == [article.guid for article in mine]
    assert [entry.link for entry in feed.entries] == [newsroom.article_url(article) for article in mine]
    assert [entry.title for entry in feed.entries] == [article.title for article in mine]
    for entry, article in zip(feed.entries, mine, strict=True):
        assert tuple(entry.published_parsed)[:6] == tuple(article.published.utctimetuple())[:6]
        assert ("content" in entry) is publisher.full_text


def test_formats_and_charsets_vary() -> None:
    assert sum(publisher.feed_format == "atom" for publisher in LIVING) == 2
    assert sum(publisher.full_text for publisher in LIVING) == 1
    assert {p.language: p.charset for p in LIVING if p.charset != "utf-8"} == {
        "ja": "shift_jis",
        "zh": "gb18030",
        "ko": "euc-kr",
    }


def test_what_robots_closes_stands_whole_in_the_feed(newsroom: Newsroom, client: httpx.Client) -> None:
    closed = re.findall(r"Disallow: (\S+)", client.get(f"{newsroom.base_url}/robots.txt").text)
    assert closed == ["/stackwire/premium/"]
    (article,) = [a for a in newsroom.articles if a.path.startswith("/premium/")]
    feed = feedparser.parse(client.get(feed_of(newsroom, "stackwire")).content)
    (entry,) = [entry for entry in feed.entries if entry.link == newsroom.article_url(article)]
    text = html.fromstring(f"<div>{entry.content[0].value}</div>").text_content()
    assert all(paragraph in text for paragraph in article.paragraphs)


@pytest.mark.parametrize("page", ["feed", "article"])
def test_an_unchanged_answer_is_304(newsroom: Newsroom, client: httpx.Client, page: str) -> None:
    article = newsroom.articles[0]
    url = feed_of(newsroom, article.publisher) if page == "feed" else newsroom.article_url(article)
    first = client.get(url)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):
        again = client.get(url, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), headers
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": date},
        {"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert client.get(url, headers=headers).status_code == 200, headers


def test_gzip_is_sent_to_those_who_accept_it(newsroom: Newsroom, client: httpx.Client) -> None:
    url = feed_of(newsroom, "stackwire")
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert client.get(url, headers={"Accept-Encoding": "br, gzip;q=0"}).headers.get("content-encoding") is None
    packed = client.get(url, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])


def test_one_feed_is_compressed_for_everybody(newsroom: Newsroom, client: httpx.Client) -> None:
    with client.stream("GET", feed_of(newsroom, "gazette-du-canal"), headers={"Accept-Encoding": "identity"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw).startswith(b"<?xml")


def test_head_answers_like_get_without_a_body(newsroom: Newsroom, client: httpx.Client) -> None:
    url = newsroom.article_url(newsroom.articles[0])
    head, get = client.head(url), client.get(url)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("etag", "last-modified", "content-type", "content-length"):
        assert head.headers[name] == get.headers[name]


def test_failures_are_those_of_real_publishers(newsroom: Newsroom, client: httpx.Client) -> None:
    moved = client.get(f"{newsroom.base_url}/faro-economico/rss")
    assert (moved.status_code, moved.headers["location"]) == (301, "/faro-economico/feed.xml")
    assert client.get(feed_of(newsroom, "cable-courier")).status_code == 410
    for _ in range(3):
        busy = client.get(feed_of(newsroom, "wellen-ticker"))
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "1")
    for path in ("/", "/nobody/feed.xml", "/minato-keizai/rss", "/../publishers.toml", "/minato-keizai/article/none"):
        assert client.get(newsroom.base_url + path).status_code == 404, path


def test_sources_are_files_of_the_catalogue(newsroom: Newsroom, client: httpx.Client, tmp_path: Path) -> None:
    paths = newsroom.write_sources(tmp_path / "sources")
    read = [SourceFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths]
    assert [source.model_dump() for source in read] == newsroom.sources()
    assert len(read) == len(PUBLISHERS)
    status = {source.id: client.get(source.feed[0].url).status_code for source in read}
    assert {key: code for key, code in status.items() if code != 200} == {
        "faro-economico": 301,
        "cable-courier": 410,
        "wellen-ticker": 503,
    }
    assert {source.id: source.feed[0].full_text for source in read if source.feed[0].full_text} == {"stackwire": True}


def test_the_second_revision_changes_one_article(newsroom: Newsroom, corrected: Newsroom, client: httpx.Client) -> None:
    def bodies(running: Newsroom) -> dict[str, str]:
        pages = {a.key: (client.get(running.article_url(a)), PUBLISHERS[a.publisher].charset) for a in running.articles}
        return {k: r.content.decode(c).replace(running.base_url, "") for k, (r, c) in pages.items()}

    before, after = bodies(newsroom), bodies(corrected)
    assert [key for key in before if before[key] != after[key]] == [CORRECTED]
    assert "17 milliards" in before[CORRECTED]
    assert "27 milliards" not in before[CORRECTED]
    assert "Rectificatif" in after[CORRECTED]
    (old,) = [a for a in newsroom.articles if a.key == CORRECTED]
    (new,) = [a for a in corrected.articles if a.key == CORRECTED]
    assert (old.deals[0].amount, new.deals[0].amount) == (17_000_000_000, 27_000_000_000)
    assert (old.path, old.guid, old.published) == (new.path, new.guid, new.published)
    assert new.modified > old.modified


def test_the_second_revision_shows_in_its_feed_only(
    newsroom: Newsroom, corrected: Newsroom, client: httpx.Client
) -> None:
    def entries(running: Newsroom) -> dict[str, tuple[str, str]]:
        feeds = [feedparser.parse(client.get(feed_of(running, publisher.id)).content) for publisher in LIVING]
        return {entry.id: (entry.updated, entry.summary) for feed in feeds for entry in feed.entries}

    before, after = entries(newsroom), entries(corrected)
    (guid,) = [key for key in before if before[key] != after[key]]
    assert guid.endswith(":nebius-meta")
    assert "27 milliards" in after[guid][1]


def test_a_wrong_revision_and_a_taken_port_are_refused(newsroom: Newsroom) -> None:
    with pytest.raises(ConfigError, match="revision 3"):
        Newsroom(revision=3)
    port = int(newsroom.base_url.rsplit(":", 1)[1])
    with pytest.raises(ConfigError, match=f"port {port}"), Newsroom(port=port):
        pass
    with pytest.raises(ConfigError, match="does not run"):
        _ = Newsroom().base_url


def test_a_closed_newsroom_frees_its_port(client: httpx.Client) -> None:
    with Newsroom() as first:
        url, port = first.base_url, int(first.base_url.rsplit(":", 1)[1])
        assert client.get(f"{url}/robots.txt").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/robots.txt", trust_env=False)
    with Newsroom(port=port) as second:
        assert second.base_url == url


def test_the_command_prints_addresses_and_serves(client: httpx.Client, tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "pipeline.demo", "--port", "0", "--sources", str(tmp_path / "sources")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        try:
            (address,) = [line.split()[1] for line in lines if "minato-keizai" in line]
            assert client.get(address).status_code == 200
            assert len(list((tmp_path / "sources").glob("*.toml"))) == len(PUBLISHERS)
        finally:
            process.terminate()
