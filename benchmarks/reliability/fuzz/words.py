"""Dictionaries of the targets: what a grammar is made of, so that the engine need not find it letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from models.data_files import language, languages, read_toml


def money() -> Iterator[str]:
    """The words of all languages' tables of money, and the marks of currencies."""
    for code in languages():
        yield from _strings(language(code).get("money", {}))
    yield from _strings(read_toml("currencies.toml"))


def chips() -> Iterator[str]:
    """All names of chips, and of chips that nobody has listed yet."""
    for row in read_toml("chips.toml")["chip"]:
        yield from row.get("aliases", ())
    yield from read_toml("chips.toml")["generic"]["words"]
    yield from ("MI999X", "B990", "TPU v9", "Trainium9")


def sentences() -> Iterator[str]:
    """Abbreviations, and the marks that end sentences."""
    for code in languages():
        yield from language(code).get("text", {}).get("abbreviations", ())
    yield from ('."', "?!", "\u3002\u300d", "\n\n")


def dates() -> Iterator[str]:
    """Parts of dates."""
    yield from ("GMT", "+0900", "T24:00", "\u5e74", "\u6708", "\u65e5", "\u5348\u5f8c", "\uc624\ud6c4", "PM", "Uhr",
                "December", "d\u00e9cembre", "\u4ee4\u548c", "30828", "Wed, ", "\u5143\u5e74")  # fmt: skip


def charsets() -> Iterator[str]:
    """Ways to name a charset."""
    yield from ("charset=", 'encoding="', "utf-7", "idna", "punycode", "unicode_escape", "iso-2022-jp", "utf-32")


def feeds() -> Iterator[str]:
    """Elements that feeds use."""
    yield from ("<item>", "</item>", "<entry>", "<title>", "<link>", "<pubDate>", "<guid isPermaLink='false'>",
                "<content:encoded>", "<![CDATA[", "]]>", "<dc:date>", "xml:base=", "<updated>", "type='xhtml'",
                "<!DOCTYPE", "<!ENTITY", "&#x", "&amp;", "xml:lang=", "rel='alternate'")  # fmt: skip


def pages() -> Iterator[str]:
    """Elements that pages use."""
    yield from ("<p>", "<div>", "<article>", "<h1>", "<meta property=", "og:title", "<time datetime=",
                "<script type='application/ld+json'>", "<link rel=canonical href=", "<table><tr><td>",
                "<svg>", "<!--", "lang=", "itemprop=",
                "&nbsp;", "articleBody", "@graph", "datePublished")  # fmt: skip


def robots() -> Iterator[str]:
    """Directives."""
    yield from ("User-agent:", "Disallow:", "Allow:", "Crawl-delay:", "Request-rate:", "Visit-time:", "Sitemap:", "%2F")


def opml() -> Iterator[str]:
    """Attributes of outlines, and charsets that are none."""
    yield from ("<outline", "xmlUrl=", "category=", "/tier/4", "/language/ja", "/id/x", "/full_text/true", "/poll/30",
                'encoding="idna"', 'encoding="punycode"', 'encoding="utf-7"', "<?xml", "https://")  # fmt: skip


def sources() -> Iterator[str]:
    """Keys of a source."""
    yield from ("[[feed]]\n", "url = ", "full_text = true", "language = ", "poll_minutes = ", "2026-01-01", "[[[[")


def alerts() -> Iterator[str]:
    """Keys of a rule."""
    yield from ("[[rule]]\n", "quiet = {", "from = ", "zone = ", "days = [", "pairs = [[", "transitions = [", " -> ",
                "min_usd = inf", "max_age_days = ", "[webhook.x]\n", "secret_env = ", "nan", "[[[[")  # fmt: skip


def subscriptions() -> Iterator[str]:
    """Keys of a subscription."""
    yield from ("[[subscription]]\n", "address = ", "time = ", "zone = ", "min_usd = ", "inf", "nan", "[[[[", '"""')


def mails() -> Iterator[str]:
    """Headers, and how they encode."""
    yield from ("Subject: ", "Date: ", "Message-ID: ", "Content-Type: ", "multipart/alternative; boundary=", "charset=",
                "Content-Transfer-Encoding: base64", "quoted-printable", "x-uuencode", "=?utf-8?q?", "?=", "--x\r\n",
                "name*0*=utf-8''", "text/html", "\r\n\r\n", "message/rfc822")  # fmt: skip


def archives() -> Iterator[str]:
    """Headers of records and answers."""
    yield from ("WARC/1.0\r\n", "WARC-Type: response", "Content-Length: ", "WARC-Target-URI: ", "WARC-Date: ",
                "HTTP/1.1 200", "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Encoding: br",
                "\r\n\r\n")  # fmt: skip


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value.removesuffix("*")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key.removesuffix("*")
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
