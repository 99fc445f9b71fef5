"""Events over time: a row a company that gets money, chips or capacity, a mark an event, its area the sum."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import duckdb

from pipeline.charts.theme import INK, months, sheet, slide, status_scale
from pipeline.digest.money import Sum
from pipeline.digest.phrases import Phrasebook
from pipeline.plain import one_line
from warehouse import sql

ROWS = 12
LABELS = 16  # the largest events say their sum
LARGEST_AREA = 2400  # square pixels
LABEL_DAYS = 16


def timeline(ledger: duckdb.DuckDBPyConnection, book: Phrasebook) -> Any:
    """The events of the companies with the largest sums, by status; an Altair chart, or None where there are none."""
    import altair as alt

    rows = sql.run(ledger, "chart_timeline", most=ROWS)
    if not rows:
        return None
    badges = book.words["badges"]
    marks = [
        {
            "day": row["day"].isoformat(), "company": one_line(book.company(row["name"], row["aliases"]), 28),
            "status": badges[row["status"]], "usd": row["usd"] or 0.0,
            "sum": book.money(Sum(row["usd"], "USD")) if row["usd"] else "", "headline": one_line(row["headline"], 90),
        }
        for row in rows
    ]  # fmt: skip
    labelled = sorted((mark for mark in marks if mark["usd"]), key=lambda mark: -mark["usd"])[:LABELS]
    largest = max([mark["usd"] for mark in marks] + [1.0])
    for mark in labelled:
        mark["lift"] = -7 - math.sqrt(LARGEST_AREA * mark["usd"] / largest / math.pi)
    order = list(dict.fromkeys(mark["company"] for mark in marks))
    x = alt.X(
        "utcyearmonthdate(day):T", title=None, scale=alt.Scale(type="utc", padding=34),
        axis=alt.Axis(tickCount="month", labelExpr=months(book.language)),
    )  # fmt: skip
    y = alt.Y("company:N", title=None, sort=order, axis=alt.Axis(grid=True, labelColor=INK, labelFontSize=14))
    base = sheet(marks).encode(x=x, y=y)
    dots = base.mark_circle(opacity=0.72, stroke="#ffffff", strokeWidth=1).encode(
        size=alt.Size("usd:Q", scale=alt.Scale(domain=[0, largest], range=[45, LARGEST_AREA]), legend=None),
        color=alt.Color("status:N", scale=status_scale(book, {row["status"] for row in rows})),
        order=alt.Order("usd:Q", sort="descending"),
        tooltip=["day:T", "headline:N", "status:N", "sum:N"],
    )
    texts = (
        sheet(_apart(labelled))
        .mark_text(fontSize=12, color=INK, dy=alt.expr("datum.lift"), baseline="bottom")
        .encode(x=x, y=y, text="sum:N")
    )
    chart = (dots + texts).properties(width=920, height=50 * max(len(order), 3))
    words = book.words["charts"]
    return slide(chart, words["history"], words["history_axis"], book.language)


def _apart(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One label where several would overlap: the largest of a company's weeks around it."""
    kept: list[dict[str, Any]] = []
    for mark in marks:
        near = (date.fromisoformat(other["day"]) for other in kept if other["company"] == mark["company"])
        if all(abs((date.fromisoformat(mark["day"]) - day).days) > LABEL_DAYS for day in near):
            kept.append(mark)
    return kept
