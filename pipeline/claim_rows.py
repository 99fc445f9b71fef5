"""Between the values of grouping and the rows of the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations, product
from typing import Any

from pipeline.group.claims import SIDES, Claim, ClaimAmount, ClaimParty, Event, SettledDeal
from pipeline.records import Article
from warehouse.store import Row

_SAME = (
    "version_id", "article_id", "source_id", "tier", "lang", "type", "status", "attribution", "background",
    "gigawatts", "units", "occurred_on", "dated", "expected_on", "published_on", "evidence", "evidence_start",
    "evidence_end", "confidence", "extractor", "seen_at",
)  # fmt: skip


_NOT_KEPT = ("merged_into", "withdrawn", "updated_at", "pairs", "told")
_VERSION_PARTY = ("company_id", "root_id", "role", "side", "claims")
_VERSION_AMOUNT = (
    "semantics", "amount", "currency", "bound", "usd", "settled", "contested", "reason", "claims", "sources",
    "best_tier", "observation_id",
)  # fmt: skip


def article_row(article: Article, sketch: Sequence[int], now: datetime) -> Row:
    """The row of ``articles``."""
    return {
        "version_id": article.version_id, "article_id": article.id, "source_id": article.source_id, "url": article.url,
        "title": article.title, "text": article.text, "lang": article.lang, "author": article.author,
        "published_at": article.published_at, "precision": article.precision, "published_from": article.published_from,
        "seen_at": article.seen_at, "text_from": article.text_from, "raw_sha256": article.raw_sha256,
        "notes": list(article.notes), "sketch": list(sketch), "duplicate_of": None, "similarity": None,
        "recorded_at": now,
    }  # fmt: skip


def article_from(row: Row) -> Article:
    """The article that a row of ``articles`` keeps."""
    return Article(
        id=row["article_id"], version_id=row["version_id"], source_id=row["source_id"], url=row["url"],
        title=row["title"], text=row["text"], lang=row["lang"], seen_at=row["seen_at"],
        published_at=row["published_at"], precision=row["precision"], published_from=row["published_from"],
        text_from=row["text_from"], raw_sha256=row["raw_sha256"], author=row["author"] or "",
        notes=tuple(row["notes"] or ()),
    )  # fmt: skip


def claim_row(claim: Claim, now: datetime, superseded_by: str | None, reason: str | None) -> Row:
    """The row of ``observations``; ``superseded_by`` where a later reading is known already."""
    amount = claim.amount
    rumoured = claim.status == "in_talks" or claim.attribution == "anonymous"
    return {
        "observation_id": claim.id,
        **{name: getattr(claim, name) for name in _SAME},
        "modality": "conditional" if claim.conditional else "rumoured" if rumoured else "asserted",
        "negated": claim.status == "ended",
        "parties": [{"id": party.id, "root": party.root, "role": party.role} for party in claim.parties],
        **_amount_columns(amount),
        "semantics": amount.semantics if amount else None,
        "fx_rate": amount.rate if amount else None,
        "fx_date": amount.rate_date if amount else None,
        "valuation": claim.valuation[0] if claim.valuation else None,
        "valuation_currency": claim.valuation[1] if claim.valuation else None,
        "chips": list(claim.chips),
        "notes": list(claim.notes),
        "recorded_at": now,
        "superseded_by": superseded_by,
        "superseded_at": now if superseded_by else None,
        "superseded_reason": reason,
    }


def superseded_row(observation_id: str, by: str, now: datetime, reason: str) -> Row:
    """What changes in a row of ``observations`` once a later reading has replaced it."""
    return {
        "observation_id": observation_id, "superseded_by": by, "superseded_at": now, "superseded_reason": reason,
    }  # fmt: skip


def claim_from(row: Row) -> Claim:
    """The claim that a row of ``observations`` keeps."""
    amount = None
    if row["amount"] is not None:
        amount = ClaimAmount(
            row["amount"], row["currency"], row["bound"], row["usd"], row["fx_rate"], row["fx_date"], row["semantics"]
        )
    return Claim(
        id=row["observation_id"],
        **{name: row[name] for name in _SAME},
        parties=tuple(ClaimParty(party["id"], party["root"], party["role"]) for party in row["parties"]),
        amount=amount,
        valuation=(row["valuation"], row["valuation_currency"]) if row["valuation"] is not None else None,
        chips=tuple(row["chips"]),
        conditional=row["modality"] == "conditional",
        notes=tuple(row["notes"] or ()),
        recorded_at=row["recorded_at"],
    )


def deal_row(deal: SettledDeal, headline: str, first_recorded_at: datetime, updated_at: datetime) -> Row:
    """The row of ``deals``."""
    return {
        "deal_id": deal.id, "headline": headline, "type": deal.type,
        "status": deal.status, "status_on": deal.status_on, "status_reason": deal.status_reason,
        **_amount_columns(deal.amount), "conditional_usd": _conditional_usd(deal), "amount_reason": deal.amount_reason,
        "company_ids": sorted(party.id for party in deal.parties),
        "chips": list(deal.chips), "gigawatts": deal.gigawatts, "units": deal.units,
        "first_on": deal.first_on, "last_on": deal.last_on,
        "expected_on": max((claim.expected_on for claim in deal.claims if claim.expected_on), default=None),
        "sources": len({claim.source_id for claim in deal.claims}),
        "articles": len({claim.article_id for claim in deal.claims}),
        "languages": sorted({claim.lang for claim in deal.claims if claim.lang}),
        "best_tier": min(claim.tier for claim in deal.claims),
        "pairs": _pairs(deal), "told": _told(deal),
        "thread_id": deal.thread_id, "parent_id": deal.parent_id, "merged_into": None, "withdrawn": False,
        "first_recorded_at": first_recorded_at, "updated_at": updated_at,
    }  # fmt: skip


def version_row(deal: Row, parties: Sequence[Row], amounts: Sequence[Row], number: int) -> Row:
    """The row of ``deal_versions`` that keeps a state of a deal: its rows of the other tables, nested."""
    kept = {name: value for name, value in deal.items() if name not in _NOT_KEPT}
    return {
        **kept, "version": number, "recorded_at": deal["updated_at"], "ended_at": None, "ended_by": None,
        "reconstructed": False,
        "parties": [{name: row[name] for name in _VERSION_PARTY} for row in parties],
        "amounts": [{name: row[name] for name in _VERSION_AMOUNT} for row in amounts],
    }  # fmt: skip


def _pairs(deal: SettledDeal) -> list[Row]:
    """Who gives to whom, by topmost parents; partners in the order of their names."""
    roots = {
        side: sorted({party.root for party in deal.parties if party.side == side})
        for side in ("active", "passive", "both")
    }
    given: list[Row] = [
        {"giver": giver, "taker": taker, "mutual": False}
        for giver, taker in product(roots["active"], roots["passive"])
        if giver != taker
    ]
    return given + [{"giver": one, "taker": other, "mutual": True} for one, other in combinations(roots["both"], 2)]


def _told(deal: SettledDeal) -> list[Row]:
    """Publishers and languages by the status that they state."""
    return [
        {
            "status": status,
            "sources": len({claim.source_id for claim in deal.claims if claim.status == status}),
            "languages": sorted({claim.lang for claim in deal.claims if claim.status == status and claim.lang}),
        }
        for status in sorted({claim.status for claim in deal.claims})
    ]


def _conditional_usd(deal: SettledDeal) -> float | None:
    """What of the settled sum hangs on a condition: all where it is stated so, a part where a smaller sum is.

    A deal that has been completed has met its conditions, unless its settled sum is itself still conditional.
    """
    if deal.amount is None or deal.amount.usd is None:
        return None
    parts = [item for item in deal.amounts if item.semantics == "conditional" and item.amount.usd is not None]
    if deal.status == "completed" and not any(item.settled for item in parts):
        return None
    return min(deal.amount.usd, max(item.amount.usd or 0.0 for item in parts)) if parts else None


def event_row(deal_id: str, event: Event, now: datetime) -> dict[str, Any]:
    """The row of ``deal_events``, not yet known to replace another."""
    columns = {
        "deal_id": deal_id, "kind": event.kind, "status": event.status, "previous_status": event.previous_status,
        **_amount_columns(event.amount), "previous_usd": event.previous_usd,
        "occurred_on": event.occurred_on, "observation_id": event.claim_id, "reason": event.reason,
    }  # fmt: skip
    told = "|".join(str(value) for value in columns.values())
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    return {"event_id": digest, **columns, "recorded_at": now, "retracted_at": None, "replaces": None}


def words_of(event: Row, claim: Claim, article: Row | None) -> Row:
    """The row of ``deal_events`` with the words of the claim that shows it, and the heading of their article."""
    words = {
        name: getattr(claim, name) for name in ("evidence", "lang", "attribution", "tier", "source_id", "article_id")
    }
    heading = {name: article[name] if article else None for name in ("title", "url")}
    return {**event, **words, **heading}


def party_rows(deal: SettledDeal, now: datetime) -> list[Row]:
    """The rows of ``deal_parties``."""
    rows: list[Row] = []
    for party in deal.parties:
        naming = [claim for claim in deal.claims if party.root in claim.roots]
        rows.append({
            "deal_id": deal.id, "company_id": party.id, "root_id": party.root, "role": party.role,
            "side": SIDES[party.role], "claims": len(naming),
            "recorded_at": min((claim.recorded_at or now for claim in naming), default=now),
        })  # fmt: skip
    return rows


def amount_rows(deal: SettledDeal) -> list[Row]:
    """The rows of ``deal_amounts``."""
    rows: list[Row] = []
    for item in deal.amounts:
        days = [claim.occurred_on for claim in item.claims]
        best = min(item.claims, key=lambda claim: (claim.tier, claim.occurred_on, claim.id))
        rows.append({
            "deal_id": deal.id, "semantics": item.semantics, **_amount_columns(item.amount),
            "fx_rate": item.amount.rate, "fx_date": item.amount.rate_date,
            "settled": item.settled, "contested": item.contested, "reason": item.reason,
            "claims": len(item.claims), "sources": len({claim.source_id for claim in item.claims}),
            "best_tier": best.tier, "first_on": min(days), "last_on": max(days), "observation_id": best.id,
        })  # fmt: skip
    return rows


def compute_rows(deal: SettledDeal) -> list[Row]:
    """The rows of ``deal_compute``: one a chip, or one without a chip where only capacity is known."""
    chips: tuple[str | None, ...] = deal.chips or ((None,) if deal.gigawatts or deal.units else ())
    rows: list[Row] = []
    for chip in chips:
        naming = [c for c in deal.claims if (chip in c.chips if chip else c.gigawatts or c.units)]
        best = min(naming, key=lambda claim: (claim.tier, claim.occurred_on, claim.id))
        rows.append({
            "deal_id": deal.id, "chip_id": chip, "gigawatts": deal.gigawatts, "units": deal.units,
            "claims": len(naming), "observation_id": best.id,
        })  # fmt: skip
    return rows


def _amount_columns(amount: ClaimAmount | None) -> Mapping[str, Any]:
    if amount is None:
        return {"amount": None, "currency": None, "bound": None, "usd": None}
    return {"amount": amount.value, "currency": amount.currency, "bound": amount.bound, "usd": amount.usd}
