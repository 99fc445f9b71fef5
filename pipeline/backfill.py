"""Backfill: a past range is read anew where the reader has changed since, and web archives are taken in.

Both end in batches of articles that wait to be read and loaded like any others. Broken off, it is begun again: what is
loaded is not chosen a second time, and the same articles make the same batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.claim_rows import article_from
from pipeline.errors import ConfigError
from pipeline.ingest import INBOX, article_of
from pipeline.parse import InputProblem
from pipeline.parse.addresses import same_site
from pipeline.parse.archives import Captured, is_archive, read_archive
from pipeline.reading import ReaderLike
from pipeline.records import Article, Source
from pipeline.report import Progress, RunReport, Tally
from pipeline.settings import Settings
from pipeline.sources import load_sources
from pipeline.stages import StageReport, batches_of, load_batches, read_batch, unread_yet
from warehouse.db import connect_snapshot
from warehouse.store import Store

ORIGIN = "backfill"
LIMIT = 2_000
_LOOKED_UP = 256  # articles of an archive at a time


@dataclass(frozen=True, slots=True)
class Past:
    """What to fill in: articles published (or else first seen) from ``since`` to ``until``, both included.

    ``sources`` are ids of the catalogue, all if there are none; ``archives`` are ``.warc`` files or folders of them;
    without any, what the ledger holds is read anew.
    """

    since: date
    until: date
    sources: tuple[str, ...] = ()
    archives: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ConfigError(f"until {self.until} is before since {self.since}", "give the earlier day as since")

    def covers(self, article: Article) -> bool:
        """Whether an article belongs to the range and the sources."""
        day = (article.published_at or article.seen_at).date()
        return self.since <= day <= self.until and (not self.sources or article.source_id in self.sources)


def plan(
    settings: Settings, past: Past, *, reader: ReaderLike | None = None, limit: int | None = LIMIT,
    tally: Tally | None = None,
) -> StageReport:  # fmt: skip
    """Put the articles into batches that wait to be read, and say which. Count ``left`` is what ``limit`` left out.

    Raises:
        ConfigError: a source is not in the catalogue, or an archive is not there.
        SnapshotMissingError: there is no ledger whose articles could be read anew.
    """
    catalog = load_sources(settings.sources_dir)
    for name in past.sources:
        if name != INBOX:
            catalog.get(name)
    tally, version = tally or Tally(), (reader or _reader(settings)).version
    if past.archives:
        articles = _fresh(settings, _of_archives(past, catalog.sources, tally), version)
    else:
        articles = _stale(settings, past, version)
    batches, written, taken = batches_of(settings), [], 0
    while found := list(islice(articles, settings.batch_size if limit is None else min(settings.batch_size, limit))):
        written.append(batches.put_raw(ORIGIN, found))
        taken += len(found)
        limit = None if limit is None else limit - len(found)
    tally.count("chosen", taken)
    tally.count("left", sum(1 for _ in articles) if limit == 0 else 0)
    return StageReport(tuple(written), dict(tally.counts), tuple(map(str, tally.problems)))


def backfill(
    settings: Settings, past: Past, *, reader: ReaderLike | None = None, limit: int | None = None,
    progress: Progress | None = None,
) -> RunReport:  # fmt: skip
    """Choose, read and load in this process. Raises as :func:`plan` and :func:`pipeline.stages.load_batches` do."""
    reader = reader or _reader(settings)
    tally = Tally(progress)
    with tally.stage("files"):
        planned = plan(settings, past, reader=reader, limit=limit, tally=tally)
    with tally.stage("read", tally.counts["chosen"]):
        for batch_id in planned.batches:
            read_batch(settings, batch_id, reader, tally)
    _, loaded = load_batches(settings)
    counts = Counter(loaded.counts)
    counts.update(tally.counts)
    return replace(
        loaded,
        kind="backfill",
        counts=dict(counts),
        problems=(*tally.problems, *loaded.problems),
        seconds={**tally.seconds, **loaded.seconds},
    )


def _reader(settings: Settings) -> ReaderLike:
    from models.reader import Reader

    return Reader(settings.batch_size)


def _stale(settings: Settings, past: Past, version: str) -> Iterator[Article]:
    con = connect_snapshot(settings.snapshot, confined=False)
    with con:
        rows = Store(con).rows(
            "articles_to_reread", version=version, since=past.since, until=past.until,
            sources=list(past.sources) or None,
        )  # fmt: skip
    yield from map(article_from, rows)


def _fresh(settings: Settings, articles: Iterator[Article], version: str) -> Iterator[Article]:
    while found := list(islice(articles, _LOOKED_UP)):
        yield from unread_yet(settings, found, version)


def _of_archives(past: Past, sources: Sequence[Source], tally: Tally) -> Iterator[Article]:
    now, kin = datetime.now(UTC), _Kin(sources)
    for path in _expanded(past.archives):
        for found in read_archive(path):
            if isinstance(found, InputProblem):
                tally.count("unreadable")
                tally.problem("files", INBOX, str(path), f"{found.message} ({found.hint})")
            elif past.covers(article := _article(found, path, kin, now)):
                tally.count("archived")
                yield article


def _article(found: Captured, path: Path, kin: _Kin, now: datetime) -> Article:
    article = article_of(found.document, path.name, min(found.at or now, now))
    return replace(article, source_id=kin.source_of(article.url))


def _expanded(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.is_file() and is_archive(found))
        elif path.is_file():
            yield path
        else:
            raise ConfigError(f"{path}: no such archive", "name a .warc or .warc.gz file, or a folder of them")


class _Kin:
    """Which source of the catalogue publishes under an address; the inbox where none does."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._known: dict[str, str] = {}

    def source_of(self, url: str) -> str:
        host = urlsplit(url).netloc
        if host not in self._known:
            own = (
                s.id for s in self._sources if any(same_site(url, a) for a in (s.homepage, *(f.url for f in s.feeds)))
            )
            self._known[host] = next(own, INBOX)
        return self._known[host]
