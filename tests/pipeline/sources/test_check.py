"""What each feed answered, and when it last brought something."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.records import Feed, Source
from pipeline.sources import check_sources


def source(source_id, *urls):
    return Source(source_id, source_id, urls[0], "US", "en", "blog", 4, 60, tuple(Feed(url) for url in urls))


def test_every_feed_is_reported_in_order(web, rss, fetcher):
    items = (("old", "Mon, 05 Jan 2026 08:00:00 +0900"), ("new", "Tue, 06 Jan 2026 08:00:00 +0900"), ("undated", ""))
    good = web.put("/good", rss("Good", items=items), "application/rss+xml")
    empty = web.put("/empty", rss("Empty"), "application/rss+xml")
    broken = web.put("/broken", "<?xml version='1.0'?><rss><channel><title>x</titel>", "application/rss+xml")
    page = web.put("/page", "<!DOCTYPE html><html><body>Not found</body></html>")
    gone = web.put("/gone", "no", status=410)
    web.put("/moved", "", status=301, Location="/good")
    checks = check_sources([source("one", good, empty, broken), source("two", page, gone, web.url("/moved"))], fetcher)
    assert [(check.source_id, check.state, check.status, check.items) for check in checks] == [
        ("one", "ok", 200, 3),
        ("one", "empty", 200, 0),
        ("one", "malformed", 200, 0),
        ("two", "malformed", 200, 0),
        ("two", "gone", 410, 0),
        ("two", "ok", 200, 3),
    ]
    assert checks[0].newest_item_at == datetime(2026, 1, 5, 23, tzinfo=UTC)
    assert checks[0].moved_to is None
    assert checks[1].error == "the feed has no items"
    assert "HTML page" in checks[3].error
    assert "410" in checks[4].error
    assert checks[5].moved_to == good
