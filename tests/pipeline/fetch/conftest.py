"""A real HTTP server on loopback with routes that a test lays out, and a clock that passes without waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.fetch import Fetcher, RawStore
from pipeline.settings import Settings

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title></channel></rss>"
Reply = Callable[[BaseHTTPRequestHandler], None]


class FakeClock:
    """Sleeping moves the time on and returns at once; each look at ``monotonic`` may cost ``tick`` seconds."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.tick = 0.0
        self._passed = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        with self._lock:
            self._passed += self.tick
            return self._passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self._passed += seconds


class Site:
    """The server: what it answers, and what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.release = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                replies = site.replies.get(self.path)
                if not replies:
                    send(self, 404, b"nothing here")
                    return
                (replies.pop(0) if len(replies) > 1 else replies[0])(self)

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, *replies: Reply) -> str:
        """Answer ``path`` with these in turn, the last one for ever; returns the address."""
        self.replies[path] = list(replies)
        return self.url(path)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def reply(status: int = 200, body: bytes = RSS, **headers: str) -> Reply:
    """An answer; header names with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: send(handler, status, body, named)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def answer() -> Callable[..., Reply]:
    return reply


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make_fetcher(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., Fetcher]]:
    """Fetchers on the fake clock; settings and seams by keyword."""
    made: list[Fetcher] = []

    def make(
        *, resolver: object = None, backend: object = None, ssl_context: object = None, **changes: object
    ) -> Fetcher:
        values = {"home": tmp_path, "allow_private": True, "host_delay_s": 0.0, "concurrency": 2} | changes
        seams = {"resolver": resolver, "backend": backend, "ssl_context": ssl_context}
        fetcher = Fetcher(
            Settings(**values), RawStore(tmp_path / "raw"), clock, **{k: v for k, v in seams.items() if v is not None}
        )
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return make_fetcher()
