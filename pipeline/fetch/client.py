"""The fetcher: feeds and pages in, ``Fetched`` rows out, in the order in which they come.

Threads, not asyncio: every caller (command line, Airflow task, test) is plain code, parsing stays out of here, and
eight hosts at a time are enough for some hundred publishers. The cost, a thread a host, is small at that size.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from types import TracebackType
from typing import Literal, TypeVar

import httpcore
import httpx

from pipeline.fetch.answers import Answer, Wanted
from pipeline.fetch.clock import Clock, SystemClock
from pipeline.fetch.exchange import Exchange, Permit, permit_all
from pipeline.fetch.feeds import FeedJob, PageJob
from pipeline.fetch.guard import AddressGuard, Resolver, system_resolver
from pipeline.fetch.politeness import HostClock
from pipeline.fetch.raw_store import RawStore
from pipeline.fetch.retry import MAX_WAIT_S, ask_patiently
from pipeline.fetch.robots import MAX_ROBOTS_BYTES, Robots
from pipeline.fetch.schedule import run_by_host
from pipeline.fetch.transport import Deadline, GuardedTransport, PinnedBackend
from pipeline.fetch.turns import SharedTurns
from pipeline.records import Fetched
from pipeline.settings import Settings

_J = TypeVar("_J", FeedJob, PageJob)
_FEED_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class Fetcher:
    """Asks strangers politely and within limits; a context manager, since it holds connections.

    ``store`` keeps the bodies. ``resolver``, ``backend`` and ``ssl_context`` are seams for tests and private networks.
    """

    def __init__(
        self,
        settings: Settings,
        store: RawStore,
        clock: Clock | None = None,
        *,
        resolver: Resolver = system_resolver,
        backend: httpcore.NetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.store = store
        self._settings = settings
        self._clock = clock or SystemClock()
        turns = SharedTurns(settings.home / "politeness", self._clock.now)
        self._hosts = HostClock(self._clock, settings.host_delay_s, turns)
        guard = AddressGuard(allow_private=settings.allow_private, resolver=resolver)
        deadline = Deadline(self._clock)
        pinned = PinnedBackend(guard, deadline, backend)
        self._exchange = Exchange(
            GuardedTransport(pinned, max_connections=4 * settings.concurrency, ssl_context=ssl_context),
            guard,
            self._hosts,
            self._clock,
            deadline,
            user_agent=settings.user_agent,
            connect_timeout_s=settings.connect_timeout_s,
            total_timeout_s=settings.total_timeout_s,
        )
        self._robots = Robots(self._ask_robots, self._hosts, self._clock, settings.user_agent)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def fetch_feeds(self, jobs: Iterable[FeedJob]) -> Iterator[Fetched]:
        """Poll feeds; one ``Fetched`` a job, as they complete. ``url`` in it is the declared address of the feed.

        robots.txt is not asked for feeds: they are published for machines to poll, and readers treat them so.
        ``moved_to`` is set while the feed is known to live elsewhere for good. A body that is no feed is kept too.

        Raises:
            FetchError: a body could not be stored. What a server does is a state, never an exception.
        """
        return self._run(jobs, self._fetch_feed)

    def fetch_pages(self, jobs: Iterable[PageJob]) -> Iterator[Fetched]:
        """Fetch article pages that robots.txt allows us; one ``Fetched`` a job, as they complete.

        Raises:
            FetchError: a body could not be stored.
        """
        return self._run(jobs, self._fetch_page)

    def _run(self, jobs: Iterable[_J], work: Callable[[_J], Fetched]) -> Iterator[Fetched]:
        return run_by_host(
            jobs,
            lambda job: _host(job.url),
            work,
            hosts=self._hosts,
            clock=self._clock,
            concurrency=self._settings.concurrency,
        )

    def _fetch_feed(self, job: FeedJob) -> Fetched:
        headers = {"Accept": _FEED_TYPES}
        if job.state.etag:
            headers["If-None-Match"] = job.state.etag
        if job.state.last_modified:
            headers["If-Modified-Since"] = job.state.last_modified
        started = self._clock.monotonic()
        answer = self._ask(job.url, "feed", self._settings.max_feed_bytes, headers, permit_all)
        moved_to = answer.moved_to
        if moved_to is None and answer.state in {"ok", "not_modified"}:
            moved_to = job.state.moved_to
        return self._row(job.source_id, job.state.url, "feed", answer, moved_to, started)

    def _fetch_page(self, job: PageJob) -> Fetched:
        started = self._clock.monotonic()
        limit = self._settings.max_page_bytes
        answer = self._ask(job.url, "page", limit, {"Accept": _PAGE_TYPES}, self._robots.refusal)
        return self._row(job.source_id, job.url, "page", answer, answer.moved_to, started)

    def _ask_robots(self, address: str) -> Answer:
        return self._ask(address, "robots", MAX_ROBOTS_BYTES, {"Accept": "text/plain, */*;q=0.1"}, permit_all)

    def _ask(self, address: str, wanted: Wanted, limit: int, headers: dict[str, str], permit: Permit) -> Answer:
        host = _host(address)
        held = self._hosts.held_for(host)
        if held:
            error = f"not asked: {host} wants to be left alone for {ceil(held)} s more"
            return Answer("rate_limited", address, error=error, retry_after_s=ceil(held))
        answer = ask_patiently(lambda: self._exchange.run(address, wanted, limit, headers, permit), self._clock)
        if answer.state == "rate_limited" and (answer.retry_after_s or 0) > MAX_WAIT_S:
            self._hosts.hold(_host(answer.final_url), answer.retry_after_s or 0)
        return answer

    def _row(
        self,
        source_id: str,
        url: str,
        kind: Literal["feed", "page"],
        answer: Answer,
        moved_to: str | None,
        started: float,
    ) -> Fetched:
        return Fetched(
            source_id=source_id,
            url=url,
            kind=kind,
            state=answer.state,
            fetched_at=self._clock.now(),
            status=answer.status,
            final_url=answer.final_url,
            moved_to=moved_to,
            content_type=answer.content_type,
            etag=answer.etag,
            last_modified=answer.last_modified,
            body_sha256=self.store.put(answer.body) if answer.body else None,
            bytes=len(answer.body),
            elapsed_ms=round(1000 * (self._clock.monotonic() - started)),
            error=answer.error,
            retry_after_s=answer.retry_after_s,
        )


def _host(address: str) -> str:
    try:
        return httpx.URL(address).host
    except httpx.InvalidURL:
        return ""
