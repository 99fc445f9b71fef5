"""The stages of a run as tasks of their own, in processes that share only the folder of data: fetch, read, load.

Each may be run again at any time: what is known adds nothing. :mod:`pipeline.run` composes the same functions in one
process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.batches import ArticleRead, Batches
from pipeline.entries import entry_rows
from pipeline.errors import ConfigError, DealwireError
from pipeline.fetch import Fetcher, RawStore
from pipeline.gather import gather
from pipeline.ingest import INBOX, TIER, remember_inbox
from pipeline.link import DEFAULT_TIER, link
from pipeline.reading import ReaderLike, load, read, unread
from pipeline.records import Article, Source
from pipeline.report import RunReport, Tally
from pipeline.run import choose_entries, dealt_with, poll_due, remember_feeds, remember_fetches
from pipeline.session import close, conclude, open_ledger, remember_sources, running
from pipeline.settings import Settings
from pipeline.sources import load_sources
from warehouse.db import connect_snapshot
from warehouse.errors import SnapshotMissingError
from warehouse.reference import read_companies
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a task did: the batches it wrote, its counts (keys of :data:`pipeline.report.LABELS`), what went wrong.

    ``failed`` is that of :class:`pipeline.report.RunReport`: no feed answered, or the ledger is unsound.
    """

    batches: tuple[str, ...]
    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()
    failed: bool = False


def batches_of(settings: Settings) -> Batches:
    """The batch files of these settings."""
    return Batches(settings.home / "batches")


def source_groups(settings: Settings, groups: int) -> list[list[str]]:
    """Ids of the catalogue's sources in at most ``groups`` lists to be fetched side by side.

    Sources that share a host stand in one list, so that each host is asked by one process, which keeps its pauses.
    """
    if groups < 1:
        raise ConfigError(f"{groups} groups of sources", "give 1 or more")
    sources = load_sources(settings.sources_dir).sources
    together: list[tuple[set[str], list[str]]] = []
    for source in sources:
        hosts = {urlsplit(url).netloc.lower().removeprefix("www.") for url in (source.homepage, *_feeds(source))}
        ids = [source.id]
        for kin in [kin for kin in together if kin[0] & hosts]:
            together.remove(kin)
            hosts, ids = hosts | kin[0], kin[1] + ids
        together.append((hosts, ids))
    found: list[list[str]] = [[] for _ in range(groups)]
    for _, ids in sorted(together, key=lambda kin: -len(kin[1])):
        min(found, key=len).extend(ids)
    return [sorted(ids) for ids in found if ids]


def fetch_sources(
    settings: Settings, source_ids: Sequence[str], *, force: bool = False, now: datetime | None = None
) -> StageReport:
    """Ask the due feeds of the sources and the pages of their new entries; the articles go into batch files.

    Entries are remembered once their articles are on disk: a run that breaks off before fetches them again.

    Raises:
        ConfigError: a source is not in the catalogue.
        LedgerBusyError: another process holds the ledger.
    """
    catalog = {source.id: source for source in load_sources(settings.sources_dir).sources}
    unknown = [name for name in source_ids if name not in catalog]
    if unknown:
        raise ConfigError(f"source {unknown[0]!r} is not in the catalogue", "dealwire sources list shows them")
    sources, raw, batches = [catalog[name] for name in source_ids], RawStore(settings.raw_dir), batches_of(settings)
    with running("fetch", settings, now, None, None) as run:
        with open_ledger(settings) as store:
            remember_sources(store, sources, whole=False)
            remembered = store.feed_states()
        with Fetcher(settings, raw, run.clock) as fetcher:
            polled = poll_due(run, fetcher, raw, sources, remembered, force=force)
            choice, first_read = choose_entries(run, polled)
            gathered = list(gather(fetcher, raw, choice.wanted, run.clock.now(), run.tally))
        articles = [found.article for found in gathered if found.article]
        in_order = sorted(articles, key=lambda article: article.published_at or article.seen_at)
        written = batches.put_all_raw("feeds", in_order, settings.batch_size)
        remember_fetches(run, polled, gathered)
        with open_ledger(settings) as store:
            store.upsert("feed_items", entry_rows(dealt_with(gathered), first_read, run.clock.now()))
        remember_feeds(run, polled, gathered, choice, remembered)
        run.tally.count("articles", len(articles))
        report = close(run)
    return StageReport(tuple(written), report.counts, tuple(map(str, report.problems)), report.failed)


def read_batch(
    settings: Settings, batch_id: str, reader: ReaderLike | None = None, tally: Tally | None = None
) -> StageReport:
    """Read those articles of a batch that the published snapshot does not know as read by this version of the reader.

    Writes to no database, so that any number of workers may do it at once. ``tally``: to count in.

    Raises:
        InputError: there is no such batch, or its file is damaged.
    """
    batches = batches_of(settings)
    if batch_id not in batches.unread():  # read by an earlier try of this task, or loaded since
        return StageReport((batch_id,), {"documents": 0})
    if reader is None:
        from models.reader import Reader

        reader = Reader(settings.batch_size)
    tally = tally or Tally()
    articles = batches.raw(batch_id)
    fresh = unread_yet(settings, articles, reader.version)
    tally.count("articles_unchanged", len(articles) - len(fresh))
    linked = read(reader, fresh, read_companies(), {}, tally)
    batches.put_readings(batch_id, (ArticleRead(found.article, found.reading) for found in linked))
    return StageReport((batch_id,), dict(tally.counts), tuple(map(str, tally.problems)))


def unread_yet(settings: Settings, articles: Sequence[Article], version: str) -> list[Article]:
    """Those of the articles that this version of the reader has not read, as far as the published snapshot knows.

    What was loaded since is read once more, and skipped by the load.
    """
    try:
        con = connect_snapshot(settings.snapshot, confined=False)
    except SnapshotMissingError:
        return list(articles)
    with con:
        return unread(Store(con), articles, version)


def load_batches(settings: Settings, now: datetime | None = None) -> tuple[StageReport, RunReport]:
    """Link and load every batch that waits, check the ledger, publish the snapshot.

    A batch whose file is damaged is a problem and stays where it is; the others are loaded.

    Raises:
        LedgerBusyError: another process holds the ledger.
        WarehouseError: the ledger cannot be written; what was loaded before stays.
    """
    batches = batches_of(settings)
    tiers = {source.id: source.tier for source in load_sources(settings.sources_dir).sources} | {INBOX: TIER}
    done: list[str] = []
    with running("load", settings, now, None, None) as run:
        for batch_id in batches.unloaded():
            try:
                lines = batches.readings(batch_id)
            except DealwireError as error:
                run.tally.problem("load", "", batch_id, str(error))
                continue
            linked = [
                link(line.reading, line.article, run.companies, tiers.get(line.article.source_id, DEFAULT_TIER))
                for line in lines
            ]
            with run.tally.stage("load"), open_ledger(settings) as store:
                if any(line.article.source_id == INBOX for line in lines):
                    remember_inbox(store)
                load(store, [line.article for line in lines], linked, run.clock.now(), run.tally)
            batches.finish(batch_id)
            done.append(batch_id)
        report = conclude(run)
    return StageReport(tuple(done), report.counts, tuple(map(str, report.problems)), report.failed), report


def _feeds(source: Source) -> list[str]:
    return [feed.url for feed in source.feeds]
