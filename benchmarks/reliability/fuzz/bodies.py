"""Checks of what reads fetched bytes: content encodings, charsets, feeds, pages, robots.txt."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import brotli

from benchmarks.reliability.fuzz.target import Check
from benchmarks.reliability.fuzz.texts import chosen

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from pipeline.records import Article

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
URL = "https://news.example/2026/03/a.html"
ENCODINGS = ("gzip", "deflate", "br", "", "identity", "x-gzip", "gzip, br")
LANGUAGES = ("en", "ja", "ko", "zh", "ru", "de", "ar", "")
CONTENT_TYPES = (
    "text/html; charset=utf-8", "application/rss+xml", "text/html; charset=shift_jis", "text/xml; charset=utf-16",
    "application/atom+xml; charset=gb2312", "application/json", "text/html; charset=x-unknown", "",
)  # fmt: skip
_LIMIT = 300_000


def encodings() -> Check:
    """Any body ends within the limit; what was packed comes out as it went in, however it was cut."""
    from pipeline.fetch.decode import TooLargeError, UndecodableError, read_bounded

    packers = (gzip.compress, zlib.compress, brotli.compress, _bare_deflate)
    names = ("gzip", "deflate", "br", "deflate")

    def check(data: bytes) -> None:
        how, step, body = (data + b"\0\0")[0], 1 + (data + b"\0\0")[1] * 8, data[2:]
        with suppress(TooLargeError, UndecodableError):
            assert len(read_bounded(_pieces(body, step), ENCODINGS[how % len(ENCODINGS)], _LIMIT)) <= _LIMIT
        which = how % len(packers)
        # Every 16th is stretched beyond the pieces that a decoder gives out.
        whole = body * 400 if how >= 240 else body
        if 0 < len(whole) <= _LIMIT and how >= 128:
            assert read_bounded(_pieces(packers[which](whole), step), names[which], _LIMIT) == whole

    return check


def charsets() -> Check:
    """Whatever the bytes, there is text, and who named its charset."""
    from pipeline.parse.charset import decode_body
    from pipeline.parse.text import without_surrogates

    def check(data: bytes) -> None:
        found = decode_body(data[2:], chosen(CONTENT_TYPES, data), chosen(LANGUAGES, data, 1))
        assert found.charset
        assert found.how
        without_surrogates(found.text).encode()

    return check


def feeds() -> Check:
    """A feed never raises; its items, and the articles made of them, keep their promises."""
    from pipeline.parse import ParseProblem, article_from_item, parse_feed
    from pipeline.records import Feed, Fetched, Source

    def check(data: bytes) -> None:
        kind, body = chosen(CONTENT_TYPES, data), data[2:]
        source = Source("s", "S", URL, chosen(("GB", "US", "JP", "KR"), data, 1), chosen(LANGUAGES, data, 1), "daily",
                        2, 60, (Feed(URL),))  # fmt: skip
        parsed = parse_feed(body, Fetched("s", URL, "feed", "ok", NOW, 200, URL, content_type=kind), source)
        for problem in parsed.problems:
            assert problem.message
            str(problem).encode()
        for item in parsed.items:
            assert not item.url or urlsplit(item.url).scheme in ("http", "https")
            assert len(item.title) <= 500
            assert "\n" not in item.title
            for moment in (item.published_at, item.updated_at):
                assert moment is None or datetime(1995, 1, 1, tzinfo=UTC) <= moment <= NOW + timedelta(days=1)
            json.dumps([item.guid, item.url, item.title, item.summary, item.content], ensure_ascii=False).encode()
            article = article_from_item(item, source, NOW)
            if not isinstance(article, ParseProblem):
                stored(article)

    return check


def pages() -> Check:
    """A page is an article that can be stored, or a problem with words."""
    from pipeline.parse import ParseProblem, parse_page
    from pipeline.records import Feed, Fetched, Source

    def check(data: bytes) -> None:
        fetched = Fetched("s", URL, "page", "ok", NOW, 200, URL, content_type=chosen(CONTENT_TYPES, data))
        source = Source("s", "S", URL, "GB", chosen(LANGUAGES, data, 1), "daily", 2, 60, (Feed(URL),))
        article = parse_page(data[2:], fetched, source, None, NOW)
        if isinstance(article, ParseProblem):
            assert article.message
        else:
            stored(article)

    return check


def robots() -> Check:
    """Any robots.txt gives an answer for any page, and a pause that is a number."""
    import httpx

    from pipeline.fetch.answers import Answer
    from pipeline.fetch.clock import SystemClock
    from pipeline.fetch.politeness import HostClock
    from pipeline.fetch.robots import Robots

    clock = SystemClock()
    pages = [httpx.URL(f"https://news.example{path}") for path in ("/", "/a/b.html?c=d", "/%E6%97%A5/x")]

    def check(data: bytes) -> None:
        hosts = HostClock(clock, 0)
        rules = Robots(lambda url: Answer("ok", url, 200, body=data), hosts, clock, "Dealwire/1")
        for page in pages:
            refusal = rules.refusal(page)
            assert refusal is None or refusal.error
        hosts.take_turn("other.example")
        assert hosts.ready_in("news.example") >= 0

    return check


def stored(article: Article) -> None:
    """Whether an article can be written into a batch, and comes out the same."""
    assert _lines().validate_json(_lines().dump_json(article)) == article


@cache
def _lines() -> TypeAdapter[Article]:
    from pydantic import TypeAdapter

    from pipeline.records import Article

    return TypeAdapter(Article)


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _pieces(body: bytes, step: int) -> list[bytes]:
    return [body[at : at + step] for at in range(0, len(body), step)]
