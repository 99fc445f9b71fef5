"""Reading and loading: articles become readings, readings claims, claims deals. In batches; one transaction each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from models.facts import Document, Reading
from pipeline.link import DEFAULT_TIER, LinkedReading, link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.report import Tally
from warehouse.reference import Company
from warehouse.store import Store


class ReaderLike(Protocol):
    """What is asked of a reader; :class:`models.reader.Reader` is the one."""

    @property
    def version(self) -> str:
        """Engine and knowledge: readings of one version are alike."""

    def read(self, documents: Iterable[Document]) -> Iterator[Reading]:
        """Readings in the order of the documents; one that cannot be read has ``error``."""


def unread(store: Store, articles: Sequence[Article], version: str) -> list[Article]:
    """Those of the articles whose text this version of the reader has not read yet."""
    rows = store.rows("readings_of_articles", article_ids=sorted({article.id for article in articles}))
    done = {row["version_id"] for row in rows if row["extractor"] == version}
    return [article for article in articles if article.version_id not in done]


def read(
    reader: ReaderLike,
    articles: Sequence[Article],
    companies: Mapping[str, Company],
    tiers: Mapping[str, int],
    tally: Tally,
) -> list[LinkedReading]:
    """Read and link. ``tiers`` is the credibility of each source, by id."""
    linked = []
    readings = reader.read(document_of(article) for article in articles)
    for article, reading in zip(articles, readings, strict=True):
        tally.count("documents")
        tally.step()
        if reading.error is not None:
            tally.count("unread")
            tally.problem("read", article.source_id, article.url, reading.error)
        elif reading.relevant:
            tally.count("relevant")
        linked.append(link(reading, article, companies, tiers.get(article.source_id, DEFAULT_TIER)))
    return linked


def document_of(article: Article) -> Document:
    """The article as the reader takes it."""
    published = article.published_at.isoformat() if article.published_at else None
    return Document(article.id, article.text, article.title, article.lang, published, article.url)


def load(store: Store, articles: Sequence[Article], readings: Sequence[LinkedReading], now: datetime,
         tally: Tally) -> None:  # fmt: skip
    """Write a batch and count what it added."""
    known = store.known_article_ids({article.id for article in articles})
    report = load_batch(store, articles, readings, now)
    fresh = {article.id for article in articles} - known
    tally.count("articles_new", len(fresh))
    tally.count("versions_new", report.counts["articles"] - len(fresh))
    for key in ("observations", "superseded", "deals", "events", "retracted", "merged", "withdrawn"):
        tally.count(key, report.counts.get(key, 0))
    tally.skipped.update(item.reason for item in report.skipped if not item.reason.startswith("could not be read"))
    tally.deal_ids.update(report.deal_ids)
