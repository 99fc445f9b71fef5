"""What a digest tells: the events that the ledger learnt of in a period, one line a deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import duckdb

from pipeline.digest.phrases import Parties, Phrasebook, Sum, phrasebook
from pipeline.digest.preferences import Preferences
from warehouse import sql

DEFAULTS = Preferences()
MAX_LINES = 30
MAX_EVIDENCE = 320  # characters; some sentences run on for a paragraph
SECTIONS = ("new", "status", "amount", "conflict")
_SECTION = {"new": "new", "status": "status", "reopened": "status", "amount": "amount", "conflict": "conflict"}
_PROGRESS = ("in_talks", "announced", "completed", "ended")
_SIDES = {"active": "givers", "passive": "takers", "both": "allies"}


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One deal's news. ``sentence`` is in the digest's language, ``evidence`` in its own (``evidence_lang``).

    ``url`` is an http(s) address, or None. ``sources`` counts publishers, ``languages`` are codes.
    """

    section: str
    deal_id: str
    status: str
    sentence: str
    on: date
    evidence: str
    evidence_lang: str
    outlet: str
    url: str | None
    sources: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one message says. ``counts`` are deals by section, before the cut; ``more`` is how many were cut."""

    language: str
    since: datetime | None
    until: datetime
    lines: tuple[DigestLine, ...]
    counts: Mapping[str, int]
    more: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.lines


def build(
    ledger: duckdb.DuckDBPyConnection, since: datetime | None, until: datetime, preferences: Preferences = DEFAULTS
) -> Digest:
    """The diff of the ledger: what it learnt after ``since`` (None: ever) and up to ``until`` (both UTC).

    ``ledger`` may be the published snapshot; ``until`` should be at most :func:`known_until` of it, and the next
    digest's ``since`` this one's ``until``: then every change is told once. A deal that is new in the period is told
    once, at the status it has reached. Largest sums come first.

    Raises:
        ConfigError: no words exist for the reader's language.
    """
    con, language = ledger, preferences.language
    book = phrasebook(language)
    chosen = _one_a_deal(
        row for row in sql.run(con, "events_since", since=since, until=until) if preferences.filters.match(row)
    )
    deal_ids = sorted({row["deal_id"] for row in chosen})
    parties = party_names(sql.run(con, "parties_of_deals", deal_ids=deal_ids), book)
    chips = {row["chip_id"]: row["name"] for row in sql.run(con, "chip_names")}
    chosen.sort(key=lambda row: SECTIONS.index(_SECTION[row["kind"]]))  # stable: by sum within a section
    lines = tuple(_line(row, parties.get(row["deal_id"], Parties()), chips, book) for row in chosen[:MAX_LINES])
    counts = {name: sum(_SECTION[row["kind"]] == name for row in chosen) for name in SECTIONS}
    return Digest(language, since, until, lines, counts, len(chosen) - len(lines))


def known_until(ledger: duckdb.DuckDBPyConnection) -> datetime | None:
    """Up to when a digest from this ledger can tell (UTC): the last change that it holds. None while it holds none."""
    found: datetime | None = sql.run(ledger, "known_until")[0]["known_until"]
    return found


def _one_a_deal(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The event that tells most of each deal, and beside it a conflict; the order of ``rows`` stays.

    A first event makes the deal new, whatever followed. Else a change of status outweighs a revised sum.
    """
    best: dict[tuple[str, bool], dict[str, Any]] = {}
    first: set[str] = set()
    for row in rows:
        key = (row["deal_id"], row["kind"] == "conflict")
        if row["kind"] == "new":
            first.add(row["deal_id"])
        standing = best.get(key)
        if standing is None or _weight(row) > _weight(standing):
            best[key] = row
    told = [
        {**row, "kind": "new"} if row["deal_id"] in first and row["kind"] != "conflict" else row
        for row in best.values()
    ]
    return sorted(told, key=lambda row: -(row["usd"] or 0))


def _weight(row: dict[str, Any]) -> tuple[bool, date, int]:
    return row["kind"] != "amount", row["date"], _PROGRESS.index(row["status"])


def party_names(rows: Iterable[dict[str, Any]], book: Phrasebook) -> dict[str, Parties]:
    """Who stands where in each deal, as readers know them, from rows of the query ``parties_of_deals``."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        names = found.setdefault(row["deal_id"], {side: [] for side in _SIDES.values()})[_SIDES[row["side"]]]
        name = book.company(row["name"], row["aliases"])
        if name not in names:
            names.append(name)
    return {
        deal_id: Parties(**{side: tuple(names) for side, names in sides.items()}) for deal_id, sides in found.items()
    }


def sentence_of(row: Mapping[str, Any], parties: Parties, chips: Mapping[str, str], book: Phrasebook) -> str:
    """A row of the view ``timeline`` as a sentence, with the chips of the deal by the names in ``chips``."""
    amount = Sum(row["amount"], row["currency"], row["bound"], row["usd"]) if row["amount"] else None
    previous = Sum(row["previous_usd"], "USD") if row["previous_usd"] else None
    sentence = book.sentence(row["kind"], row["type"], row["status"], parties, amount, previous)
    named = [chips.get(chip, chip) for chip in row["chips"]]
    if named:
        return f"{sentence} — {book.words['comma'].join(named[:4])}"
    return f"{sentence}{book.words['full_stop']}"


def _line(row: dict[str, Any], parties: Parties, chips: Mapping[str, str], book: Phrasebook) -> DigestLine:
    return DigestLine(
        section=_SECTION[row["kind"]],
        deal_id=row["deal_id"],
        status=row["status"],
        sentence=sentence_of(row, parties, chips, book),
        on=row["date"],
        evidence=shortened(row["evidence"]),
        evidence_lang=row["lang"] or "",
        outlet=row["source"],
        url=web_address(row["url"]),
        sources=row["sources"],
        languages=tuple(code for code in row["languages"] if code),
    )


def shortened(evidence: str) -> str:
    """Evidence on one line, cut where it runs on."""
    text = " ".join(evidence.split())
    return text if len(text) <= MAX_EVIDENCE else text[: MAX_EVIDENCE - 1].rstrip() + "…"


def web_address(url: str | None) -> str | None:
    """The address if it is http(s) with a host; None for anything else, such as ``javascript:`` or a file's path."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
