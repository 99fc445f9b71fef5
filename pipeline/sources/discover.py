"""The feeds that a web page names in its head."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from pipeline.sources.catalog import feed_key

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w.-]+)""", re.IGNORECASE)


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.base = ""
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: (value or "").strip() for name, value in attrs}
        if tag == "html":
            self.language = values.get("lang", "")
        elif tag == "base" and not self.base:
            self.base = values.get("href", "")
        elif tag == "link" and "alternate" in values.get("rel", "").lower().split():
            kind = values.get("type", "").lower().split(";")[0].strip()
            if kind in _FEED_TYPES and values.get("href"):
                self.hrefs.append(values["href"])


def discover_feeds(html: bytes, base_url: str) -> tuple[list[str], str]:
    """Whole addresses from ``<link rel="alternate">``, each once, feeds of comments left out; and the page's language.

    Broken HTML gives what can be read of it.
    """
    declared = _CHARSET.search(html[:2048])
    head = _Head()
    try:
        head.feed(html.decode(declared[1].decode("ascii") if declared else "utf-8", errors="replace"))
    except LookupError:
        head.feed(html.decode("utf-8", errors="replace"))
    base = urljoin(base_url, head.base)
    found: dict[str, str] = {}
    for href in head.hrefs:
        try:
            whole = urljoin(base, href)
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")) and "/comments/" not in whole:
            found.setdefault(feed_key(whole), whole)
    return list(found.values()), head.language
