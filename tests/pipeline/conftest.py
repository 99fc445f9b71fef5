"""A publisher of our own over real HTTP, and a reader that finds one deal wherever Amazon and OpenAI are named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from models.facts import Deal, DealAmount, Party, Reading, Span


class Site:
    """``pages`` maps a path to (status, content type, body); what is not there answers 404."""

    def __init__(self):
        self.pages, self.asked = {}, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                status, kind, body = site.pages.get(self.path.partition("?")[0], (404, "text/plain", "no"))
                raw = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(raw)))
                self.send_header("ETag", f'"{hash(raw)}"')
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # clients hang up
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def feed(self, path, *items):
        """Put a feed there; an item is (guid, path of its page, title, text of its own)."""
        entries = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><link>{self.base}{page}</link><title>{title}</title>"
            f"<description>{text}</description><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"
            for guid, page, title, text in items
        )
        self.pages[path] = (200, "application/rss+xml", f"<rss version='2.0'><channel>{entries}</channel></rss>")

    def page(self, path, title, text):
        """Put an article there."""
        article = f"<article><h1>{title}</h1><p>{text}</p></article>"
        body = f"<html><head><title>{title}</title></head><body>{article}</body></html>"
        self.pages[path] = (200, "text/html; charset=utf-8", body)


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


class TwoNames:
    """Reads without models: a document that names both companies states one deal, one that says "unreadable" fails."""

    version = "two-names-1"

    def read(self, documents):
        for document in documents:
            content = document.content
            if "unreadable" in content:
                yield Reading(document.id, document.lang, error="no pipeline for it")
                continue
            deals = ()
            if "Amazon" in content and "OpenAI" in content:
                parties = (Party("amazon", "investor"), Party("openai", "investee"))
                deals = (Deal("equity_investment", "in_talks", parties, DealAmount(10e9, "USD", "over"), (), None,
                              Span(0, len(content)), 0.9),)  # fmt: skip
            yield Reading(document.id, document.lang, bool(deals), deals=deals, model=self.version)


@pytest.fixture
def reader():
    return TwoNames()
