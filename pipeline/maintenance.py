"""Maintenance: what has been kept long enough goes, the ledger's file shrinks, and sick feeds are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.inbox import inbox_of
from pipeline.session import open_ledger
from pipeline.settings import Settings
from pipeline.stages import batches_of
from warehouse import sql
from warehouse.compact import LEAST_FREE, compact
from warehouse.db import connect_snapshot
from warehouse.publish import publish

_BROKEN_OFF = timedelta(days=1)  # a file half written for so long has lost its writer


@dataclass(frozen=True, slots=True)
class Pruned:
    """What one kind of thing gave back: how many, and their bytes on disk (0 for rows)."""

    what: str
    count: int
    bytes: int = 0


def prune_files(settings: Settings, now: datetime | None = None, *, dry_run: bool = False) -> list[Pruned]:
    """Delete raw bodies, loaded batches and files of the inbox that are older than the settings keep them.

    ``dry_run`` only counts. What waits to be read or loaded is never touched, however old.
    """
    now = now or datetime.now(UTC)
    raw, files = now - timedelta(days=settings.keep_raw_days), now - timedelta(days=settings.keep_files_days)
    inbox = inbox_of(settings)
    kinds: tuple[tuple[str, Iterator[Path], datetime], ...] = (
        ("raw bodies", settings.raw_dir.glob("??/*.gz"), raw),
        ("loaded batches", batches_of(settings).kept(), files),
        ("files taken in", (inbox / "taken").glob("*"), files),
        ("files rejected", (inbox / "rejected").glob("*"), files),
        ("files half written", settings.raw_dir.glob("??/.part-*"), now - _BROKEN_OFF),
        ("batches half written", batches_of(settings).half_written(), now - _BROKEN_OFF),
    )
    return [_prune(what, paths, before, dry_run=dry_run) for what, paths, before in kinds]


def prune_logs(settings: Settings, now: datetime | None = None) -> list[Pruned]:
    """Delete requests and runs that are older than the settings keep them. Articles, claims and deals are for ever.

    Raises:
        LedgerBusyError: another process holds the ledger.
    """
    before = (now or datetime.now(UTC)) - timedelta(days=settings.keep_log_days)
    with open_ledger(settings) as store, store.transaction():
        return [
            Pruned("requests", store.rows("forget_requests", before=before)[0]["Count"]),
            Pruned("runs", store.rows("forget_runs", before=before)[0]["Count"]),
        ]


def compact_ledger(settings: Settings, *, always: bool = False) -> Pruned:
    """Write the ledger's file anew where that gives back enough, or ``always``; publish it, and drop old snapshots.

    Raises:
        LedgerBusyError: another process holds the ledger.
        WarehouseError: there is none, or no room for a second copy of it.
    """
    least = 0.0 if always else LEAST_FREE
    before, after = compact(settings.ledger, least, settings.writer_wait_s)
    with open_ledger(settings) as store:
        publish(store.con, settings.snapshot, settings.keep_snapshots, parquet=settings.publish_parquet)
    return Pruned("ledger", int(after < before), before - after)


def sick_feeds(settings: Settings) -> list[dict[str, Any]]:
    """Rows of ``feed_health`` that somebody should look at: dead, failing, moved and silent feeds, in this order.

    Raises:
        SnapshotMissingError: nothing has been published yet.
    """
    with connect_snapshot(settings.snapshot) as con:
        return sql.run(con, "sick_feeds")


def _prune(what: str, paths: Iterator[Path], before: datetime, *, dry_run: bool) -> Pruned:
    count = freed = 0
    for path in paths:
        try:
            about = path.stat()
            if about.st_mtime >= before.timestamp() or not path.is_file():
                continue
            if not dry_run:
                path.unlink()
        except FileNotFoundError:  # another run's
            continue
        count, freed = count + 1, freed + about.st_size
    return Pruned(what, count, freed)
