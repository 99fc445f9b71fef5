"""What strangers do wrong in the middle of a run: it is told, and the rest is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.records import Feed, Source
from pipeline.run import run_once
from pipeline.settings import Settings
from warehouse.db import connect_snapshot

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "Amazon is in talks to invest more than 10 billion dollars in OpenAI, people close to the matter said. " * 6
OTHER = "The weather over the harbour stays fair, with light winds from the west and no rain before Friday. " * 6


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, allow_private=True, host_delay_s=0, total_timeout_s=5)


@pytest.fixture
def run(settings, reader, site):
    def run(*feeds, now=NOW, **more):
        feeds = feeds or ("/feed",)
        source = Source(
            "own", "Own", f"{site.base}/", "GB", "en", "daily", 2, 30, tuple(Feed(site.base + f) for f in feeds)
        )
        return run_once(settings, sources=[source], now=now, reader=reader, **more)

    return run


def rows(settings, query):
    with connect_snapshot(settings.snapshot) as con:
        return con.execute(query).fetchall()


def said(report):
    return sorted(f"{p.stage} {p.url.rpartition('/')[2]} {p.message}" for p in report.problems)


def test_a_closed_page_is_read_from_the_feed(site, settings, run):
    site.pages["/robots.txt"] = (200, "text/plain", "User-agent: *\nDisallow: /shut/\n")
    site.pages["/paid"] = (403, "text/html", "subscribe")
    site.page("/open", "Fair weather", OTHER)
    site.feed("/feed", ("1", "/shut/a", "Talks", TEXT), ("2", "/paid", "Talks again", TEXT + "It was late."),
              ("3", "/open", "Fair weather", "short"), ("4", "/gone", "Lost", ""))  # fmt: skip
    report = run()
    assert report.counts["articles_new"] == 3
    assert report.counts["fallbacks"] == 2
    assert {key: report.counts[f"pages_failed:{key}"] for key in ("robots_denied", "forbidden", "not_found")} == {
        "robots_denied": 1, "forbidden": 1, "not_found": 1,
    }  # fmt: skip
    assert "/shut/a" not in site.asked
    assert rows(settings, "SELECT text_from, count(*) FROM articles GROUP BY ALL ORDER BY ALL") == [
        ("feed", 2),
        ("page", 1),
    ]
    assert [line.split()[1] for line in said(report)] == ["a", "gone", "paid"]
    assert not report.failed


def test_a_page_that_may_come_back_is_asked_again(site, settings, run):
    site.pages["/a"] = (503, "text/html", "busy")
    site.feed("/feed", ("1", "/a", "Talks", TEXT))
    report = run()
    assert (report.counts["later"], report.added) == (1, 0)
    assert "the next run asks again" in said(report)[0]
    site.page("/a", "Talks", TEXT)
    assert run(now=NOW + timedelta(hours=1)).counts["articles_new"] == 1
    site.pages["/b"] = (503, "text/html", "busy")
    site.feed("/feed", ("2", "/b", "More talks", TEXT + "More."))
    late = run(now=NOW + timedelta(days=5))
    assert (late.counts["fallbacks"], late.counts["articles_new"]) == (1, 1)


def test_a_document_that_cannot_be_read_does_not_end_the_run(site, settings, run):
    site.page("/a", "An unreadable piece", OTHER)
    site.page("/b", "Talks", TEXT)
    site.feed("/feed", ("1", "/a", "An unreadable piece", ""), ("2", "/b", "Talks", ""))
    report = run()
    assert (report.counts["unread"], report.counts["observations"]) == (1, 1)
    assert said(report) == ["read a no pipeline for it"]
    assert rows(settings, "SELECT error FROM readings WHERE error IS NOT NULL") == [("no pipeline for it",)]


def test_a_broken_feed_gives_what_can_be_read_and_a_problem(site, settings, run):
    site.page("/a", "Talks", TEXT)
    site.feed("/feed", ("1", "/a", "Talks", ""))
    status, kind, body = site.pages["/feed"]
    site.pages["/feed"] = (status, kind, body.replace("</channel></rss>", "<item><title>cut"))
    site.pages["/not"] = (200, "text/html", "<html><body>no feed</body></html>")
    report = run("/feed", "/not", "/missing")
    assert report.counts["articles_new"] == 1
    assert any("not well-formed" in line for line in said(report))
    assert report.counts["feeds_failed:not_found"] == 1
    health = dict(rows(settings, "SELECT parse_path(feed_url)[-1], health FROM feed_health"))
    assert health["missing"] == "failing"


def test_a_run_whose_every_feed_fails_is_failed(site, settings, run):
    report = run("/missing", "/lost")
    assert report.failed
    assert rows(settings, "SELECT state FROM run_log") == [("failed",)]


def test_an_article_in_two_feeds_is_read_once(site, settings, run):
    site.page("/a", "Talks", TEXT)
    site.feed("/feed", ("1", "/a?utm_source=rss", "Talks", ""))
    site.feed("/other", ("x", "/a", "Talks", ""))
    first = run("/feed", "/other")
    assert (first.counts["pages_ok"], first.counts["articles_new"]) == (1, 1)
    site.feed("/third", ("y", "/a", "Talks", ""))
    second = run("/feed", "/other", "/third", force=True)
    assert second.counts.get("pages_ok", 0) == 0
    assert second.counts["items_known"] == 3


def test_a_changed_entry_makes_a_new_version_only_where_the_words_changed(site, settings, run):
    site.page("/a", "Talks", TEXT)
    site.feed("/feed", ("1", "/a", "Talks", ""))
    run()
    site.feed("/feed", ("1", "/a", "Talks", "now with a summary"))
    same = run(now=NOW + timedelta(hours=1))
    assert (same.counts["items_changed"], same.counts["articles_unchanged"], same.added) == (1, 1, 0)
    site.page("/a", "Talks", TEXT + "Both companies declined to comment.")
    site.feed("/feed", ("1", "/a", "Talks", "now with a longer summary"))
    later = run(now=NOW + timedelta(hours=2))
    assert (later.counts["versions_new"], later.counts["superseded"]) == (1, 1)
    assert rows(settings, "SELECT count(*) FROM deals WHERE NOT withdrawn") == [(1,)]


def test_feeds_that_are_not_due_are_left_alone(site, run):
    site.feed("/feed", ("1", "/a", "Talks", TEXT))
    run()
    asked = len(site.asked)
    report = run(now=NOW + timedelta(minutes=5))
    assert report.counts == {"feeds_not_due": 1} | {key: 0 for key in report.counts if key != "feeds_not_due"}
    assert len(site.asked) == asked
    assert not report.failed


def test_a_run_that_breaks_off_says_so_and_the_next_one_goes_on(site, settings, run, reader, monkeypatch):
    site.page("/a", "Talks", TEXT)
    site.feed("/feed", ("1", "/a", "Talks", ""))
    monkeypatch.setattr(reader, "read", lambda documents: (_ for _ in ()).throw(MemoryError("no room")))
    with pytest.raises(MemoryError):
        run()
    monkeypatch.undo()
    assert run().counts["articles_new"] == 1
    logged = rows(settings, "SELECT state, error FROM run_log ORDER BY state")
    assert logged == [("failed", "MemoryError: no room"), ("ok", None)]
