"""The ledger of the sample newsroom as its annotations tell it, so that no change of the models changes the cookbook.

Each day's articles are a batch of their own, loaded that evening; so the ledger also knows what it believed when.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from models.facts import Compute, Deal, DealAmount, Party, Reading, Span
from pipeline.demo.content import Article as NewsroomArticle
from pipeline.demo.content import load_articles, load_publishers
from pipeline.link import LinkedReading, link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.settings import Settings
from warehouse.db import connect_writer
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reference import read_companies, sync_reference
from warehouse.store import FeedState, Store

ADDITIONS = tomllib.loads((Path(__file__).parent / "additions.toml").read_text("utf-8"))
TIERS = {publisher.id: publisher.tier for publisher in load_publishers()}
NEWEST = datetime(2026, 5, 6, 20, tzinfo=UTC)


def build(home: Path) -> None:
    """Load the newsroom day by day into a ledger below ``home``, and publish it."""
    fill(Settings(home=home), evenings())


def fill(settings: Settings, batches: Iterable[tuple[datetime, list[LinkedReading]]]) -> None:
    """Load what was read by each of these times into the ledger of the settings, and publish it."""
    con = connect_writer(settings.ledger)
    try:
        migrate(con)
        store = Store(con)
        sync_reference(store)
        store.sync_sources(
            [
                {"source_id": p.id, "name": p.name, "country": p.country, "language": p.language, "tier": p.tier}
                for p in load_publishers()
            ]
        )
        for moment, readings in batches:
            load_batch(store, [linked.article for linked in readings], readings, moment)
        _remember_feeds(store)
        publish(con, settings.snapshot)
    finally:
        con.close()


def evenings() -> Iterator[tuple[datetime, list[LinkedReading]]]:
    """The evening of each day with news, and what its articles say."""
    articles = sorted(load_articles(1), key=lambda told: (told.published, told.key))
    for day, told in groupby(articles, key=lambda told: told.published.astimezone(UTC).date()):
        evening = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        yield evening, [_read(article, evening) for article in told]


def _read(told: NewsroomArticle, seen_at: datetime) -> LinkedReading:
    text = "\n".join(told.paragraphs)
    article = Article(
        told.key, told.key, told.publisher, f"https://news.example/{told.key}", told.title, text, told.lang,
        seen_at, told.published.astimezone(UTC),
    )  # fmt: skip
    deals = tuple(_deal(told, number, expected, text) for number, expected in enumerate(told.deals, 1))
    reading = Reading(article.id, told.lang, bool(deals), deals=deals, model="annotated")
    return link(reading, article, read_companies(), TIERS[told.publisher])


def _deal(told: NewsroomArticle, number: int, expected: Any, text: str) -> Deal:
    """The first deal of an article is its news and shown by the headline, the others by the last paragraph."""
    more = ADDITIONS.get(told.key, {}).get(str(number), {})
    start = len(told.title) + 1
    evidence = Span(0, len(told.title)) if number == 1 else Span(start + text.rfind("\n") + 1, start + len(text))
    value = more.get("amount", expected.amount)
    return Deal(
        expected.type,
        expected.status,
        tuple(Party(party.id, party.role) for party in expected.parties),
        DealAmount(value, expected.currency, more.get("qualifier", "exact")) if value else None,
        tuple(more.get("chips", ())),
        Compute(more.get("gigawatts"), more.get("units")) if {"gigawatts", "units"} & set(more) else None,
        evidence,
        1.0,
        occurred_on=more.get("occurred_on"),
        attribution=more.get("attribution", "unattributed"),
        conditional=more.get("conditional", False),
    )


def _remember_feeds(store: Store) -> None:
    def request(url: str, state: str, hours: int, error: str = "") -> dict[str, Any]:
        return {"source_id": "", "url": url, "kind": "feed", "state": state, "error": error,
                "fetched_at": NEWEST - timedelta(hours=hours)}  # fmt: skip

    good, bad = "https://news.example/minato-keizai/feed", "https://news.example/stackwire/feed"
    store.save_feed_states(
        [
            FeedState(good, "minato-keizai", last_ok_at=NEWEST, last_item_at=NEWEST, last_state="ok"),
            FeedState(bad, "stackwire", last_ok_at=NEWEST - timedelta(days=2), last_state="not_found", failures=5),
        ]
    )
    store.log_fetches([
        request(good, "ok", 0), request(good, "not_modified", 6), request(bad, "not_found", 1, "410 Gone"),
        request(bad, "ok", 48),
    ])  # fmt: skip
