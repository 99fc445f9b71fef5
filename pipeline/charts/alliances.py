"""Who finances and supplies whom: givers down, takers across, agreed sums in the cells, talks beneath them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb

from pipeline.charts.theme import INK, sheet, slide
from pipeline.digest.money import Sum
from pipeline.digest.phrases import Phrasebook
from pipeline.plain import one_line
from warehouse import sql

MOST = 12  # rows, and columns


def alliances(ledger: duckdb.DuckDBPyConnection, book: Phrasebook) -> Any:
    """A matrix of the groups with the largest sums; an Altair chart, or None where there are none."""
    import altair as alt

    rows = sql.run(ledger, "chart_alliances")
    if not rows:
        return None
    givers, takers = _largest(rows, "from"), _largest(rows, "to")
    most = max([row["usd_agreed"] or 0.0 for row in rows] + [1.0])
    cells = [
        {
            "giver": one_line(book.company(row["from_name"], row["from_aliases"]), 26),
            "taker": one_line(book.company(row["to_name"], row["to_aliases"]), 26),
            "usd": row["usd_agreed"] or 0.0, "agreed": _short(row["usd_agreed"], book) or _deals(row, book),
            "talks": f"{book.words['badges']['in_talks']} {_short(row['usd_in_talks'], book)}"
                     if row["usd_in_talks"] else "",
            "dark": (row["usd_agreed"] or 0.0) > 0.18 * most,
        }
        for row in rows
        if row["from_id"] in givers and row["to_id"] in takers
    ]  # fmt: skip
    order = {"giver": _names(rows, "from", givers, book), "taker": _names(rows, "to", takers, book)}
    words = book.words["charts"]
    base = sheet(cells).encode(
        x=alt.X("taker:N", sort=order["taker"], title=None,
                axis=alt.Axis(orient="top", labelAngle=0, labelColor=INK, labelFontSize=13, labelLimit=106)),
        y=alt.Y("giver:N", sort=order["giver"], title=None, axis=alt.Axis(labelColor=INK, labelFontSize=13)),
    )  # fmt: skip
    tiles = base.mark_rect(cornerRadius=4, stroke="#ffffff", strokeWidth=3).encode(
        color=alt.Color("usd:Q", legend=None,
                        scale=alt.Scale(type="sqrt", domainMin=0, range=["#e4f0f3", "#7fbdce", "#1c87a8", "#0b4356"])),
        tooltip=["giver:N", "taker:N", "agreed:N", "talks:N"],
    )  # fmt: skip
    ink = alt.condition("datum.dark", alt.value("#ffffff"), alt.value(INK))
    sums = base.mark_text(fontSize=12, fontWeight=600, dy=alt.expr("datum.talks ? -7 : 0")).encode(
        text="agreed:N", color=ink
    )
    talks = base.mark_text(fontSize=10, dy=9).encode(text="talks:N", color=ink)
    columns, lines = max(len(order["taker"]), 3), max(len(order["giver"]), 3)
    chart = (tiles + sums + talks).properties(width=112 * columns, height=46 * lines)
    return slide(chart, words["alliances"], words["alliances_axis"], book.language)


def _largest(rows: list[dict[str, Any]], side: str) -> list[str]:
    """Ids of the groups of one side with the largest sums, best first."""
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row[f"{side}_id"]] += (row["usd_agreed"] or 0) + (row["usd_in_talks"] or 0) + row["deals"]
    return [name for name, _ in sums.most_common(MOST)]


def _names(rows: list[dict[str, Any]], side: str, ids: list[str], book: Phrasebook) -> list[str]:
    known = {row[f"{side}_id"]: book.company(row[f"{side}_name"], row[f"{side}_aliases"]) for row in rows}
    return [one_line(known[name], 26) for name in ids]


def _short(usd: float | None, book: Phrasebook) -> str:
    return book.money(Sum(float(f"{usd:.3g}"), "USD")) if usd else ""


def _deals(row: dict[str, Any], book: Phrasebook) -> str:
    return "" if row["usd_in_talks"] else book.counted("deals", row["deals"], "charts")
