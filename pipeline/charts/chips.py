"""Chip commitments by vendor: sums of the deals that name its chips, by status, with power and numbers beside them."""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.charts.theme import INK, MUTED, sheet, slide, status_scale
from pipeline.digest.money import Sum
from pipeline.digest.phrases import Phrasebook
from pipeline.plain import one_line
from warehouse import sql


def chips(ledger: duckdb.DuckDBPyConnection, book: Phrasebook) -> Any:
    """One row a vendor, its bar made of its deals by status; an Altair chart, or None where there are none."""
    import altair as alt

    rows = sql.run(ledger, "chart_chips")
    if not rows:
        return None
    badges, words = book.words["badges"], book.words["charts"]
    parts = [
        {
            "vendor": one_line(book.company(row["name"], row["aliases"]), 28), "status": badges[row["status"]],
            "usd": row["usd"] or 0.0, "rank": -row["rank"],
        }
        for row in rows
    ]  # fmt: skip
    order = list(dict.fromkeys(part["vendor"] for part in parts))
    ends = [_end(name, [row for row, part in zip(rows, parts, strict=True) if part["vendor"] == name], book)
            for name in order]  # fmt: skip
    y = alt.Y("vendor:N", sort=order, title=None, axis=alt.Axis(labelColor=INK, labelFontSize=14))
    widest = max([end["usd"] for end in ends] + [1.0])
    x = alt.X("usd:Q", title=None, stack="zero", axis=None, scale=alt.Scale(domain=[0, widest * 1.55], nice=False))
    bars = sheet(parts).mark_bar(height=22, cornerRadius=2).encode(
        x=x, y=y, color=alt.Color("status:N", scale=status_scale(book, {row["status"] for row in rows})),
        order="rank:Q", tooltip=["vendor:N", "status:N", "usd:Q"],
    )  # fmt: skip
    at_end = sheet(ends).encode(x=alt.X("usd:Q"), y=y)
    sums = at_end.mark_text(align="left", dx=8, dy=-8, fontSize=13, fontWeight=600, color=INK).encode(text="sum:N")
    names = at_end.mark_text(align="left", dx=8, dy=9, fontSize=11.5, color=MUTED, limit=380).encode(text="detail:N")
    chart = (bars + sums + names).properties(width=980, height=58 * max(len(order), 2))
    return slide(chart, words["chips"], words["chips_axis"], book.language)


def _end(vendor: str, rows: list[dict[str, Any]], book: Phrasebook) -> dict[str, Any]:
    """What stands behind a bar: its sum; then deals, power, numbers and the chips' names."""
    usd = sum(row["usd"] or 0.0 for row in rows)  # as talked about or agreed: the colours tell
    detail = [book.counted("deals", sum(row["deals"] for row in rows), "charts")]
    gigawatts, units = sum(row["gigawatts"] or 0 for row in rows), sum(row["units"] or 0 for row in rows)
    if gigawatts:
        detail.append(book.words["gigawatts"].format(number=book.number(gigawatts)))
    if units:
        detail.append(book.counted("units", units))
    names = sorted({one_line(chip, 24) for row in rows for chip in row["chips"]})
    shown = book.words["comma"].join(names[:3]) + ("…" if len(names) > 3 else "")
    return {
        "vendor": vendor, "usd": usd, "detail": " · ".join([*detail, shown]),
        "sum": book.money(Sum(float(f"{usd:.3g}"), "USD")) if usd else book.words["charts"]["unsized"],
    }  # fmt: skip
