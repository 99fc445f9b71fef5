"""``chart``: the ledger as pictures for slides and pages."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import examples, read_settings, snapshot
from pipeline.cli.console import note, say


class Kind(StrEnum):
    """What a chart shows."""

    timeline = "timeline"
    alliances = "alliances"
    chips = "chips"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        "chart",
        epilog=examples(
            "dealwire chart timeline --out timeline.svg",
            "dealwire chart alliances --out alliances.png",
            "dealwire chart chips --out chips.html --lang ja",
        ),
    )(chart)


def chart(
    kind: Annotated[Kind, typer.Argument(help="Events by status, who finances and supplies whom, or chips by vendor.")],
    out: Annotated[Path, typer.Option(help="File to write; .svg, .png or .html.")],
    lang: Annotated[str, typer.Option(help="Language of the words and names: de, en, es, fr, ja, ko, zh.")] = "en",
) -> None:
    """Draw a chart of the published snapshot. Nothing is fetched: an .html file holds its scripts itself."""
    from pipeline.charts import CHARTS, check_format, save
    from pipeline.digest.phrases import phrasebook

    check_format(out)
    book = phrasebook(lang)
    with snapshot(read_settings()) as con:
        drawn = CHARTS[kind.value](con, book)
    if drawn is None:
        note("the ledger holds no deal to draw yet: dealwire run reads the news, dealwire demo sample articles")
        raise typer.Exit(1)
    say(str(save(drawn, out)))
