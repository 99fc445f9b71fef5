"""Figures of the ledger at a scale: ``python -m benchmarks.ledger --scale 0.1``. Scale 1 is a million articles."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.ledger.generate import TABLES, Size, generate
from benchmarks.ledger.growth import measure, plot
from warehouse import sql
from warehouse.db import connect_writer
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.store import KEYS, Store

_BATCH = 50_000  # rows
_TIMES = 3
_NONE = dict.fromkeys(
    ("company", "chip", "type", "status", "lang", "since", "until", "recorded_since", "min_usd", "row_limit")
)
_COMPANY, _CHIP, _MOMENT = "company-0", "chip-0", "2025-01-01 00:00:00+00"
# What is asked of the product, and of a flat copy.
_ASKED: dict[str, tuple[str, dict[str, object], str]] = {
    "timeline of one company": (
        sql.load("timeline_filtered"), {**_NONE, "company": _COMPANY},
        f"FROM flat_timeline WHERE list_contains(company_ids, '{_COMPANY}') ORDER BY date DESC",
    ),
    "deals_current by chip": (
        f"FROM deals_current WHERE list_contains(chips, '{_CHIP}')", {},
        f"FROM flat_deals WHERE list_contains(chips, '{_CHIP}')",
    ),
    "deals_as_of": (
        f"FROM deals_as_of(TIMESTAMPTZ '{_MOMENT}')", {},
        (
            f"FROM flat_versions WHERE recorded_at <= TIMESTAMPTZ '{_MOMENT}' "
            f"AND coalesce(ended_at > TIMESTAMPTZ '{_MOMENT}', TRUE)"
        ),
    ),
    "alliances": (
        "FROM alliances", {},
        (
            "SELECT from_id, to_id, type, count(*), sum(usd) FILTER (NOT is_part AND status <> 'ended'), "
            "min(first_on), max(last_on), list(deal_id ORDER BY deal_id) FROM flat_pairs GROUP BY ALL"
        ),
    ),
}  # fmt: skip


def main() -> None:
    """Draw a ledger and print ratios of CPU seconds, all threads together: a busy machine tells no other story."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw how grouping grows")
    arguments = parser.parse_args()
    size = Size.of(arguments.scale)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{size.articles:,} articles, {size.claims:,} claims, {size.deals:,} deals")
        con = generate(Path(folder) / "drawn.duckdb", size)
        _loading(con, Path(folder))
        _publishing(con, Path(folder))
        _queries(con)
        con.close()
        _grouping(Path(folder), size, arguments.plot)


def _loading(drawn: duckdb.DuckDBPyConnection, folder: Path) -> None:
    seconds = {"product": 0.0, "bare": 0.0}
    rows = 0
    with connect_writer(folder / "product.duckdb") as product, connect_writer(folder / "bare.duckdb") as bare:
        migrate(product)
        migrate(bare)
        store = Store(product)
        for table in TABLES:
            for batch in drawn.execute(f'FROM "{table}"').to_arrow_reader(_BATCH):
                arrow = pa.Table.from_batches([batch])
                rows += arrow.num_rows
                with _Clock(seconds, "product"), store.transaction():
                    store.append(table, arrow) if table in KEYS else store.insert(table, arrow)
                with _Clock(seconds, "bare"):
                    bare.execute(f'INSERT INTO "{table}" BY NAME FROM arrow')
    rate = rows / seconds["product"]
    print(
        f"loading: {seconds['bare'] / seconds['product']:.2f} of the rate of a bare insert; {rate:,.0f} rows a second"
    )


class _Clock:
    """Adds the CPU seconds within it to a tally."""

    def __init__(self, tally: dict[str, float], name: str) -> None:
        self._tally, self._name = tally, name

    def __enter__(self) -> None:
        self._started = time.process_time()

    def __exit__(self, *_: object) -> None:
        self._tally[self._name] += time.process_time() - self._started


def _grouping(folder: Path, size: Size, out: Path | None) -> None:
    points = measure(folder, size)
    for point in points:
        print(
            f"grouping: {point.claims:,} claims against {point.deals:,} deals: {point.seconds:.2f} s on the clock, "
            f"{point.cpu_seconds:.2f} s of CPU"
        )
    if out is not None:
        plot(points, out)


def _publishing(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    took = {"publish": float("inf"), "copy": float("inf")}
    for _ in range(_TIMES):
        started = time.perf_counter()
        publish(con, folder / "published" / "dealwire.duckdb", keep=1)
        published = time.perf_counter()
        shutil.copyfile(folder / "drawn.duckdb", folder / "copy.duckdb")
        took["publish"] = min(took["publish"], published - started)
        took["copy"] = min(took["copy"], time.perf_counter() - published)
    megabytes = (folder / "copy.duckdb").stat().st_size / 1e6
    ratio = took["publish"] / took["copy"]
    print(f"publish: {ratio:.1f} x a plain copy of {megabytes:.0f} MB, which took {took['copy']:.2f} s on the clock")


def _queries(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(Path(__file__).with_name("flat.sql").read_text("utf-8"))
    for name, (asked, parameters, flat) in _ASKED.items():
        ours = _least(lambda asked=asked, bound=parameters: con.execute(asked, bound or None).to_arrow_table())  # type: ignore[misc]
        least = _least(lambda flat=flat: con.execute(flat).to_arrow_table())  # type: ignore[misc]
        print(f"{name}: {ours / least:.1f} x a flat copy ({1000 * ours:.0f} for {1000 * least:.0f} ms)")


def _least(work: Callable[[], object], times: int = _TIMES) -> float:
    found = []
    for _ in range(times):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


if __name__ == "__main__":
    main()
