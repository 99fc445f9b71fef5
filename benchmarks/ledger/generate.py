"""A ledger of ``scale`` times a million articles, 300 k claims and 60 k deals, with realistic skew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.db import connect_writer
from warehouse.migrate import migrate

_SQL = Path(__file__).with_suffix(".sql")
TABLES = ("sources", "companies", "chips", "articles", "readings", "observations", "decisions", "deal_events", "deals",
          "deal_parties", "deal_amounts", "deal_compute")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows are drawn."""

    articles: int
    claims: int
    deals: int
    companies: int

    @classmethod
    def of(cls, scale: float) -> Size:
        """Scale 1 is the full size."""
        return cls(int(1_000_000 * scale), int(300_000 * scale), int(60_000 * scale), max(int(3_000 * scale**0.5), 500))


def generate(path: Path, size: Size) -> duckdb.DuckDBPyConnection:
    """Draw the ledger into a new file; the connection stays open."""
    con = connect_writer(path)
    migrate(con)
    for name in Size.__slots__:
        con.execute(f"SET VARIABLE {name} = {getattr(size, name)}")
    con.execute(_SQL.read_text("utf-8"))
    con.execute("CHECKPOINT")
    return con
