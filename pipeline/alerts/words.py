"""What an event says in a reader's language: the digest's sentences, with the few words that alerts add."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline.alerts.events import Event
from pipeline.digest.build import party_names, sentence_of
from pipeline.digest.money import Sum
from pipeline.digest.phrases import Parties, Phrasebook, phrasebook
from pipeline.plain import one_line
from warehouse import sql

FOLDER = Path(__file__).parent.parent / "templates" / "alerts"


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words around the sentences, from ``templates/alerts/<language>.toml``."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def sentences(con: duckdb.DuckDBPyConnection, events: Sequence[Event], language: str) -> list[str]:
    """One sentence for each event, in order, without anything that could act on a terminal.

    Raises:
        ConfigError: no words exist for ``language``.
    """
    book = phrasebook(language)
    parties = party_names(sql.run(con, "parties_of_deals", deal_ids=sorted({e.deal_id for e in events})), book)
    chips = {row["chip_id"]: row["name"] for row in sql.run(con, "chip_names")}
    return [one_line(_sentence(e, parties.get(e.deal_id, Parties()), chips, book)) for e in events]


def _sentence(event: Event, parties: Parties, chips: Mapping[str, str], book: Phrasebook) -> str:
    row = asdict(event)
    if event.kind not in ("contested", "first_report"):
        return sentence_of(row, parties, chips, book)
    said = sentence_of({**row, "kind": "new", "previous_usd": None}, parties, chips, book)
    around = words(book.language)
    if event.kind == "first_report":
        return str(around["first_report"].format(language=book.language_name(event.lang or ""), sentence=said))
    if event.previous_usd is None:
        return str(around["contested_alone"].format(sentence=said))
    settled = book.money(Sum(event.previous_usd, "USD"))
    return str(around["contested"].format(settled=settled, sentence=said))


def heard(evidence: str, outlet: str, written_in: str | None, language: str) -> str:
    """Whose words an entry rests on: "“So it was said.” — The Wire (ja)"."""
    around = words(language)
    said = around["quoted"].format(said=evidence, outlet=outlet)
    return str(said + (around["in_language"].format(language=written_in) if written_in else ""))


def headline(said: Sequence[str], language: str) -> str:
    """The first sentence, and how many more there are."""
    if len(said) == 1:
        return said[0]
    return str(phrasebook(language).words["subject_more"].format(sentence=said[0], count=len(said) - 1))
