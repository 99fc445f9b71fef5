"""feedparser's own test feeds through our own path: ``python -m benchmarks.reliability.feedparser_feeds ARCHIVE``.

``ARCHIVE`` is a .tar.gz of the folder ``tests`` of feedparser's source distribution; nothing of it is kept here. Each
feed is served on loopback with the content type that its comment asks for, fetched, kept, parsed and chosen as in a
run. What comes of it is compared with what feedparser itself makes of the same bytes and headers.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
import tempfile
import warnings
from calendar import timegm
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import feedparser

from pipeline.entries import choose, entry_rows
from pipeline.fetch import FeedJob, FeedState, Fetcher
from pipeline.fetch.raw_store import RawStore
from pipeline.parse import parse_feed
from pipeline.parse.text import title_text
from pipeline.records import Feed, FeedItem, Fetched, Source
from pipeline.settings import Settings

_HEADER = re.compile(rb"^Header:\s+([\w-]+):[ \t]*([^\r\n]*)", re.MULTILINE)
_FEEDS = (".xml", ".json")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Served:
    """One test feed, and the headers that it wants to be sent with."""

    body: bytes
    headers: Mapping[str, str]


@dataclass
class Findings:
    """What was seen: counts by kind, a line for each disagreement, and what should never be."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def differs(self, name: str, what: str, kind: str, ours: object, theirs: object) -> None:
        """Note one disagreement."""
        self.kinds[what, kind] += 1
        self.lines.append(f"{what}: {kind}: {name}: ours {ours!r}, feedparser's {theirs!r}")


def main() -> None:
    """Print the table; exit status 1 when a feed crashed anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, help="tar.gz of feedparser's folder tests")
    parser.add_argument("--all", action="store_true", help="print each disagreement, not only their kinds")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    feeds = read_archive(asked.archive)
    if not feeds:
        sys.exit(f"{asked.archive}: no feeds in it; name a tar.gz of feedparser's folder tests")
    findings = compare(feeds)
    print(", ".join(f"{count} {what}" for what, count in findings.counts.items()))
    print("| what | kind of disagreement | times |\n|---|---|---|")
    for (what, kind), count in sorted(findings.kinds.items()):
        print(f"| {what} | {kind} | {count} |")
    if asked.all:
        print(*findings.lines, sep="\n")
    print(f"crashes: {len(findings.crashes)}", *findings.crashes, sep="\n")
    sys.exit(1 if findings.crashes else 0)


def read_archive(path: Path) -> dict[str, Served]:
    """The feeds of the archive by their path in it; nothing is unpacked to disk."""
    feeds = {}
    with tarfile.open(path) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(_FEEDS) else None
            if stream:
                body = stream.read()
                # A comment in UTF-16 is found by leaving its zero bytes out.
                found = {
                    name.decode().lower(): value.decode("latin-1").strip()
                    for name, value in _HEADER.findall(body.replace(b"\0", b""))
                }
                kind = "application/json" if member.name.endswith(".json") else "text/xml"
                feeds["/" + member.name] = Served(body, {"content-type": kind} | found)
    return feeds


def compare(feeds: Mapping[str, Served]) -> Findings:
    """Each feed over HTTP and through the parser, beside feedparser's own reading."""
    findings = Findings()
    with tempfile.TemporaryDirectory() as folder, _serving(feeds) as base:
        settings = Settings(home=Path(folder), allow_private=True, host_delay_s=0, concurrency=1)
        source = Source("feeds", "Feeds", f"{base}/", "GB", "en", "news", 2, 60, (Feed(f"{base}/"),))
        store = RawStore(settings.raw_dir)
        with Fetcher(settings, store) as fetcher:
            jobs = [FeedJob(source.id, FeedState(base + name)) for name in feeds]
            for fetched in fetcher.fetch_feeds(jobs):
                name = fetched.url.removeprefix(base)
                findings.counts["feeds"] += 1
                try:
                    _compare_one(name, feeds[name], fetched, store, source, findings)
                except Exception as error:
                    findings.crashes.append(f"{name}: {type(error).__name__}: {error}")
    return findings


def _compare_one(
    name: str, served: Served, fetched: Fetched, store: RawStore, source: Source, findings: Findings
) -> None:
    headers = {"content-location": fetched.url} | dict(served.headers)
    theirs = feedparser.parse(served.body, response_headers=headers)
    if fetched.state != "ok" or not fetched.body_sha256:
        findings.counts["refused while fetching"] += 1
        if theirs.entries:
            findings.differs(name, "feed", f"refused while fetching: {fetched.error}", 0, len(theirs.entries))
        return
    feed = parse_feed(store.get(fetched.body_sha256), fetched, source)
    findings.crashes += [f"{name}: {p.message}" for p in feed.problems if "feedparser failed" in p.message]
    chosen = choose([(item, source) for item in feed.items], {}, frozenset())
    entry_rows([(entry.item, entry.article_id) for entry in chosen.wanted], {}, fetched.fetched_at)
    findings.counts["items"] += len(feed.items)
    if len(feed.items) != len(theirs.entries):
        kind = "we read more" if len(feed.items) > len(theirs.entries) else "we read fewer"
        findings.differs(name, "items", kind, len(feed.items), len(theirs.entries))
        return
    for item, entry in zip(feed.items, theirs.entries, strict=True):
        _compare_item(name, item, entry, fetched.fetched_at, findings)


def _compare_item(name: str, item: FeedItem, entry: Any, now: datetime, findings: Findings) -> None:
    title = title_text(entry.get("title") or "")[0]
    if item.title != title:
        findings.differs(name, "title", "another text" if item.title else "none of ours", item.title, title)
    link = entry.get("link") or ""
    if item.url != link:
        kind = "another address" if item.url and link else "only ours" if item.url else "no web address, so left out"
        findings.differs(name, "link", kind, item.url, link)
    for what, ours in (("published", item.published_at), ("updated", item.updated_at)):
        stated = dict.get(entry, f"{what}_parsed") or (dict.get(entry, "created_parsed") if what == "published" else ())
        time = _moment(stated)
        if ours == time:
            continue
        if ours is None and time and not _EARLIEST <= time <= now + timedelta(days=1):
            kind = "not credible: before 1995 or to come"
        elif ours and time:
            kind = "another time"
        else:
            kind = "only ours" if ours else "only feedparser's"
        findings.differs(name, "date", kind, (dict.get(entry, what), str(ours)), str(time))


def _moment(parts: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError):
        return None


@contextmanager
def _serving(feeds: Mapping[str, Served]) -> Iterator[str]:
    """The feeds on a port of loopback, for as long as the block lasts; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: Nagle costs 40 ms otherwise

        def do_GET(self) -> None:
            feed = feeds[self.path]
            self.send_response(200)
            for name, value in feed.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(feed.body)))
            self.end_headers()
            self.wfile.write(feed.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


if __name__ == "__main__":
    main()
