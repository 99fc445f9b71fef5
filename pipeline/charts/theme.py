"""What all charts have in common: colours that hold on light and dark, fonts that know the reader's script."""

from __future__ import annotations

from typing import Any

STATUSES = ("in_talks", "announced", "completed", "ended")
COLOURS = {"in_talks": "#d9941e", "announced": "#1c87a8", "completed": "#2f9460", "ended": "#c4504d"}
INK, MUTED, FAINT = "#1b2226", "#6c7a82", "#dfe5e8"
MIDTONE = "#7d8b93"  # text that is read on white and on near-black alike, for charts without a ground of their own
# Noto Sans CJK has all scripts that names come in, and draws a Chinese character as the reader's language does.
# It comes first for Latin readers too: what a first font lacks is drawn in whichever font of the machine has it.
_CJK = {"ko": "Noto Sans CJK KR", "zh": "Noto Sans CJK SC"}


def fonts(language: str) -> str:
    """The font list for a reader of ``language``."""
    return f"{_CJK.get(language, 'Noto Sans CJK JP')}, Noto Sans, Liberation Sans, Arial, sans-serif"


def sheet(rows: list[dict[str, Any]]) -> Any:
    """A chart to draw on, of these rows."""
    import altair as alt

    data: Any = alt.Data
    return alt.Chart(data(values=rows))


def slide(chart: Any, title: str, subtitle: str, language: str) -> Any:
    """``chart`` with its title, on white, in our style."""
    return chart.properties(
        title={"text": title, "subtitle": subtitle}, padding={"left": 28, "right": 28, "top": 24, "bottom": 22}
    ).configure(
        background="#ffffff",
        font=fonts(language),
        view={"stroke": None},
        title={
            "anchor": "start", "frame": "bounds", "fontSize": 24, "fontWeight": 700, "color": INK, "offset": 22,
            "subtitleFontSize": 14, "subtitleColor": MUTED, "subtitlePadding": 8,
        },
        axis={
            "labelColor": MUTED, "labelFontSize": 13, "titleColor": MUTED, "titleFontSize": 13, "titleFontWeight": 400,
            "domain": False, "ticks": False, "gridColor": FAINT, "labelPadding": 8, "labelLimit": 240,
        },
        legend={
            "labelColor": INK, "labelFontSize": 13, "title": None, "orient": "top", "symbolType": "circle",
            "symbolSize": 110, "columnPadding": 18, "offset": 30,
        },
    )  # fmt: skip


def bare(chart: Any, language: str) -> Any:
    """``chart`` without ground or title, as it stands in a message."""
    return chart.configure(
        background="transparent",
        font=fonts(language),
        view={"stroke": None},
        padding=2,
        axis={
            "labelColor": MIDTONE, "labelFontSize": 12, "title": None, "domain": False, "ticks": False,
            "gridColor": MIDTONE, "gridOpacity": 0.25, "labelPadding": 6, "labelLimit": 150,
        },
        legend={
            "labelColor": MIDTONE, "labelFontSize": 12, "title": None, "orient": "top", "direction": "horizontal",
            "symbolType": "circle", "symbolSize": 90, "columnPadding": 14, "offset": 8, "padding": 0,
        },
    )  # fmt: skip


def status_scale(book: Any, present: Any) -> Any:
    """Colours of the statuses that occur, by their names in the reader's language."""
    import altair as alt

    shown = [status for status in STATUSES if status in set(present)]
    return alt.Scale(domain=[book.words["badges"][status] for status in shown], range=[COLOURS[s] for s in shown])


def months(language: str) -> str:
    """A Vega expression that labels a month by its name in ``language``, and January by its year."""
    import json

    from babel.dates import get_month_names

    names = get_month_names("abbreviated", context="stand-alone", locale=language)
    shown = json.dumps([str(names[number]) for number in range(1, 13)], ensure_ascii=False)
    return f"utcmonth(datum.value) == 0 ? utcyear(datum.value) : {shown}[utcmonth(datum.value)]"
