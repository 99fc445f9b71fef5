"""Dated commitments: the days to come that standing deals are bound to, as the words that report them say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import duckdb

from models.horizons import Horizon, horizons
from pipeline.digest.money import Sum
from warehouse import sql

Kind = Literal["starts", "ends", "condition", "closing", "milestone"]
_LASTING = frozenset({"compute_contract", "chip_supply", "infrastructure", "partnership"})
_KEPT = timedelta(days=31)  # what is past stays for a month, so that nobody misses what was due last week


@dataclass(frozen=True, slots=True)
class Commitment:
    """A day that a deal is bound to. ``on`` is the last day of the time that is named (``first`` to ``on``), of a
    start the first. ``evidence`` is the sentence or heading that names it.

    ``kind``: ``starts`` and ``ends`` are the window of a contract, ``condition`` is a conditional part that falls due,
    ``closing`` the expected closing of an investment, takeover, loan or offering, ``milestone`` any other.
    """

    deal_id: str
    kind: Kind
    first: date
    on: date
    headline: str
    type: str
    amount: Sum | None
    evidence: str
    lang: str | None
    source: str
    url: str | None
    recorded_at: datetime


def commitments(con: duckdb.DuckDBPyConnection, today: date) -> list[Commitment]:
    """All that is not long past on ``today``, by day; where several claims name one, the most credible speaks."""
    found: dict[tuple[str, str, date], Commitment] = {}
    for row in sql.run(con, "commitment_claims"):
        for commitment in _of(row):
            if commitment.on >= today - _KEPT:
                found.setdefault((commitment.deal_id, commitment.kind, commitment.on), commitment)
    return sorted(found.values(), key=lambda one: (one.on, one.deal_id, one.kind))


def _of(row: Mapping[str, Any]) -> Iterator[Commitment]:
    """Days named in the claim's own sentence, or in the heading of its article, or stated with the claim."""
    for text in (row["evidence"], row["title"] or ""):
        for time in horizons(text, row["lang"] or "", row["published_on"]):
            yield _commitment(row, time, text)
    if stated := row["expected_on"]:
        yield _commitment(row, Horizon(stated, stated, "in", 0, 0), row["evidence"])


def _commitment(row: Mapping[str, Any], time: Horizon, said: str) -> Commitment:
    kind = _kind(row, time)
    on = time.first if kind == "starts" else time.last
    which = "" if kind == "condition" and row["amount"] else "settled_"
    value = row[f"{which}amount"]
    amount = Sum(value, row[f"{which}currency"], row[f"{which}bound"]) if value else None
    return Commitment(
        row["deal_id"], kind, time.first, on, row["headline"], row["type"], amount, said, row["lang"], row["source"],
        row["url"], row["recorded_at"],
    )  # fmt: skip


def _kind(row: Mapping[str, Any], time: Horizon) -> Kind:
    if time.relation == "from":
        return "starts"
    if row["modality"] == "conditional":
        return "condition"
    if row["type"] in _LASTING:
        return "ends" if time.relation == "until" else "milestone"
    return "closing" if row["status"] != "completed" else "milestone"
