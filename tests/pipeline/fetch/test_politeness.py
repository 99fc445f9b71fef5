"""Back-off, Retry-After, pauses between requests, robots.txt: all on a clock that does not wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.fetch import FeedJob, FeedState, PageJob
from pipeline.fetch.answers import retry_after_seconds

PAGE = b"<!DOCTYPE html><html><body><p>News</p></body></html>"


def poll(fetcher, *urls):
    return list(fetcher.fetch_feeds(FeedJob("source", FeedState(url)) for url in urls))


def pages(fetcher, *urls):
    return list(fetcher.fetch_pages(PageJob("source", url) for url in urls))


def test_retry_after_is_waited_for_and_the_feed_read(site, answer, clock, fetcher):
    url = site.on("/feed", answer(503, b"", Retry_After="12"), answer())
    (fetched,) = poll(fetcher, url)
    assert fetched.state == "ok"
    assert clock.slept == [12.0]


def test_retry_after_as_a_date(site, answer, clock, fetcher):
    url = site.on("/feed", answer(429, b"", Retry_After="Mon, 05 Jan 2026 12:00:20 GMT"), answer())
    (fetched,) = poll(fetcher, url)
    assert (fetched.state, clock.slept) == ("ok", [20.0])


def test_without_retry_after_the_pauses_grow(site, answer, clock, fetcher):
    (fetched,) = poll(fetcher, site.on("/feed", answer(500, b"")))
    assert fetched.state == "server_error"
    assert len(site.asked) == 3
    first, second = clock.slept
    assert 1 <= first <= 2 <= second <= 3


def test_a_refusal_is_not_asked_again(site, answer, clock, fetcher):
    poll(fetcher, site.on("/a", answer(403, b"")), site.on("/b", answer(404, b"")), site.on("/c", answer(501, b"")))
    assert sorted(site.paths()) == ["/a", "/b", "/c"]
    assert clock.slept == []


@pytest.mark.parametrize(("status", "state"), [(503, "server_error"), (429, "rate_limited")])
def test_a_long_retry_after_is_handed_on_instead_of_waited_for(site, answer, clock, fetcher, status, state):
    (fetched,) = poll(fetcher, site.on("/feed", answer(status, b"", Retry_After="3600")))
    assert (fetched.state, fetched.retry_after_s) == (state, 3600)
    assert (len(site.asked), clock.slept) == (1, [])


def test_a_host_that_wants_to_be_left_alone_is_left_alone(site, answer, fetcher):
    site.on("/other", answer())
    first = poll(fetcher, site.on("/feed", answer(429, b"", Retry_After="3600")))
    second = poll(fetcher, site.url("/other"))
    assert site.paths() == ["/feed"]
    assert (first[0].state, second[0].state, second[0].retry_after_s) == ("rate_limited", "rate_limited", 3600)


def test_one_host_is_asked_with_pauses_another_at_once(site, answer, clock, make_fetcher):
    urls = [site.on(f"/{n}", answer()) for n in range(3)]
    poll(make_fetcher(host_delay_s=5.0, concurrency=1), *urls)
    assert sum(clock.slept) == 10.0
    poll(make_fetcher(host_delay_s=5.0, concurrency=1), site.url("/1", host="localhost"))
    assert sum(clock.slept) == 10.0
    poll(make_fetcher(host_delay_s=5.0, concurrency=1), urls[0])  # as another process would, right after the first
    assert sum(clock.slept) == 15.0


def test_a_redirect_within_the_host_waits_its_turn_too(site, answer, clock, make_fetcher):
    site.on("/new", answer())
    poll(make_fetcher(host_delay_s=5.0), site.on("/old", answer(302, b"", Location="/new")))
    assert clock.slept == [5.0]


def test_robots_allows_denies_and_is_asked_once(site, answer, fetcher):
    rules = b"User-agent: *\nDisallow: /private/\n\nUser-agent: dealwire\nDisallow: /premium/\n"
    site.on("/robots.txt", answer(body=rules, Content_Type="text/plain"))
    free, paid = site.on("/private/a", answer(body=PAGE)), site.on("/premium/b", answer(body=PAGE))
    found = {fetched.url: fetched for fetched in pages(fetcher, free, paid)}
    assert found[free].state == "ok", "the group that names us counts, not the one for all"
    assert fetcher.store.get(found[free].body_sha256) == PAGE
    assert (found[paid].state, found[paid].status, found[paid].body_sha256) == ("robots_denied", None, None)
    assert "dealwire" in found[paid].error
    assert site.paths().count("/robots.txt") == 1
    assert "/premium/b" not in site.paths()


def test_robots_expires_after_a_day(site, answer, clock, fetcher):
    site.on("/robots.txt", answer(body=b"User-agent: *\nDisallow:\n"), answer(body=b"User-agent: *\nDisallow: /\n"))
    url = site.on("/a", answer(body=PAGE))
    assert pages(fetcher, url)[0].state == "ok"
    clock.sleep(23 * 3600)
    assert pages(fetcher, url)[0].state == "ok"
    clock.sleep(2 * 3600)
    assert pages(fetcher, url)[0].state == "robots_denied"


def test_a_redirect_to_a_forbidden_page_is_not_followed(site, answer, fetcher):
    site.on("/robots.txt", answer(body=b"User-agent: *\nDisallow: /premium/\n"))
    site.on("/premium/b", answer(body=PAGE))
    assert pages(fetcher, site.on("/a", answer(302, b"", Location="/premium/b")))[0].state == "robots_denied"
    assert "/premium/b" not in site.paths()


@pytest.mark.parametrize(("status", "state"), [(404, "ok"), (403, "ok"), (500, "robots_denied")])
def test_missing_rules_allow_and_broken_ones_forbid(site, answer, fetcher, status, state):
    site.on("/robots.txt", answer(status, b"x"))
    (fetched,) = pages(fetcher, site.on("/a", answer(body=PAGE)))
    assert fetched.state == state


def test_crawl_delay_is_obeyed(site, answer, clock, fetcher):
    site.on("/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: 7\n"))
    found = pages(fetcher, site.on("/a", answer(body=PAGE)), site.on("/b", answer(body=PAGE)))
    assert {fetched.state for fetched in found} == {"ok"}
    assert sum(clock.slept) == 14.0, "between robots.txt and the first page, and between the pages"


@pytest.mark.parametrize("delay", [b"nan", b"-5", b"inf", b"soon", b"100000"])
def test_an_absurd_crawl_delay_is_bounded(site, answer, clock, fetcher, delay):
    site.on("/robots.txt", answer(body=b"User-agent: *\nCrawl-delay: " + delay + b"\n"))
    found = pages(fetcher, site.on("/a", answer(body=PAGE)), site.on("/b", answer(body=PAGE)))
    assert {fetched.state for fetched in found} == {"ok"}
    assert sum(clock.slept) in {0.0, 120.0}


def test_rubbish_instead_of_rules_does_not_end_the_run(site, answer, fetcher):
    site.on("/robots.txt", answer(body=bytes(range(256)) * 50 + b"\nDisallow: /*" + b"*" * 5000 + b"$\n"))
    (fetched,) = pages(fetcher, site.on("/a", answer(body=PAGE)))
    assert fetched.state in {"ok", "robots_denied"}


def test_a_page_that_is_a_picture_is_malformed(site, answer, fetcher):
    (fetched,) = pages(fetcher, site.on("/a", answer(body=b"\x89PNG", Content_Type="image/png")))
    assert fetched.state == "malformed"
    assert "image/png" in fetched.error


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("9" * 400, 999_999_999),
        ("Mon, 05 Jan 2026 12:01:00 GMT", 60),
        ("Mon, 05 Jan 2026 11:00:00 GMT", 0),
        ("Mon, 05 Jan 2026 12:01:00", 60),
        ("-5", None),
        ("soon", None),
        ("Mon, 05 Jan 2026 12:01:00 +99999999999999", None),
        ("Mon, 99 Jan 99999 12:01:00 GMT", None),
        ("\u0661\u0662", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_all_its_forms(header, seconds):
    assert retry_after_seconds(header, datetime(2026, 1, 5, 12, tzinfo=UTC)) == seconds
