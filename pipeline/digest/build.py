"""What a digest tells: how the ledger's deals differ from what the reader was told last, as lines in their language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import duckdb

from pipeline.digest.activity import Activity, activity
from pipeline.digest.money import Sum, in_currency
from pipeline.digest.phrases import News, Parties, Phrasebook, phrasebook
from pipeline.digest.preferences import Preferences
from pipeline.plain import one_line
from warehouse import sql

DEFAULTS = Preferences()
MAX_LINES = 150  # a message of more than 102 kB is cut off by some readers
MAX_EVIDENCE = 320  # characters; some sentences run on for a paragraph
SILENT_DAYS = 60
SECTIONS = ("new", "status", "amount", "conflict", "taken_back", "follow_up")
_SECTION = {
    "new": "new", "status": "status", "reopened": "status", "amount": "amount", "conflict": "conflict",
    "disputed": "conflict", "taken_back": "taken_back", "quiet": "follow_up", "due": "follow_up",
}  # fmt: skip
_SIDES = {"active": "givers", "passive": "takers", "both": "allies"}


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One change. ``sentence`` is in the digest's language and ends without a full stop, ``evidence`` in its own
    (``evidence_lang``).

    ``change`` names it: deal, kind, status, sum and day. ``before`` says what stood before, ``compute``
    the power and number of chips; both may be empty. ``url`` is an http(s) address, or None. ``sources`` counts
    publishers, ``languages`` are codes, ``first`` is who reported the deal first.
    """

    section: str
    change: str
    deal_id: str
    status: str
    sentence: str
    before: str
    parties: str
    chips: tuple[str, ...]
    compute: tuple[str, ...]
    on: date
    evidence: str
    evidence_lang: str
    outlet: str
    tier: int
    first: str
    url: str | None
    sources: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one message says. ``counts`` are changes by section; ``more`` is how many beyond MAX_LINES were cut.

    ``active`` are the companies with most changes, ``troubled`` sources whose feeds fail, ``activity`` what the charts
    show (None on a quiet day).
    """

    language: str
    zone: str
    since: datetime | None
    until: datetime
    lines: tuple[DigestLine, ...]
    counts: Mapping[str, int]
    more: int = 0
    active: tuple[tuple[str, int], ...] = ()
    troubled: tuple[str, ...] = ()
    activity: Activity | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.lines

    @property
    def day(self) -> date:
        """The day that the digest is of, where its reader is."""
        return self.until.astimezone(ZoneInfo(self.zone)).date()


@dataclass(slots=True)
class _Facts:
    """What the lines need beside the changes themselves."""

    details: Mapping[str, Mapping[str, Any]]
    parties: Mapping[str, Parties]
    chips: Mapping[str, str]
    book: Phrasebook
    currency: str
    active: Counter[str] = field(default_factory=Counter)


def build(
    ledger: duckdb.DuckDBPyConnection, since: datetime | None, until: datetime, preferences: Preferences = DEFAULTS
) -> Digest:
    """How the ledger of ``until`` differs from that of ``since`` (None: from an empty one), both UTC.

    ``ledger`` may be the published snapshot; ``until`` should be at most :func:`known_until` of it, and the next
    digest's ``since`` this one's ``until``: then every change is told once. What came and went in between is not told.
    Largest sums come first.

    Raises:
        ConfigError: no words exist for the reader's language.
    """
    book = phrasebook(preferences.language)
    rows = [
        *sql.run(ledger, "ledger_changes", since=since, until=until),
        *sql.run(ledger, "ledger_disputes", since=since, until=until),
    ]
    told = {row["deal_id"] for row in rows}
    follow_ups = sql.run(ledger, "ledger_follow_ups", since=since, until=until, silent_days=SILENT_DAYS)
    rows += [row for row in follow_ups if row["deal_id"] not in told]
    deal_ids = sorted({row["deal_id"] for row in rows})
    details = {row["deal_id"]: row for row in sql.run(ledger, "deal_details", deal_ids=deal_ids)}
    rows = [row for row in rows if preferences.filters.match({**row, **details[row["deal_id"]]})]
    rows.sort(key=lambda row: SECTIONS.index(_SECTION[row["kind"]]))  # stable: by sum within a section
    facts = _Facts(
        details, party_names(sql.run(ledger, "parties_of_deals", deal_ids=deal_ids), book),
        {row["chip_id"]: row["name"] for row in sql.run(ledger, "chip_names")}, book, preferences.currency,
    )  # fmt: skip
    lines = tuple(_line(row, facts) for row in rows[:MAX_LINES])
    return Digest(
        preferences.language, preferences.zone, since, until, lines,
        counts={name: sum(_SECTION[row["kind"]] == name for row in rows) for name in SECTIONS},
        more=len(rows) - len(lines),
        active=_most_active(rows, facts),
        troubled=tuple(one_line(row["source"], 60) for row in sql.run(ledger, "troubled_sources")),
        activity=activity(ledger, until, book, preferences.currency) if lines else None,
    )  # fmt: skip


def known_until(ledger: duckdb.DuckDBPyConnection) -> datetime | None:
    """Up to when a digest from this ledger can tell (UTC): the last change that it holds. None while it holds none."""
    found: datetime | None = sql.run(ledger, "known_until")[0]["known_until"]
    return found


def party_names(rows: Iterable[Mapping[str, Any]], book: Phrasebook) -> dict[str, Parties]:
    """Who stands where in each deal, as readers know them, from rows of the query ``parties_of_deals``."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        names = found.setdefault(row["deal_id"], {side: [] for side in _SIDES.values()})[_SIDES[row["side"]]]
        name = one_line(book.company(row["name"], row["aliases"]), 80)
        if name not in names:
            names.append(name)
    return {
        deal_id: Parties(**{side: tuple(names) for side, names in sides.items()}) for deal_id, sides in found.items()
    }


def sentence_of(row: Mapping[str, Any], parties: Parties, chips: Mapping[str, str], book: Phrasebook) -> str:
    """A row of the view ``timeline`` as a sentence, with the chips of the deal by the names in ``chips``."""
    beside = (row["usd"], "USD") if row["usd"] and row["currency"] != "USD" else None
    amount = Sum(row["amount"], row["currency"], row["bound"], beside) if row["amount"] else None
    previous = Sum(row["previous_usd"], "USD") if row["previous_usd"] else None
    sentence = book.sentence(News(row["kind"], row["type"], row["status"], amount, previous), parties)
    return sentence + (book.tail([chips[chip] for chip in row["chips"] if chip in chips]) or book.words["full_stop"])


def shortened(evidence: str) -> str:
    """Evidence on one line, cut where it runs on."""
    return one_line(evidence, MAX_EVIDENCE)


def _most_active(rows: Sequence[Mapping[str, Any]], facts: _Facts) -> tuple[tuple[str, int], ...]:
    """Companies by the number of deals of theirs that changed; one alone is not activity."""
    deals = {row["deal_id"] for row in rows if row["kind"] not in ("quiet", "due")}
    counts: Counter[str] = Counter()
    for deal_id in sorted(deals):
        parties = facts.parties.get(deal_id, Parties())
        counts.update({*parties.givers, *parties.takers, *parties.allies})
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, count) for name, count in best[:5] if count > 1)


def _line(row: Mapping[str, Any], facts: _Facts) -> DigestLine:
    book, detail = facts.book, facts.details[row["deal_id"]]
    parties = facts.parties.get(row["deal_id"], Parties())
    amount = _sum(row, facts.currency)
    previous = Sum(row["was_amount"], row["was_currency"], row["was_bound"]) if row["was_amount"] else None
    news = News(
        row["kind"], row["type"], row["status"], amount, previous, row.get("days"), row["date"],
        one_line(row["source"], 60),
    )  # fmt: skip
    return DigestLine(
        section=_SECTION[row["kind"]],
        change=":".join(str(row[key]) for key in ("deal_id", "kind", "status", "amount", "date")),
        deal_id=row["deal_id"],
        status=row["status"],
        sentence=book.sentence(news, parties),
        before=_before(row, amount, previous, book),
        parties=_who(parties, book),
        chips=tuple(facts.chips[chip] for chip in detail["chips"] if chip in facts.chips),
        compute=_compute(detail, book),
        on=row["date"],
        evidence=shortened(row["evidence"]),
        evidence_lang=row["lang"] or "",
        outlet=one_line(row["source"], 60),
        tier=row["tier"],
        first=one_line(detail["first_source"], 60),
        url=web_address(row["url"]),
        sources=detail["sources"],
        languages=tuple(code for code in detail["languages"] if code),
    )


def _sum(row: Mapping[str, Any], currency: str) -> Sum | None:
    """The sum of a row, with what it is in the reader's currency by the rate of the day."""
    if not row["amount"]:
        return None
    other = in_currency(row["usd"], currency, row["date"]) if row["currency"] != currency else None
    return Sum(row["amount"], row["currency"], row["bound"], None if other is None else (other, currency))


def _before(row: Mapping[str, Any], amount: Sum | None, previous: Sum | None, book: Phrasebook) -> str:
    """What a change of status came after: "Until now: in talks, more than $10 bn", the sum if it was another."""
    if row["kind"] not in ("status", "reopened"):
        return ""
    told = [book.words["badges"][row["was_status"]]]
    if previous and (amount is None or (previous.value, previous.bound) != (amount.value, amount.bound)):
        told.append(book.money(previous))
    return str(book.words["before"].format(state=book.words["comma"].join(told)))


def _who(parties: Parties, book: Phrasebook) -> str:
    """The parties in short: "Amazon → OpenAI"."""
    sides = [book.listed(names) for names in (parties.givers, parties.takers) if names]
    return " → ".join(sides) or book.listed(parties.allies)


def _compute(detail: Mapping[str, Any], book: Phrasebook) -> tuple[str, ...]:
    found = []
    if detail["gigawatts"]:
        found.append(book.words["gigawatts"].format(number=book.number(detail["gigawatts"])))
    if detail["units"]:
        found.append(book.counted("units", detail["units"]))
    return tuple(found)


def web_address(url: str | None) -> str | None:
    """The address if it is http(s) with a host; None for anything else, such as ``javascript:`` or a file's path."""
    if url is None or one_line(url) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
