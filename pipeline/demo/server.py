"""The newsroom's web server: conditional requests, compression and failures as real publishers show them."""

from __future__ import annotations

import gzip
import sys
import threading
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import urlsplit

import tomli_w

from pipeline.demo.content import Article, load_articles, load_publishers
from pipeline.demo.pages import Resource, build_site, feed_path
from pipeline.errors import ConfigError

LOOPBACK = "127.0.0.1"


class Newsroom:
    """Serves all publishers on loopback while its context lasts.

    Args:
        port: 0 takes any free port; see :attr:`base_url`.
        revision: 1 as first published; 2 with the corrections made since.

    Raises:
        ConfigError: a file of the newsroom is wrong, or the port is taken.
    """

    def __init__(self, port: int = 0, revision: int = 1) -> None:
        if revision not in (1, 2):
            raise ConfigError(f"revision {revision} does not exist", "the newsroom has revisions 1 and 2")
        self._port, self._revision = port, revision
        self.publishers = load_publishers()
        self.articles = load_articles(revision)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Newsroom:
        try:
            self._server = _Server((LOOPBACK, self._port), _Handler)
        except OSError as error:
            raise ConfigError(f"port {self._port} of {LOOPBACK}: {error}", "choose another with --port") from error
        self._server.site = build_site(self.base_url, self.publishers, self.articles)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:<port>``, known once the newsroom runs."""
        if self._server is None:
            raise ConfigError("the newsroom does not run yet", "use it in a with statement")
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def article_url(self, article: Article) -> str:
        """Where ``article`` is served."""
        return f"{self.base_url}/{article.publisher}{article.path}"

    def sources(self) -> list[dict[str, Any]]:
        """One source for each publisher, in the shape of the catalogue's TOML files; two have only a failing feed."""
        return [
            {
                "id": publisher.id,
                "name": publisher.name,
                "homepage": f"{self.base_url}/{publisher.id}/",
                "country": publisher.country,
                "language": publisher.language,
                "kind": publisher.kind,
                "tier": publisher.tier,
                "poll_minutes": publisher.poll_minutes,
                "feed": [{"url": f"{self.base_url}{feed_path(publisher)}", "full_text": publisher.full_text}],
            }
            for publisher in self.publishers
        ]

    def write_sources(self, folder: Path) -> list[Path]:
        """Writes ``<id>.toml`` for every source into ``folder``, which is made where missing."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for source in self.sources():
            path = folder / f"{source['id']}.toml"
            feeds = "".join(f"\n[[feed]]\n{tomli_w.dumps(feed)}" for feed in source["feed"])
            head = tomli_w.dumps({key: value for key, value in source.items() if key != "feed"})
            path.write_text(head + feeds, encoding="utf-8")
            written.append(path)
        return written


class _Server(ThreadingHTTPServer):
    site: dict[str, Resource]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, as one does at the end of its run, is no error to print."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Quiet: what the newsroom is asked is the client's story to tell."""

    def _answer(self, *, with_body: bool) -> None:
        site = cast(_Server, self.server).site
        resource = site.get(urlsplit(self.path).path, _MISSING)
        headers = dict(resource.headers)
        if resource.status == 200:
            headers |= _validators(resource)
            if self._unchanged(resource):
                self._send(304, headers, b"", with_body=False)
                return
        headers["Content-Type"] = resource.content_type
        body = resource.body
        if resource.always_gzip or (body and _accepts_gzip(self.headers.get("Accept-Encoding", ""))):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        self._send(resource.status, headers, body, with_body=with_body)

    def _unchanged(self, resource: Resource) -> bool:
        if (asked := self.headers.get("If-None-Match")) is not None:  # it overrides the date (RFC 9110, 13.2.2)
            tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
            return "*" in tags or resource.etag in tags
        since = _http_date(self.headers.get("If-Modified-Since"))
        return since is not None and resource.modified is not None and resource.modified <= since

    def _send(self, status: int, headers: dict[str, str], body: bytes, *, with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)


_MISSING = Resource(b"Not found.\n", "text/plain; charset=utf-8", status=404)


def _validators(resource: Resource) -> dict[str, str]:
    headers = {"ETag": resource.etag, "Vary": "Accept-Encoding", "Cache-Control": "max-age=0"}
    if resource.modified:
        headers["Last-Modified"] = format_datetime(resource.modified.astimezone(UTC), usegmt=True)
    return headers


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _accepts_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
