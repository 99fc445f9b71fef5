"""Polling: feeds that are due are asked, their answers parsed, and what to remember of each is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from pipeline.fetch import FeedJob, FeedState, Fetcher, advance, due_jobs
from pipeline.fetch.raw_store import RawStore
from pipeline.parse import ParsedFeed, parse_feed
from pipeline.records import FeedItem, Fetched, Source
from pipeline.report import Tally
from warehouse import store as ledger
from warehouse.store import Row

ALIVE = ("ok", "not_modified")


@dataclass(frozen=True, slots=True)
class Polled:
    """One feed's answer. ``feed`` is None where there was no new content."""

    source: Source
    fetched: Fetched
    feed: ParsedFeed | None

    @property
    def items(self) -> tuple[FeedItem, ...]:
        """Its entries."""
        return self.feed.items if self.feed else ()


def jobs_at(
    sources: Sequence[Source], remembered: Mapping[str, ledger.FeedState], now: datetime, *, force: bool
) -> tuple[list[FeedJob], int]:
    """The feeds to ask, and how many are not due yet; ``force`` asks those too."""
    states = {
        url: FeedState(url, state.etag, state.last_modified, state.moved_to, state.failures,
                       None if force else state.next_poll_at)
        for url, state in remembered.items()
    }  # fmt: skip
    jobs = due_jobs(sources, states, now)
    return jobs, sum(len(source.feeds) for source in sources) - len(jobs)


def poll(
    fetcher: Fetcher, raw: RawStore, jobs: Iterable[FeedJob], sources: Mapping[str, Source], tally: Tally
) -> list[Polled]:
    """Ask the feeds and parse what came. A feed that fails is a problem of the report, and the others go on."""
    found = []
    for fetched in fetcher.fetch_feeds(jobs):
        source = sources[fetched.source_id]
        feed = None
        if fetched.state == "ok" and fetched.body_sha256:
            feed = parse_feed(raw.get(fetched.body_sha256), fetched, source)
            for problem in feed.problems:
                tally.problem("feeds", source.id, fetched.url, problem.message)
        if fetched.state in ALIVE:
            tally.count(f"feeds_{fetched.state}")
        else:
            tally.count(f"feeds_failed:{fetched.state}")
            tally.problem("feeds", source.id, fetched.url, fetched.error or fetched.state.replace("_", " "))
        tally.count("items", len(feed.items) if feed else 0)
        tally.step()
        found.append(Polled(source, fetched, feed))
    return found


def next_states(
    polled: Iterable[Polled], remembered: Mapping[str, ledger.FeedState], unfinished: frozenset[str]
) -> list[ledger.FeedState]:
    """What to remember of each feed. Those of ``unfinished`` lose their validators, so that the next poll brings
    their entries again."""
    states = []
    for answer in polled:
        fetched, url = answer.fetched, answer.fetched.url
        former = remembered.get(url) or ledger.FeedState(url, answer.source.id)
        state = advance(
            FeedState(url, former.etag, former.last_modified, former.moved_to, former.failures, former.next_poll_at),
            fetched,
            answer.source.poll_minutes,
        )
        whole = url not in unfinished
        newest = max((item.published_at for item in answer.items if item.published_at), default=None)
        states.append(
            ledger.FeedState(
                url, answer.source.id, state.etag if whole else None, state.last_modified if whole else None,
                state.moved_to, state.not_before, fetched.fetched_at,
                fetched.fetched_at if fetched.state in ALIVE else former.last_ok_at,
                max(filter(None, (newest, former.last_item_at)), default=None), fetched.state, state.failures,
            )
        )  # fmt: skip
    return states


def fetch_rows(answers: Iterable[tuple[Fetched, int | None]]) -> list[Row]:
    """Rows of ``fetch_log``; the number is that of a feed's entries."""
    return [{**asdict(fetched), "items": items} for fetched, items in answers]
