"""The decision after an answer: when to ask again, where, and with which validators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetch import FeedState, advance, due_jobs, is_due
from pipeline.records import Feed, Fetched, Source

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
URL = "https://news.example/feed"
OK = Fetched("source", URL, "feed", "ok", NOW, 200, URL, etag='"2"')


def test_a_new_feed_is_due_and_a_polled_one_after_its_interval():
    state = FeedState(URL)
    assert is_due(state, NOW)
    state = advance(state, OK, 30)
    assert not is_due(state, NOW + timedelta(minutes=29))
    assert is_due(state, NOW + timedelta(minutes=30))


def test_validators_follow_the_answer():
    state = advance(FeedState(URL, etag='"1"', last_modified="yesterday"), OK, 30)
    assert (state.etag, state.last_modified) == ('"2"', None)
    kept = advance(state, replace(OK, state="not_modified", status=304, etag=None), 30)
    assert kept.etag == '"2"'
    failed = advance(state, replace(OK, state="server_error", status=503, etag=None), 30)
    assert failed.etag == '"2"'


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 24), (500, 24)]
)  # fmt: skip
def test_failing_feeds_are_asked_ever_more_rarely(failures, hours):
    state = advance(FeedState(URL, failures=failures), replace(OK, state="timeout", status=None), 30)
    assert state.failures == failures + 1
    assert state.not_before == NOW + timedelta(hours=hours)


def test_success_forgets_the_failures():
    assert advance(FeedState(URL, failures=9), OK, 30).failures == 0


@pytest.mark.parametrize(
    ("seconds", "pause"),
    [(7200, timedelta(hours=2)), (10, timedelta(hours=1)), (10**9, timedelta(days=7))],
)
def test_retry_after_puts_the_next_poll_off(seconds, pause):
    fetched = replace(OK, state="rate_limited", status=429, retry_after_s=seconds)
    assert advance(FeedState(URL), fetched, 30).not_before == NOW + pause


def test_a_feed_that_is_gone_is_asked_once_a_week():
    assert advance(FeedState(URL), replace(OK, state="gone", status=410), 30).not_before == NOW + timedelta(days=7)


def test_a_rare_feed_is_not_polled_oftener_because_it_failed():
    assert advance(FeedState(URL), replace(OK, state="timeout"), 3 * 1440).not_before == NOW + timedelta(days=3)


def test_when_the_new_place_fails_the_declared_one_is_asked_again():
    state = FeedState(URL, etag='"1"', moved_to="https://new.example/feed")
    lost = advance(state, replace(OK, state="not_found", status=404), 30)
    assert (lost.moved_to, lost.etag) == (None, None)
    slow = advance(state, replace(OK, state="timeout", status=None), 30)
    assert (slow.moved_to, slow.etag) == ("https://new.example/feed", '"1"')


def test_jobs_are_the_feeds_that_are_due_or_new():
    feeds = (Feed("https://a.example/due"), Feed("https://a.example/later"), Feed("https://a.example/new"))
    source = Source("a", "A", "https://a.example", "US", "en", "blog", 4, 60, feeds)
    states = {
        feeds[0].url: FeedState(feeds[0].url, etag='"1"', not_before=NOW),
        feeds[1].url: FeedState(feeds[1].url, not_before=NOW + timedelta(seconds=1)),
    }
    jobs = due_jobs([source], states, NOW)
    assert [(job.source_id, job.url, job.state.etag) for job in jobs] == [
        ("a", feeds[0].url, '"1"'),
        ("a", feeds[2].url, None),
    ]
