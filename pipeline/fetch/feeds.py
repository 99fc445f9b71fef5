"""What is known of a feed between polls, and the decision that an answer leads to. Pure: no clock, no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.records import Fetched, Source

_ALIVE = frozenset({"ok", "not_modified"})
_MISPLACED = frozenset({"not_found", "gone", "unreachable", "malformed", "blocked_address", "empty"})
_MAX_PAUSE = timedelta(days=1)
_GONE_PAUSE = timedelta(days=7)
_MAX_RETRY_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed between two polls; the caller keeps it. ``url`` is the declared address and never changes.

    ``moved_to`` is asked instead where a permanent redirect led there. ``failures`` counts polls in a row that brought
    nothing; ``not_before`` (UTC) is when the feed is due again, None for at once.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    failures: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedJob:
    """Ask one feed, conditionally where its state has validators."""

    source_id: str
    state: FeedState

    @property
    def url(self) -> str:
        """The address to ask: the new one where the feed has moved for good."""
        return self.state.moved_to or self.state.url


@dataclass(frozen=True, slots=True)
class PageJob:
    """Ask one article page."""

    source_id: str
    url: str


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether the feed may be polled at ``now`` (UTC)."""
    return state.not_before is None or state.not_before <= now


def due_jobs(sources: Iterable[Source], states: Mapping[str, FeedState], now: datetime) -> list[FeedJob]:
    """The feeds to poll at ``now`` (UTC). ``states`` is by declared address; a feed without a state is new, and due."""
    jobs = [
        FeedJob(source.id, states.get(feed.url) or FeedState(feed.url)) for source in sources for feed in source.feeds
    ]
    return [job for job in jobs if is_due(job.state, now)]


def advance(state: FeedState, fetched: Fetched, poll_minutes: int) -> FeedState:
    """The state after an answer.

    A feed that fails is asked ever more rarely, up to once a day; one that is gone (410), once a week. A Retry-After
    is obeyed up to a week. When the place that a feed had moved to fails, the declared address is asked again.
    """
    pause = timedelta(minutes=poll_minutes)
    if fetched.state in _ALIVE:
        kept = fetched.state == "not_modified"
        return replace(
            state,
            etag=fetched.etag or (state.etag if kept else None),
            last_modified=fetched.last_modified or (state.last_modified if kept else None),
            moved_to=fetched.moved_to,
            failures=0,
            not_before=fetched.fetched_at + pause,
        )
    failures = state.failures + 1
    pause = _GONE_PAUSE if fetched.state == "gone" else min(pause * 2 ** min(failures, 12), max(_MAX_PAUSE, pause))
    if fetched.retry_after_s is not None:
        pause = max(pause, min(timedelta(seconds=fetched.retry_after_s), _MAX_RETRY_AFTER))
    after = replace(state, failures=failures, not_before=fetched.fetched_at + pause)
    if state.moved_to and fetched.state in _MISPLACED:
        # The validators belong to the lost place; the pause does not.
        return replace(after, moved_to=None, etag=None, last_modified=None)
    return after
