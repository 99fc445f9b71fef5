"""The annotated grouping sets, and what grouping makes of them.

A row of ``dev.jsonl`` or ``newsroom.jsonl`` gives one claim its deal: ``article`` and ``claim`` (its number among the
article's annotated deals, from 1) name it, ``deal`` is the id that all claims on one transaction share, in both files.
``published`` is the day of the news where the publisher gives none, ``day`` the day that the text gives the transaction
(the first of its month where it gives no more), ``note`` why an ambiguous claim stands where it does.

The claims are made from the annotations, not by the reader, so that its mistakes do not blur those of grouping; they
pass through linking like all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from models.facts import Compute, Deal, DealAmount, Party, Reading, Span
from pipeline.demo.content import Article as NewsroomArticle
from pipeline.demo.content import load_articles, load_publishers
from pipeline.group import Claim, SettledDeal, group
from pipeline.group.measure import b_cubed, pairwise
from pipeline.link import DEFAULT_TIER, link
from pipeline.records import Article
from tests.eval.gate import articles
from warehouse.reference import Company, read_companies

HERE = Path(__file__).parent
SETS = ("dev", "newsroom")
LATER = datetime(2027, 1, 1, tzinfo=UTC)  # when all of it was seen: no claim speaks of days to come

Key = tuple[str, int]  # article, number of the claim in it


@dataclass(frozen=True, slots=True)
class Row:
    """One annotated claim."""

    deal: str
    published: str | None = None
    day: str | None = None
    note: str = ""


def read_rows(name: str) -> dict[Key, Row]:
    """The rows of a set by claim, in the order of the file."""
    rows = [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
    found = {(row.pop("article"), row.pop("claim")): Row(**row) for row in rows}
    assert len(found) == len(rows), f"{name}.jsonl gives a claim twice"
    return found


def read_claims(name: str) -> list[tuple[Key, Claim]]:
    """The claims of a set, linked."""
    if name == "newsroom":
        return read_newsroom_claims()
    rows = read_rows(name)
    published = {key[0]: row.published for key, row in rows.items() if row.published}
    return read_gold_claims({key: row.day for key, row in rows.items() if row.day}, published)


def read_gold_claims(days: Mapping[Key, str], published: Mapping[str, str]) -> list[tuple[Key, Claim]]:
    """Claims of the annotated articles."""
    found: list[tuple[Key, Claim]] = []
    for gold in articles():
        stated = gold.get("published") or published.get(gold["id"])
        article = _article(gold["id"], gold["id"], gold["title"] or "", gold["text"], gold["lang"], stated)
        content = f"{article.title}\n{article.text}" if article.title else article.text
        for number, row in enumerate(gold["deals"], 1):
            key = (gold["id"], number)
            start = max(0, content.find(row["evidence"]))
            span = Span(start, start + len(row["evidence"]))
            deal = _deal(row, _qualifier(row, gold), span, days.get(key))
            found.append((key, _linked(deal, article, DEFAULT_TIER)))
    return found


def read_newsroom_claims(revision: int = 1) -> list[tuple[Key, Claim]]:
    """Claims of the sample newsroom. The first of an article is taken for its news, the others stand below it."""
    tiers = {publisher.id: publisher.tier for publisher in load_publishers()}
    found: list[tuple[Key, Claim]] = []
    for told in load_articles(revision):
        text = "\n".join(told.paragraphs)
        article = _article(told.key, told.publisher, told.title, text, told.lang, told.published.date().isoformat())
        for number, expected in enumerate(_expected(told), 1):
            span = Span(0, len(told.title)) if number == 1 else Span(len(text) - 1, len(text))
            deal = _deal(expected, "exact", span, None)
            found.append(((told.key, number), _linked(deal, article, tiers[told.publisher])))
    return found


def _expected(told: NewsroomArticle) -> Iterator[dict[str, Any]]:
    for deal in told.deals:
        amount = {"value": deal.amount, "currency": deal.currency} if deal.amount else None
        parties = [party.model_dump() for party in deal.parties]
        yield {"type": deal.type, "status": deal.status, "parties": parties, "amount": amount}


def _qualifier(row: dict[str, Any], gold: dict[str, Any]) -> str:
    """How the article bounds the deal's sum."""
    if row["amount"] is None:
        return "exact"
    same = (a for a in gold["amounts"] if all(a[key] == row["amount"][key] for key in ("value", "currency")))
    return next((amount["qualifier"] for amount in same), "exact")


def _deal(row: dict[str, Any], qualifier: str, evidence: Span, day: str | None) -> Deal:
    amount, compute = row["amount"], row.get("compute")
    return Deal(
        type=row["type"],
        status=row["status"],
        parties=tuple(Party(_id(party["id"]), party["role"]) for party in row["parties"]),
        amount=DealAmount(amount["value"], amount["currency"], qualifier) if amount else None,  # type: ignore[arg-type]
        chips=tuple(row.get("chips") or ()),
        compute=Compute(compute.get("gigawatts"), compute.get("units")) if compute else None,
        evidence=evidence,
        confidence=1.0,
        occurred_on=day,
    )


def _id(company: str) -> str:
    """An id without a row is a provisional one, as it would be had the reader found it."""
    return company if company in _companies() else f"~{company}"


@cache
def _companies() -> dict[str, Company]:
    return read_companies()


def _article(name: str, source: str, title: str, text: str, lang: str, published: str | None) -> Article:
    day = date.fromisoformat(published[:10]) if published else None
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) if day else None
    return Article(
        id=name, version_id=name, source_id=source, url=f"https://news.example/{name}", title=title, text=text,
        lang=lang, seen_at=LATER, published_at=moment,
    )  # fmt: skip


def _linked(deal: Deal, article: Article, tier: int) -> Claim:
    reading = Reading(article.id, article.lang, True, deals=(deal,), model="annotated")
    (claim,) = link(reading, article, _companies(), tier).claims
    return claim


@dataclass(frozen=True, slots=True)
class Grouped:
    """What grouping makes of one or more sets poured into one ledger: true and found deals by claim."""

    claims: Mapping[Key, Claim]
    true: Mapping[Key, str]
    found: Mapping[Key, str | None]
    deals: Mapping[str, SettledDeal]


def group_sets(names: Iterable[str] = SETS) -> Grouped:
    """Group the claims of sets together."""
    names = tuple(names)
    claims = {key: claim for name in names for key, claim in read_claims(name)}
    true = {key: row.deal for name in names for key, row in read_rows(name).items()}
    outcome = group(list(claims.values()), [], LATER.date())
    deal_of = {decision.claim_id: decision.deal_id for decision in outcome.decisions}
    found = {key: deal_of[claim.id] for key, claim in claims.items()}
    return Grouped(claims, true, found, {deal.id: deal for deal in outcome.deals})


def figures(grouped: Grouped) -> dict[str, float]:
    """B³ and pairwise precision, recall and F1."""
    scores = {"b3": b_cubed(grouped.true, grouped.found), "pairs": pairwise(grouped.true, grouped.found)}
    return {
        f"{name}_{part}": value
        for name, score in scores.items()
        for part, value in (("precision", score.precision), ("recall", score.recall), ("f1", score.f1))
    }
