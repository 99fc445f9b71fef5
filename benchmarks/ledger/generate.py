"""A ledger of ``scale`` times a million articles, 300 k claims and 60 k deals, with realistic skew."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.db import connect_writer
from warehouse.migrate import MIGRATIONS, migrate

_SQL = Path(__file__).with_suffix(".sql")
TABLES = ("sources", "companies", "chips", "articles", "readings", "observations", "decisions", "deal_events", "deals",
          "deal_parties", "deal_amounts", "deal_compute", "deal_versions")  # fmt: skip

_DRAWN_AT = 3  # migrations


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
    """Draw the ledger into a new file; the connection stays open.

    It is drawn in the tables of an early version; the migrations after it fill what the loader keeps beside them.
    """
    con = connect_writer(path)
    with tempfile.TemporaryDirectory() as folder:
        for early in sorted(MIGRATIONS.glob("*.sql"))[:_DRAWN_AT]:
            shutil.copy(early, folder)
        migrate(con, Path(folder))
    for name in Size.__slots__:
        con.execute(f"SET VARIABLE {name} = {getattr(size, name)}")
    con.execute(_SQL.read_text("utf-8"))
    migrate(con)
    con.execute("CHECKPOINT")
    return con
