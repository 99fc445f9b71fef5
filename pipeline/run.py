"""The pipeline in one process: sources -> feeds -> pages -> read -> link -> load -> check -> publish.

Each stage is a function of its own module that takes and returns plain values; a scheduler composes the same ones.
The ledger's file is held only while a stage reads or writes it, so that files can be ingested meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from pipeline.entries import Choice, Key, choose, entry_rows
from pipeline.fetch import Fetcher, RawStore
from pipeline.gather import Gathered, gather
from pipeline.polling import Polled, fetch_rows, jobs_at, next_states, poll
from pipeline.reading import ReaderLike, load, read, unread
from pipeline.records import FeedItem, Source
from pipeline.report import Progress, RunReport
from pipeline.session import Run, conclude, open_ledger, remember_sources, running
from pipeline.settings import Settings
from pipeline.sources import load_sources
from warehouse.store import FeedState


def run_once(
    settings: Settings,
    *,
    sources: Sequence[Source] | None = None,
    force: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    reader: ReaderLike | None = None,
) -> RunReport:
    """Read the news once and publish what it says.

    ``sources`` are the catalogue's by default, ``force`` asks feeds that are not due yet, ``now`` (UTC) sets the clock.
    A feed, page or document that fails is a problem of the report. Running again adds no row for what is known.

    Raises:
        ConfigError: the folder of sources is missing.
        LedgerBusyError: another process holds the ledger.
        WarehouseError: the ledger cannot be written; what was loaded before stays.
    """
    catalog = load_sources(settings.sources_dir) if sources is None else None
    sources = catalog.sources if catalog else sources or ()
    raw = RawStore(settings.raw_dir)
    with running("run", settings, now, progress, reader) as run:
        for problem in catalog.problems if catalog else ():
            run.tally.problem("feeds", problem.path.stem, str(problem.path), str(problem))
        with open_ledger(settings) as store:
            remember_sources(store, sources, whole=catalog is not None)
            remembered = store.feed_states()
        with Fetcher(settings, raw, run.clock) as fetcher:
            polled = poll_due(run, fetcher, raw, sources, remembered, force=force)
            choice, first_read = choose_entries(run, polled)
            with run.tally.stage("pages", len(choice.wanted)):
                gathered = list(gather(fetcher, raw, choice.wanted, run.clock.now(), run.tally))
        remember_fetches(run, polled, gathered)
        _take_in(run, gathered, sources, first_read)
        remember_feeds(run, polled, gathered, choice, remembered)
        return conclude(run)


def poll_due(
    run: Run,
    fetcher: Fetcher,
    raw: RawStore,
    sources: Sequence[Source],
    remembered: Mapping[str, FeedState],
    *,
    force: bool,
) -> list[Polled]:
    """Ask the feeds that are due; ``force`` asks all."""
    jobs, early = jobs_at(sources, remembered, run.clock.now(), force=force)
    run.tally.count("feeds_not_due", early)
    with run.tally.stage("feeds", len(jobs)):
        return poll(fetcher, raw, jobs, {source.id: source for source in sources}, run.tally)


def choose_entries(run: Run, polled: Sequence[Polled]) -> tuple[Choice, dict[Key, datetime]]:
    """What is worth a visit, and when known entries were first read."""
    items = [(item, answer.source) for answer in polled for item in answer.items]
    with open_ledger(run.settings) as store:
        rows = store.rows("feed_items", feed_urls=sorted({item.feed_url for item, _ in items}))
        remembered = {(row["feed_url"], row["guid"]): row["fingerprint"] for row in rows}
        choice = choose(items, remembered, store.known_article_ids() if items else set())
    run.tally.count("items_known", choice.unchanged + len(choice.known))
    run.tally.count("items_changed", sum(entry.changed for entry in choice.wanted))
    for item in choice.astray:
        run.tally.problem("feeds", item.source_id, item.feed_url, f"entry {item.guid[:80]!r} has no web address")
    return choice, {(row["feed_url"], row["guid"]): row["first_read_at"] for row in rows}


def _take_in(
    run: Run, gathered: Sequence[Gathered], sources: Sequence[Source], first_read: Mapping[Key, datetime]
) -> None:
    """Read and load the articles batch by batch; what a batch holds is remembered with it."""
    tiers = {source.id: source.tier for source in sources}
    # In the order of publication, so that a deal's events are recorded as they came about and few are taken back.
    in_order = sorted(gathered, key=lambda found: _published(found) or run.started_at)
    for batch in _batches(in_order, run.settings.batch_size):
        articles = [item.article for item in batch if item.article is not None]
        with open_ledger(run.settings) as store:
            fresh = unread(store, articles, run.reader.version) if articles else []
        run.tally.count("articles_unchanged", len(articles) - len(fresh))
        with run.tally.stage("read", len(fresh)):
            linked = read(run.reader, fresh, run.companies, tiers, run.tally)
        with run.tally.stage("load", None), open_ledger(run.settings) as store:
            if fresh:
                load(store, fresh, linked, run.clock.now(), run.tally)
            store.upsert("feed_items", entry_rows(dealt_with(batch), first_read, run.clock.now()))


def _published(found: Gathered) -> datetime | None:
    return found.article.published_at if found.article else None


def dealt_with(batch: Sequence[Gathered]) -> list[tuple[FeedItem, str]]:
    """Entries that need no further visit unless they change, with the article that each led to."""
    return [
        (item, found.article.id if found.article else found.entry.article_id)
        for found in batch
        if not found.later
        for item in (found.entry.item, *found.entry.twins)
    ]


def remember_fetches(run: Run, polled: Sequence[Polled], gathered: Sequence[Gathered]) -> None:
    """Put every request into ``fetch_log``."""
    answers = [(answer.fetched, len(answer.items) if answer.feed else None) for answer in polled]
    answers += [(found.fetched, None) for found in gathered if found.fetched]
    with open_ledger(run.settings) as store:
        store.log_fetches(fetch_rows(answers))


def remember_feeds(
    run: Run,
    polled: Sequence[Polled],
    gathered: Sequence[Gathered],
    choice: Choice,
    remembered: Mapping[str, FeedState],
) -> None:
    """Last of all: a run that breaks off before asks the same feeds for the same entries again."""
    late = frozenset(item.feed_url for found in gathered if found.later for item in (found.entry.item,))
    with open_ledger(run.settings) as store:
        store.upsert("feed_items", entry_rows(choice.known, {}, run.clock.now()))
        store.save_feed_states(next_states(polled, remembered, late))


def _batches(gathered: Sequence[Gathered], size: int) -> Iterator[list[Gathered]]:
    stream = iter(gathered)
    while batch := list(islice(stream, size)):
        yield batch
