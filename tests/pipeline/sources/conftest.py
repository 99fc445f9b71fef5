"""A small web of feeds and pages on loopback, and a fetcher allowed to ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.fetch import Fetcher, RawStore
from pipeline.settings import Settings


class Web:
    """Paths to (status, content type, body, headers); everything else is 404."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes, dict[str, str]]] = {}
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, content_type, body, headers = web.pages.get(self.path, (404, "text/plain", b"no", {}))
                self.send_response(status)
                for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def put(self, path: str, body: str, content_type: str = "text/html", status: int = 200, **headers: str) -> str:
        self.pages[path] = (status, content_type, body.encode(), headers)
        return self.url(path)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.server.shutdown()
    web.server.server_close()


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    settings = Settings(home=tmp_path, allow_private=True, host_delay_s=0.0, total_timeout_s=10.0)
    with Fetcher(settings, RawStore(settings.raw_dir)) as fetcher:
        yield fetcher


@pytest.fixture
def rss() -> Callable[..., str]:
    """An RSS document; items as (title, pubDate) pairs."""

    def make(title: str = "News", language: str = "", items: tuple[tuple[str, str], ...] = ()) -> str:
        about = f"<title>{title}</title>" + (f"<language>{language}</language>" if language else "")
        entries = "".join(
            f"<item><title>{name}</title><guid>{name}</guid><pubDate>{date}</pubDate></item>" for name, date in items
        )
        return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{about}{entries}</channel></rss>"

    return make


@pytest.fixture
def source_file() -> Callable[..., str]:
    """The text of a valid source file; lines replaced by keyword, None leaves a key out."""

    def make(**changes: str | None) -> str:
        lines: dict[str, str | None] = {
            "id": '"news"',
            "name": '"News"',
            "homepage": '"https://news.example"',
            "country": '"US"',
            "language": '"en"',
            "kind": '"daily"',
            "tier": "2",
            "poll_minutes": "30",
        }
        feed = changes.pop("feed", '[[feed]]\nurl = "https://news.example/feed"\n')
        lines |= changes
        return "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None) + "\n" + (feed or "")

    return make
