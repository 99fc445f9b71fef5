"""How the feeds of the sources are doing: each asked once, without conditions, and looked into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.records import Fetched, FetchState, Source
from pipeline.sources.probe import probe_feed

if TYPE_CHECKING:
    from pipeline.fetch import Fetcher


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one feed answered. ``newest_item_at`` (UTC) is when it last brought something, None where items say no time.

    ``state`` is ``empty`` for a feed without items and ``malformed`` for a body that no parser can read.
    ``moved_to`` is the address to write into the file where the feed has moved for good.
    """

    source_id: str
    feed_url: str
    state: FetchState
    status: int | None
    items: int
    newest_item_at: datetime | None
    error: str
    moved_to: str | None
    elapsed_ms: int


def check_sources(sources: Iterable[Source], fetcher: Fetcher) -> list[SourceCheck]:
    """Ask every feed of ``sources`` now; in the order of the sources and their feeds.

    Raises:
        FetchError: a body could not be stored. A dead feed is a row.
    """
    from pipeline.fetch import FeedJob, FeedState

    jobs = [FeedJob(source.id, FeedState(feed.url)) for source in sources for feed in source.feeds]
    order = {(job.source_id, job.state.url): place for place, job in enumerate(jobs)}
    checks = [_check(fetched, fetcher) for fetched in fetcher.fetch_feeds(jobs)]
    return sorted(checks, key=lambda check: order[check.source_id, check.feed_url])


def _check(fetched: Fetched, fetcher: Fetcher) -> SourceCheck:
    state, error, items, newest = fetched.state, fetched.error, 0, None
    if state == "ok" and fetched.body_sha256:
        body = fetcher.store.get(fetched.body_sha256)
        probe = probe_feed(body, fetched.content_type, fetched.final_url)
        items, newest = probe.items, probe.newest
        if not items:
            state, error = ("malformed", probe.error) if probe.error else ("empty", "the feed has no items")
    return SourceCheck(
        fetched.source_id,
        fetched.url,
        state,
        fetched.status,
        items,
        newest,
        error,
        fetched.moved_to,
        fetched.elapsed_ms,
    )
