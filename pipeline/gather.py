"""Gathering: an entry of a feed becomes an article, from its page or, where that is closed to us, from the feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.entries import Entry
from pipeline.fetch import Fetcher, PageJob
from pipeline.fetch.raw_store import RawStore
from pipeline.parse import ParseProblem, article_from_item, parse_page
from pipeline.records import Article, Fetched
from pipeline.report import Tally

_PASSING = frozenset({"timeout", "unreachable", "server_error", "rate_limited"})
_PATIENCE = timedelta(days=2)  # a page that still fails after that is read from the feed


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of an entry: an article, nothing (for good), or ``later`` (the page failed, but may come back)."""

    entry: Entry
    article: Article | None
    fetched: Fetched | None = None
    later: bool = False


def gather(
    fetcher: Fetcher, raw: RawStore, entries: Sequence[Entry], now: datetime, tally: Tally
) -> Iterator[Gathered]:
    """One :class:`Gathered` an entry, those of full-text feeds first, then as pages come."""
    asked: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.full_text and entry.item.content:
            tally.step()
            yield _from_feed(entry, now, tally)
        else:
            asked[entry.source.id, entry.item.url] = entry
    for fetched in fetcher.fetch_pages(PageJob(source_id, url) for source_id, url in asked):
        tally.step()
        yield _from_page(asked[fetched.source_id, fetched.url], fetched, raw, now, tally)


def _from_feed(entry: Entry, now: datetime, tally: Tally) -> Gathered:
    read = article_from_item(entry.item, entry.source, now)
    if isinstance(read, ParseProblem):
        tally.problem("feeds", entry.source.id, entry.item.url, read.message)
        return Gathered(entry, None)
    tally.count("from_feed")
    return Gathered(entry, read)


def _from_page(entry: Entry, fetched: Fetched, raw: RawStore, now: datetime, tally: Tally) -> Gathered:
    url = entry.item.url
    tally.count("pages_ok" if fetched.state == "ok" else f"pages_failed:{fetched.state}")
    if fetched.state in _PASSING and _is_young(entry, now):
        tally.count("later")
        tally.problem("pages", entry.source.id, url, f"{fetched.error or fetched.state}; the next run asks again")
        return Gathered(entry, None, fetched, later=True)
    body = raw.get(fetched.body_sha256) if fetched.body_sha256 else b""
    read = parse_page(body, fetched, entry.source, entry.item, now)
    if isinstance(read, ParseProblem):
        tally.problem("pages", entry.source.id, url, "; ".join(filter(None, (read.message, read.hint))))
        return Gathered(entry, None, fetched)
    if read.text_from == "feed":
        tally.count("fallbacks")
        tally.problem("pages", entry.source.id, url, read.notes[0] if read.notes else "text from the feed")
    return Gathered(entry, read, fetched)


def _is_young(entry: Entry, now: datetime) -> bool:
    moment = entry.item.updated_at or entry.item.published_at
    return moment is None or now - moment < _PATIENCE
