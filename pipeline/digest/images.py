"""The charts of a digest: events by day and sums by company, as PNGs without a ground, legible on light and dark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from pipeline.digest.activity import Activity, CompanySum
from pipeline.digest.build import Digest
from pipeline.digest.money import Sum
from pipeline.digest.phrases import Phrasebook, phrasebook

WIDTH = 536  # CSS pixels; the files have twice as many each way
_DRAWN = 470  # drawn smaller than shown, so that a phone, which shrinks the picture, leaves the words legible


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A chart that goes with the message. HTML names it ``cid:<cid>`` (no angle brackets), ``alt`` says it in words.

    ``width`` is in CSS pixels.
    """

    cid: str
    png: bytes
    alt: str
    title: str = ""
    width: int = WIDTH


def inline_images(digest: Digest) -> tuple[InlineImage, ...]:
    """The charts of a digest; none on a quiet day."""
    if digest.activity is None:
        return ()
    return tuple(
        InlineImage(f"{name}@dealwire", _drawn(name, digest.activity, digest.language), told, title)
        for name, (title, told) in described(digest).items()
    )


@lru_cache(maxsize=32)
def _drawn(name: str, activity: Activity, language: str) -> bytes:
    """The PNG of a chart, drawn once for all readers of one language and currency."""
    from pipeline.charts.output import to_png

    draw = {"timeline": _timeline, "sums": _sums}[name]
    return to_png(draw(activity, phrasebook(language)), 2 * WIDTH / _DRAWN)


def described(digest: Digest) -> dict[str, tuple[str, str]]:
    """Title and words of each chart by its name, as alternative text and for the part that cannot show them."""
    if digest.activity is None:
        return {}
    book = phrasebook(digest.language)
    told = {"timeline": _by_status(digest.activity, book)}
    if digest.activity.sums:
        told["sums"] = [f"{company.name} {_total(company, digest.activity, book)}" for company in digest.activity.sums]
    return {name: _worded(name, items, digest.activity, book) for name, items in told.items()}


def _timeline(activity: Activity, book: Phrasebook) -> Any:
    """A column a day, stacked by status."""
    import altair as alt

    from pipeline.charts.theme import STATUSES, bare, sheet, status_scale

    days = [activity.first + timedelta(days=step) for step in range((activity.last - activity.first).days + 1)]
    labels = {day.isoformat(): book.day(day, short=True) for day in days}
    values = [
        {"day": day.isoformat(), "status": book.words["badges"][status], "events": count,
         "rank": STATUSES.index(status)}
        for day, status, count in activity.events
    ]  # fmt: skip
    shown = [day.isoformat() for day in days[::-7]][::-1]
    named = " : ".join(f"datum.value == '{day}' ? '{labels[day]}'" for day in shown)
    per_day: Counter[date] = Counter()
    for day, _, count in activity.events:
        per_day[day] += count
    most = max(per_day.values())
    chart = (
        sheet(values)
        .mark_bar(cornerRadius=1.5)
        .encode(
            x=alt.X("day:O", scale=alt.Scale(domain=[day.isoformat() for day in days], paddingInner=0.28),
                    axis=alt.Axis(values=shown, labelExpr=f"{named} : ''", labelAngle=0, labelOverlap=False)),
            y=alt.Y("events:Q", scale=alt.Scale(domain=[0, most]),
                    axis=alt.Axis(tickCount=min(most, 4), tickMinStep=1, format="d")),
            color=alt.Color("status:N", scale=status_scale(book, {status for _, status, _ in activity.events})),
            order="rank:Q",
        )
        .properties(width=_DRAWN - 30, height=112)
    )  # fmt: skip
    return bare(chart, book.language)


def _sums(activity: Activity, book: Phrasebook) -> Any:
    """A bar a company: what is agreed, then what is talked about; the whole in words behind it."""
    import altair as alt

    from pipeline.charts.theme import COLOURS, MIDTONE, bare, sheet

    words = book.words["charts"]
    order = [company.name for company in activity.sums]
    parts: list[dict[str, Any]] = [
        {"company": company.name, "part": words[part], "sum": value, "rank": rank}
        for company in activity.sums
        for rank, (part, value) in enumerate((("agreed", company.agreed), ("talked", company.in_talks)))
        if value
    ]
    ends: list[dict[str, Any]] = [
        {"company": company.name, "sum": company.agreed + company.in_talks, "text": _total(company, activity, book)}
        for company in activity.sums
    ]
    widest = max(end["sum"] for end in ends)
    y = alt.Y("company:N", sort=order, axis=alt.Axis(labelFontSize=13))
    colours = [(words["agreed"], COLOURS["announced"]), (words["talked"], COLOURS["in_talks"])]
    present = [(name, colour) for name, colour in colours if any(part["part"] == name for part in parts)]
    bars = sheet(parts).mark_bar(height=14, cornerRadius=1.5).encode(
        x=alt.X("sum:Q", stack="zero", axis=None, scale=alt.Scale(domain=[0, widest * 1.42], nice=False)),
        y=y, order="rank:Q",
        color=alt.Color("part:N", scale=alt.Scale(domain=[name for name, _ in present],
                                                  range=[colour for _, colour in present])),
    )  # fmt: skip
    texts = sheet(ends).mark_text(
        align="left", dx=7, fontSize=13, fontWeight=600, color=MIDTONE
    ).encode(x="sum:Q", y=y, text="text:N")  # fmt: skip
    chart = (bars + texts).properties(width=_DRAWN - 120, height=25 * len(order))
    return bare(chart, book.language)


def _total(company: CompanySum, activity: Activity, book: Phrasebook) -> str:
    return book.money(Sum(float(f"{company.agreed + company.in_talks:.3g}"), activity.currency))


def _by_status(activity: Activity, book: Phrasebook) -> list[str]:
    counts: Counter[str] = Counter()
    for _, status, count in activity.events:
        counts[status] += count
    return [f"{book.words['badges'][status]} {book.number(count)}" for status, count in counts.items()]


def _worded(name: str, items: list[str], activity: Activity, book: Phrasebook) -> tuple[str, str]:
    words = book.words["charts"]
    days = {"since": book.day(activity.first), "until": book.day(activity.last)}
    short = {"since": book.day(activity.first, short=True), "until": book.day(activity.last, short=True)}
    return words[name].format(**short), words[f"{name}_alt"].format(list=book.words["comma"].join(items), **days)
