"""Polling feeds from a real server: conditions, encodings, redirects, failures."""

from __future__ import annotations

import gzip
import threading
import zlib

import brotli
import pytest

from pipeline.fetch import FeedJob, FeedState, advance

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title></channel></rss>"


def poll(fetcher, url, **state):
    (fetched,) = fetcher.fetch_feeds([FeedJob("source", FeedState(url, **state))])
    return fetched


def test_a_feed_is_fetched_kept_and_then_not_modified(site, answer, fetcher):
    stamp = "Mon, 05 Jan 2026 10:00:00 GMT"
    url = site.on(
        "/feed", answer(ETag='"v1"', Last_Modified=stamp, Content_Type="application/rss+xml"), answer(304, b"")
    )
    first = poll(fetcher, url)
    assert (first.state, first.status, first.bytes, first.etag) == ("ok", 200, len(RSS), '"v1"')
    assert fetcher.store.get(first.body_sha256) == RSS
    state = advance(FeedState(url), first, 30)

    (second,) = fetcher.fetch_feeds([FeedJob("source", state)])
    assert (second.state, second.status, second.body_sha256) == ("not_modified", 304, None)
    assert site.asked[1][1]["if-none-match"] == '"v1"'
    assert site.asked[1][1]["if-modified-since"] == stamp
    assert advance(state, second, 30).etag == '"v1"'


def test_we_say_who_we_are_and_do_not_ask_robots_for_feeds(site, answer, make_fetcher):
    poll(make_fetcher(user_agent="dealwire/9 (+https://example.org)"), site.on("/feed", answer()))
    assert site.paths() == ["/feed"]
    assert site.asked[0][1]["user-agent"] == "dealwire/9 (+https://example.org)"


def test_cookies_are_not_kept(site, answer, fetcher):
    url = site.on("/feed", answer(Set_Cookie="track=1"))
    poll(fetcher, url)
    poll(fetcher, url)
    assert "cookie" not in site.asked[1][1]


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_kept_decoded(site, answer, fetcher, encoding, encode):
    fetched = poll(fetcher, site.on("/feed", answer(body=encode(RSS), Content_Encoding=encoding)))
    assert fetched.state == "ok"
    assert fetcher.store.get(fetched.body_sha256) == RSS


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_body_that_is_not_what_its_encoding_says_is_malformed(site, answer, fetcher, encoding):
    fetched = poll(fetcher, site.on("/feed", answer(body=b"\xff\xffnot compressed", Content_Encoding=encoding)))
    assert (fetched.state, fetched.body_sha256) == ("malformed", None)
    assert fetched.error


def test_a_compressed_body_that_ends_early_is_malformed(site, answer, fetcher):
    fetched = poll(fetcher, site.on("/feed", answer(body=gzip.compress(RSS)[:-12], Content_Encoding="gzip")))
    assert (fetched.state, fetched.error) == ("malformed", "the compressed body ends early")


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("br", lambda body: brotli.compress(body, quality=2))]
)
def test_a_small_bomb_is_refused_before_it_goes_off(site, answer, make_fetcher, encoding, pack):
    bomb = pack(b"<rss>" + bytes(50_000_000))
    fetched = poll(make_fetcher(max_feed_bytes=100_000), site.on("/feed", answer(body=bomb, Content_Encoding=encoding)))
    assert (fetched.state, fetched.body_sha256) == ("too_large", None)


def test_announced_and_unannounced_size_are_both_bounded(site, answer, make_fetcher):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            while not site.release.is_set():
                handler.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
        except OSError:
            handler.close_connection = True

    fetcher = make_fetcher(max_feed_bytes=50_000)
    announced = poll(fetcher, site.on("/big", answer(body=b"x" * 60_000)))
    assert announced.state == "too_large"
    assert "60000 bytes announced" in announced.error
    assert poll(fetcher, site.on("/endless", endless)).state == "too_large"


def test_a_permanent_redirect_is_remembered_and_asked_next_time(site, answer, fetcher):
    old = site.on("/old", answer(301, b"", Location="/middle"))
    site.on("/middle", answer(308, b"", Location="/new"))
    new = site.on("/new", answer())
    fetched = poll(fetcher, old)
    assert (fetched.state, fetched.url, fetched.final_url, fetched.moved_to) == ("ok", old, new, new)
    state = advance(FeedState(old), fetched, 30)
    (again,) = fetcher.fetch_feeds([FeedJob("source", state)])
    assert site.paths() == ["/old", "/middle", "/new", "/new"]
    assert again.moved_to == new


def test_one_temporary_hop_makes_the_move_temporary(site, answer, fetcher):
    old = site.on("/old", answer(301, b"", Location="/middle"))
    site.on("/middle", answer(302, b"", Location="/new"))
    site.on("/new", answer())
    fetched = poll(fetcher, old)
    assert (fetched.state, fetched.final_url, fetched.moved_to) == ("ok", site.url("/new"), None)


def test_a_move_to_a_page_that_is_no_feed_is_not_remembered(site, answer, fetcher):
    old = site.on("/old", answer(301, b"", Location="/login"))
    site.on("/login", answer(body=b"<!DOCTYPE html><html><body>Sign in</body></html>", Content_Type="text/html"))
    fetched = poll(fetcher, old)
    assert (fetched.state, fetched.moved_to) == ("malformed", None)


def test_redirects_in_a_circle_and_without_end_are_unreachable(site, answer, fetcher):
    circle = site.on("/a", answer(302, b"", Location="/b"))
    site.on("/b", answer(302, b"", Location="/a"))
    assert "circle" in poll(fetcher, circle).error
    for step in range(20):
        site.on(f"/n{step}", answer(302, b"", Location=f"/n{step + 1}"))
    endless = poll(fetcher, site.url("/n0"))
    assert (endless.state, endless.error) == ("unreachable", "more than 8 redirects")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, "forbidden"),
        (401, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
        (408, "timeout"),
        (410, "gone"),
        (429, "rate_limited"),
        (451, "forbidden"),
        (500, "server_error"),
        (503, "server_error"),
        (304, "malformed"),
        (300, "malformed"),
    ],
)
def test_statuses_become_states(site, answer, fetcher, status, state):
    fetched = poll(fetcher, site.on("/feed", answer(status, b"" if status == 304 else b"no")))
    assert (fetched.state, fetched.status, fetched.body_sha256) == (state, status, None)
    assert str(status) in fetched.error


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_an_empty_body_is_empty(site, answer, fetcher, body):
    assert poll(fetcher, site.on("/feed", answer(body=body))).state == "empty"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"<html><head></head></html>", "malformed"),
        (b"\x89PNG\r\n\x1a\n0000", "malformed"),
        (b'{"message": "hello"}', "malformed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "ok"),
        (b"<?xml version='1.0'?><!-- made by hand --><feed xmlns='http://www.w3.org/2005/Atom'/>", "ok"),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'></rdf:RDF>", "ok"),
        ("<?xml version='1.0'?><rss></rss>".encode("utf-16"), "ok"),
        (b"Warning: mysql is slow<?xml version='1.0'?><rss></rss>", "ok"),
    ],
)
def test_what_is_no_feed_is_told_by_its_content_and_kept_for_a_look(site, answer, fetcher, body, state):
    fetched = poll(fetcher, site.on("/feed", answer(body=body, Content_Type="text/html")))
    assert fetched.state == state
    assert fetcher.store.get(fetched.body_sha256) == body


def test_a_body_that_never_comes_ends_at_the_time_limit(site, make_fetcher):
    def stall(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<rss>")
        site.release.wait()

    fetched = poll(make_fetcher(total_timeout_s=0.2), site.on("/feed", stall))
    assert fetched.state == "timeout"
    assert site.paths() == ["/feed"], "a time-out is not asked again"


def test_a_slow_drip_ends_at_the_time_limit_though_every_read_is_quick(site, clock, make_fetcher):
    stopped = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            while not site.release.is_set():
                handler.wfile.write(b"1\r\nx\r\n")
                handler.wfile.flush()
        except OSError:
            stopped.set()
            handler.close_connection = True

    clock.tick = 0.5  # each wait on the network costs half a second of the limit
    fetched = poll(make_fetcher(total_timeout_s=30.0), site.on("/feed", drip))
    assert fetched.state == "timeout"
    assert stopped.wait(5), "the connection is given up"


def test_a_name_without_address_is_unreachable(fetcher):
    fetched = poll(fetcher, "http://no-such-host.invalid/feed")
    assert (fetched.state, fetched.status) == ("unreachable", None)
    assert "no-such-host.invalid" in fetched.error


def test_a_closed_port_is_unreachable_after_three_attempts(site, clock, fetcher):
    site.close()
    fetched = poll(fetcher, site.url("/feed"))
    assert fetched.state == "unreachable"
    assert len(clock.slept) == 2


def test_nonsense_on_the_wire_is_unreachable(site, fetcher):
    def nonsense(handler):
        handler.wfile.write(b"SMTP ready\r\n\r\n")
        handler.close_connection = True

    fetched = poll(fetcher, site.on("/feed", nonsense))
    assert fetched.state == "unreachable"
    assert "ProtocolError" in fetched.error


@pytest.mark.parametrize(
    "url", ["ftp://example.org/feed", "/just/a/path", "http://", "http://[::1/feed", "http://h:99999/"]
)
def test_what_is_no_web_address_is_blocked(fetcher, url):
    assert poll(fetcher, url).state == "blocked_address"


def test_one_bad_feed_does_not_stop_the_others(site, answer, fetcher):
    urls = [site.on("/good", answer()), "http://no-such-host.invalid/", site.on("/bad", answer(500)), site.url("/none")]
    found = {f.url: f.state for f in fetcher.fetch_feeds(FeedJob("s", FeedState(url)) for url in urls)}
    assert found == dict(zip(urls, ["ok", "unreachable", "server_error", "not_found"], strict=True))


def test_a_location_with_letters_beyond_ascii_is_followed(site, answer, fetcher):
    site.on("/caf%C3%A9", answer())
    fetched = poll(fetcher, site.on("/feed", answer(302, b"", Location="/caf\u00e9#top")))
    assert (fetched.state, fetched.final_url) == ("ok", site.url("/caf%C3%A9"))


def test_a_flood_of_headers_is_refused(site, fetcher):
    def flood(handler):
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 5_000_000 + b"\r\n\r\n")
        except OSError:
            return
        finally:
            handler.close_connection = True

    assert poll(fetcher, site.on("/feed", flood)).state == "unreachable"


@pytest.mark.parametrize("length", ["9" * 40, "9" * 6000, "-1", "12x"])
def test_an_absurd_content_length_is_a_state(site, answer, fetcher, length):
    fetched = poll(fetcher, site.on("/feed", answer(Content_Length=length)))
    assert fetched.state in {"too_large", "unreachable", "malformed"}
    assert fetched.body_sha256 is None


@pytest.mark.parametrize(
    "location", ["http://[", "http://a b/", "//", "http://xn--/", "http://\x00/", "javascript:0", "data:,x"]
)
def test_an_absurd_location_is_a_state(site, answer, fetcher, location):
    fetched = poll(fetcher, site.on("/feed", answer(302, b"", Location=location)))
    assert fetched.state in {"blocked_address", "unreachable", "malformed"}
    assert fetched.error
