"""Reading and writing rows of the ledger: plain values in and out, bulk through Arrow, keys upheld by anti-join."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse import sql
from warehouse.errors import WarehouseError
from warehouse.lake import see_locked
from warehouse.migrate import transaction

Row = Mapping[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "sources": ("source_id",),
    "companies": ("company_id",),
    "chips": ("chip_id",),
    "deal_types": ("type",),
    "fx_rates": ("currency", "rate_date"),
    "articles": ("version_id",),
    "article_words": ("version_id",),
    "readings": ("version_id", "extractor"),
    "observations": ("observation_id",),
    "decisions": ("decision_id",),
    "deals": ("deal_id",),
    "deal_versions": ("deal_id", "version"),
    "deal_events": ("event_id", "recorded_at"),
    "fetch_log": ("url", "fetched_at"),
    "feed_state": ("feed_url",),
    "feed_items": ("feed_url", "guid"),
    "run_log": ("run_id",),
}


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls. Times are UTC."""

    feed_url: str
    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    next_poll_at: datetime | None = None
    last_fetched_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_item_at: datetime | None = None
    last_state: str | None = None
    failures: int = 0


class Store:
    """The ledger behind an open connection. Only a writer's connection may call what writes."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self._schemas: dict[str, pa.Schema] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; not nestable. What DuckDB refuses becomes a :class:`WarehouseError`."""
        try:
            with transaction(self.con):
                yield
                see_locked(self.con)
        except duckdb.Error as error:
            raise WarehouseError(
                f"the ledger could not be written, and is as it was: {error}",
                "is the disk full, or the file held by another tool?",
            ) from error

    # --- generic -----------------------------------------------------------------------------------------------------

    def append(self, table: str, rows: Iterable[Row] | pa.Table) -> int:
        """Insert those rows whose key is not there yet (see ``KEYS``), one of each key; returns how many were."""
        keys = KEYS[table]
        if isinstance(rows, pa.Table):
            new, batch = rows, f"(SELECT DISTINCT ON ({_columns(keys)}) * FROM batch)"  # noqa: S608 - columns of ours
        else:
            first = {tuple(row[key] for key in keys): row for row in reversed(list(rows))}
            new, batch = list(first.values())[::-1], "batch"
        return self._with_batch(
            table,
            new,
            f'INSERT INTO "{table}" BY NAME SELECT new.* FROM {batch} AS new '  # noqa: S608 - tables and columns of ours
            f'ANTI JOIN "{table}" USING ({_columns(keys)})',
        )

    def upsert(self, table: str, rows: Iterable[Row]) -> int:
        """Insert rows, replacing those of the same key; all rows must have the same columns. Returns the row count."""
        return self._merge(table, rows, "WHEN NOT MATCHED THEN INSERT BY NAME")

    def update(self, table: str, rows: Iterable[Row]) -> int:
        """Set the columns that ``rows`` have, beside the key, where the key is; returns how many rows were changed."""
        return self._merge(table, rows)

    def insert(self, table: str, rows: Sequence[Row] | pa.Table) -> int:
        """Insert rows as they are."""
        return self._with_batch(table, rows, f'INSERT INTO "{table}" BY NAME SELECT * FROM batch')  # noqa: S608

    def _merge(self, table: str, rows: Iterable[Row], otherwise: str = "") -> int:
        unique = list({tuple(row[key] for key in KEYS[table]): row for row in rows}.values())
        same = " AND ".join(f'target."{key}" = batch."{key}"' for key in KEYS[table])
        return self._with_batch(
            table,
            unique,
            f'MERGE INTO "{table}" AS target USING batch ON {same} WHEN MATCHED THEN UPDATE BY NAME {otherwise}',
        )

    def _with_batch(self, table: str, rows: Sequence[Row] | pa.Table, statement: str) -> int:
        if len(rows) == 0:
            return 0
        self.con.register("batch", rows if isinstance(rows, pa.Table) else self._arrow(table, rows))
        try:
            count = self.con.execute(statement).fetchone()
        finally:
            self.con.unregister("batch")
        return int(count[0]) if count else 0

    def _arrow(self, table: str, rows: Sequence[Row]) -> pa.Table:
        """Rows, all with the columns of the first, as Arrow in the types of the table."""
        if table not in self._schemas:
            self._schemas[table] = self.con.execute(f'SELECT * FROM "{table}" LIMIT 0').to_arrow_table().schema  # noqa: S608
        schema = self._schemas[table]
        columns = {name: pa.array([row[name] for row in rows], schema.field(name).type) for name in rows[0]}
        return pa.table(columns)

    def rows(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query of ``queries/`` by name."""
        return sql.run(self.con, name, **parameters)

    # --- what ingestion asks -----------------------------------------------------------------------------------------

    def known_article_ids(self, among: Iterable[str] | None = None) -> set[str]:
        """Ids of the articles in the ledger; with ``among`` only those of these that are."""
        return self._known("article_id", among)

    def known_version_ids(self, among: Iterable[str] | None = None) -> set[str]:
        """Ids of the document versions in the ledger; with ``among`` only those of these that are."""
        return self._known("version_id", among)

    def known_urls(self, among: Iterable[str]) -> set[str]:
        """Which of these canonical addresses are in the ledger."""
        return self._known("url", among)

    def _known(self, column: str, among: Iterable[str] | None) -> set[str]:
        where = "" if among is None else f" WHERE {column} IN (SELECT unnest($among))"
        bound = None if among is None else {"among": list(among)}
        cursor = self.con.execute(f"SELECT DISTINCT {column} FROM articles{where}", bound)  # noqa: S608
        return {row[0] for row in cursor.fetchall()}

    def index_words(self, version_ids: Iterable[str] | None = None) -> None:
        """Make these document versions findable by ``search``; without an argument all that are not yet."""
        bound = {"version_ids": list(version_ids) if version_ids is not None else None}
        self.con.execute(sql.load("index_words"), bound)

    def feed_states(self) -> dict[str, FeedState]:
        """What is remembered of each feed, by its declared address."""
        states = (FeedState(**row) for row in self.rows("feed_states"))
        return {state.feed_url: state for state in states}

    def save_feed_states(self, states: Iterable[FeedState]) -> int:
        """Remember these states in place of the former ones."""
        return self.upsert("feed_state", [asdict(state) for state in states])

    def log_fetches(self, rows: Iterable[Row] | pa.Table) -> int:
        """Append requests to ``fetch_log``: mappings with (some of) its columns, all with the same ones."""
        return self.append("fetch_log", rows)

    def sync_sources(self, rows: Sequence[Row]) -> int:
        """Make ``sources`` hold exactly these publishers, besides those that articles already come from."""
        listed = [row["source_id"] for row in rows]
        with self.transaction():
            self.con.execute(
                "DELETE FROM sources WHERE source_id NOT IN (SELECT unnest($listed)) "
                "AND source_id NOT IN (SELECT source_id FROM articles)",
                {"listed": listed},
            )
            return self.upsert("sources", rows)

    # --- runs -------------------------------------------------------------------------------------------------------

    def log_run(self, run_id: str, kind: str, state: str, started_at: datetime, ended_at: datetime | None = None,
                counts: Mapping[str, int] | None = None, error: str | None = None) -> None:  # fmt: skip
        """Write or rewrite the row of a run (``state``: running, ok, failed)."""
        row = {
            "run_id": run_id, "kind": kind, "state": state, "started_at": started_at, "ended_at": ended_at,
            "counts": json.dumps(dict(counts)) if counts is not None else None, "error": error,
        }  # fmt: skip
        self.upsert("run_log", [row])
