"""One run from start to end: the ledger opened and brought up to date, the run's row kept, checks, the snapshot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.fetch import Clock, SystemClock
from pipeline.reading import ReaderLike
from pipeline.records import Source
from pipeline.relink import relink
from pipeline.report import Progress, RunReport, Tally
from pipeline.settings import Settings
from warehouse.check import check
from warehouse.db import connect_writer
from warehouse.lake import let_go
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reference import Company, read_companies, sync_reference
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Run:
    """What the stages of one run share."""

    id: str
    kind: str
    started_at: datetime
    settings: Settings
    tally: Tally
    clock: Clock
    reader: ReaderLike
    companies: Mapping[str, Company]


@dataclass(frozen=True, slots=True)
class SetClock(SystemClock):
    """The machine's clock with its date set and held, so that a run can be made as of another time."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@contextmanager
def open_ledger(settings: Settings) -> Iterator[Store]:
    """The writer's store, for as long as a stage needs it, so that others can write in between.

    Raises:
        LedgerBusyError: another process holds the file for longer than we wait.
    """
    con = connect_writer(settings.ledger, settings.writer_wait_s)
    try:
        yield Store(con)
    finally:
        let_go(con)
        con.close()


@contextmanager
def running(
    kind: str, settings: Settings, now: datetime | None, progress: Progress | None, reader: ReaderLike | None
) -> Iterator[Run]:
    """Bring the ledger up to date and keep the run's row in ``run_log``; an exception marks it failed and goes on."""
    if reader is None:
        from models.reader import Reader

        reader = Reader(settings.batch_size)
    clock: Clock = SetClock(now) if now else SystemClock()
    run = Run(uuid.uuid4().hex[:12], kind, clock.now(), settings, Tally(progress), clock, reader, read_companies())
    with open_ledger(settings) as store:
        _bring_up_to_date(store, run.companies, run.started_at)
        store.log_run(run.id, kind, "running", run.started_at)
    try:
        yield run
    except BaseException as error:
        with open_ledger(settings) as store:
            said = f"{type(error).__name__}: {error}"
            store.log_run(run.id, kind, "failed", run.started_at, datetime.now(UTC), dict(run.tally.counts), said)
        raise


def conclude(run: Run) -> RunReport:
    """Check the ledger, close the run's row, publish the snapshot. What a check finds is in the report and published
    all the same: a ledger with one odd row serves analysts better than yesterday's."""
    tally = run.tally
    with open_ledger(run.settings) as store:
        with tally.stage("check"):
            tally.checks.update({name: len(rows) for name, rows in check(store.con).items()})
            tally.count("checks_failed", sum(tally.checks.values()))
        for name, rows in tally.checks.items():
            tally.problem("check", "", str(run.settings.ledger), f"{name}: {rows} rows; see dealwire db check")
        _log(store, run)
        with tally.stage("publish"):
            keep, parquet = run.settings.keep_snapshots, run.settings.publish_parquet
            publish(store.con, run.settings.snapshot, keep, parquet=parquet)
            _publish_files(store, run)
    return _report(run)


def _publish_files(store: Store, run: Run) -> None:
    """The feed and the calendar beside the snapshot; what is wrong with them must not cost analysts their ledger."""
    from pipeline.alerts.published import publish_files

    try:
        publish_files(store.con, run.settings.snapshot.parent, run.clock.now(), run.settings.published_language)
    except Exception as error:
        run.tally.problem("publish", "", str(run.settings.snapshot.parent), f"{type(error).__name__}: {error}")


def close(run: Run) -> RunReport:
    """Close the row of a run that leaves the ledger's deals alone: no checks, no snapshot."""
    with open_ledger(run.settings) as store:
        return _log(store, run)


def _log(store: Store, run: Run) -> RunReport:
    report = _report(run)
    state = "failed" if report.failed else "ok"
    store.log_run(run.id, run.kind, state, run.started_at, report.ended_at, report.counts)
    return report


def _report(run: Run) -> RunReport:
    return run.tally.report(run.id, run.kind, run.started_at, run.clock.now(), run.settings.snapshot)


def _bring_up_to_date(store: Store, companies: Mapping[str, Company], now: datetime) -> None:
    """Schema, views and reference rows; claims that a new company's row maps are linked anew."""
    migrate(store.con)
    sync_reference(store)
    store.index_words()
    relink(store, companies, now)


def remember_sources(store: Store, sources: Sequence[Source], *, whole: bool) -> None:
    """Put publishers into the table ``sources``; ``whole``: others go, where no article is theirs."""
    rows = [
        {
            "source_id": source.id, "name": source.name, "homepage": source.homepage, "country": source.country,
            "language": source.language, "kind": source.kind, "tier": source.tier,
            "poll_minutes": source.poll_minutes, "feeds": [feed.url for feed in source.feeds],
        }
        for source in sources
    ]  # fmt: skip
    if whole:
        store.sync_sources(rows)
    else:
        store.upsert("sources", rows)
