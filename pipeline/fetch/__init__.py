"""Fetching: feeds and pages asked politely, within limits, from public addresses; bodies kept by content hash.

with Fetcher(settings, RawStore(settings.raw_dir)) as fetcher:
    for fetched in fetcher.fetch_feeds(due_jobs(catalog.sources, states, now)):
        state = states.get(fetched.url) or FeedState(fetched.url)
        states[fetched.url] = advance(state, fetched, catalog.get(fetched.source_id).poll_minutes)
"""

from pipeline.fetch.client import Fetcher
from pipeline.fetch.clock import Clock, SystemClock
from pipeline.fetch.feeds import FeedJob, FeedState, PageJob, advance, due_jobs, is_due
from pipeline.fetch.raw_store import RawStore

__all__ = [
    "Clock",
    "FeedJob",
    "FeedState",
    "Fetcher",
    "PageJob",
    "RawStore",
    "SystemClock",
    "advance",
    "due_jobs",
    "is_due",
]
