"""How grouping grows: a day's claims, one for thirty deals, against ledgers each twice as large as the one before."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from pathlib import Path

import altair as alt

from benchmarks.ledger.generate import Size, generate
from pipeline.claim_rows import claim_from
from pipeline.group import Claim
from pipeline.ledger import regroup
from warehouse.store import Store

_DAY = date(2026, 7, 1)  # of the new claims: the end of the drawn years
_DEALS_TO_A_CLAIM = 30
_SHARES = (16, 8, 4, 2, 1)


@dataclass(frozen=True, slots=True)
class Point:
    """Seconds on the clock and of CPU, all threads together, to find the deals in the ledger and to group."""

    claims: int
    deals: int
    seconds: float
    cpu_seconds: float


def measure(folder: Path, size: Size) -> list[Point]:
    """Group against parts of a ledger of ``size``, all among as many companies."""
    points = []
    for share in _SHARES:
        part = Size(2 * size.claims // share, size.claims // share, size.deals // share, size.companies)
        con = generate(folder / f"growth-{share}.duckdb", part)
        store = Store(con)
        claims = _news(store)
        started, cpu_started = time.perf_counter(), time.process_time()
        regroup(store, claims, (), _DAY)
        taken = time.perf_counter() - started, time.process_time() - cpu_started
        points.append(Point(len(claims), store.con.table("deals").shape[0], *taken))
        con.close()
    return points


def _news(store: Store) -> list[Claim]:
    """What every thirtieth deal was first told by, told again today."""
    first: dict[str, Claim] = {}
    for row in store.rows("standing_claims_of", company_ids=[f"company-{n}" for n in range(10_000)]):
        first.setdefault(row["deal_id"], claim_from(row))
    return [
        replace(first[name], id=f"new-{name}", version_id=f"new-{name}", article_id=f"new-{name}", occurred_on=_DAY)
        for name in sorted(first)[::_DEALS_TO_A_CLAIM]
    ]


def plot(points: Sequence[Point], out: Path) -> None:
    """Draw measured seconds and, from the largest ledger down, what n log n would take. ``out`` is an SVG."""
    last = points[-1]
    scale = last.cpu_seconds / (last.deals * log(last.deals))
    rows = [{"deals": point.deals, "seconds": point.cpu_seconds, "line": "measured"} for point in points]
    rows += [
        {"deals": point.deals, "seconds": scale * point.deals * log(point.deals), "line": "n log n"} for point in points
    ]
    chart = (
        alt.Chart(alt.InlineData(values=rows), title="Grouping a day's claims, one for thirty deals")
        .mark_line(point=True)
        .encode(
            x=alt.X("deals:Q", title="deals in the ledger"),
            y=alt.Y("seconds:Q", title="CPU seconds"),
            color=alt.Color("line:N", title=None, scale=alt.Scale(range=["#0b6e99", "#b0b0b0"])),
        )
        .properties(width=520, height=280)
    )
    chart.save(out)
