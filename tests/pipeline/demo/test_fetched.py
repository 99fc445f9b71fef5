"""The product's own fetcher and catalogue meet the newsroom, as in the demonstration run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipeline.demo import Newsroom
from pipeline.fetch.client import Fetcher
from pipeline.fetch.feeds import FeedState, PageJob, advance, due_jobs
from pipeline.fetch.raw_store import RawStore
from pipeline.settings import Settings
from pipeline.sources.catalog import load_sources


def test_feeds_are_polled_and_polled_again(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.write_sources(tmp_path / "sources")
    catalog = load_sources(tmp_path / "sources")
    assert not catalog.problems
    settings = Settings(home=tmp_path, allow_private=True, host_delay_s=0)
    jobs = due_jobs(catalog.sources, {}, datetime.now(UTC))
    with Fetcher(settings, RawStore(tmp_path / "raw")) as fetcher:
        first = {answer.source_id: answer for answer in fetcher.fetch_feeds(jobs)}
        states = {
            job.state.url: advance(FeedState(job.state.url), first[job.source_id], poll_minutes=30) for job in jobs
        }
        again = due_jobs(catalog.sources, states, datetime(2100, 1, 1, tzinfo=UTC))
        second = {answer.source_id: answer.state for answer in fetcher.fetch_feeds(again)}
    failing = {"cable-courier": "gone", "wellen-ticker": "server_error"}
    assert {key: answer.state for key, answer in first.items() if answer.state != "ok"} == failing
    assert {key for key, state in second.items() if state == "not_modified"} == first.keys() - failing.keys()
    moved = first["faro-economico"].moved_to
    assert moved == f"{newsroom.base_url}/faro-economico/feed.xml"


def test_pages_are_fetched_save_those_that_robots_closes(newsroom: Newsroom, tmp_path: Path) -> None:
    jobs = [PageJob(article.publisher, newsroom.article_url(article)) for article in newsroom.articles]
    settings = Settings(home=tmp_path, allow_private=True, host_delay_s=0)
    with Fetcher(settings, RawStore(tmp_path / "raw")) as fetcher:
        answers = list(fetcher.fetch_pages(jobs))
    assert len(answers) == len(jobs)
    refused = [answer for answer in answers if answer.state != "ok"]
    assert [answer.state for answer in refused] == ["robots_denied"]
    assert "/premium/" in refused[0].url
