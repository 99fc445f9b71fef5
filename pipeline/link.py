"""Linking: a reading of one article becomes claims with canonical ids, a day, and a value in US dollars."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

from models.facts import Deal, DealAmount, Document, Party, Reading
from pipeline.group.claims import Claim, ClaimAmount, ClaimParty
from pipeline.rates import usd_rate
from pipeline.records import Article
from warehouse.reference import Company

DEFAULT_TIER = 3
_LEAD = 400  # code points of title and opening in which an article's own news stands
_FUTURE_SLACK = timedelta(days=1)  # time zones: a paper of tomorrow's date may be read today


@dataclass(frozen=True, slots=True)
class LinkedReading:
    """A reading with its article and the claims it makes, ready to be grouped and loaded."""

    article: Article
    reading: Reading
    claims: tuple[Claim, ...]


def link(
    reading: Reading, article: Article, companies: Mapping[str, Company], tier: int = DEFAULT_TIER
) -> LinkedReading:
    """Link one reading. ``companies`` are the known ones by id; ``tier`` is the credibility of the article's source.

    A provisional id (``~name``) whose name a row has since got becomes that row's id. Where the text gives no day, or
    one to come, a claim has the day of publication. A currency without a rate leaves the dollar value
    empty, with a note.
    """
    provisional = any(party.id.startswith("~") for deal in reading.deals for party in deal.parties)
    names = names_of(companies) if provisional else {}
    content = Document(article.id, article.text, article.title).content
    claims: dict[str, Claim] = {}
    for deal in reading.deals:
        claim = _claim(deal, reading, article, content, companies, names, tier)
        claims.setdefault(claim.id, claim)
    return LinkedReading(article, reading, tuple(claims.values()))


def _claim(
    deal: Deal, reading: Reading, article: Article, content: str, companies: Mapping[str, Company],
    names: Mapping[str, str], tier: int,
) -> Claim:  # fmt: skip
    published, notes = _published(article)
    occurred, expected, why = _days(deal.occurred_on, published)
    dated = occurred != published  # the day of publication is also what a reader without a date falls back on
    notes += why
    amount = None
    if deal.amount is not None and deal.amount.value > 0:
        amount = _amount(deal.amount, occurred, deal.conditional)
        if amount.usd is None:
            notes.append(f"no rate is known for {amount.currency}: no value in US dollars")
    chips = tuple(sorted(set(deal.chips)))
    evidence = deal.evidence
    claim = Claim(
        id="",
        version_id=article.version_id,
        article_id=article.id,
        source_id=article.source_id,
        tier=tier,
        type=deal.type,
        status=deal.status,
        parties=_parties(deal.parties, companies, names),
        occurred_on=occurred,
        published_on=published,
        amount=amount,
        valuation=_valuation(reading, deal),
        chips=chips,
        gigawatts=deal.compute.gigawatts if deal.compute else None,
        units=deal.compute.units if deal.compute else None,
        dated=dated,
        expected_on=expected,
        background=deal.status == "completed" and not dated and evidence.start >= _LEAD,
        attribution=deal.attribution,
        conditional=deal.conditional,
        confidence=deal.confidence,
        lang=reading.lang or article.lang,
        evidence=content[evidence.start : evidence.end],
        evidence_start=evidence.start,
        evidence_end=evidence.end,
        extractor=reading.model,
        notes=tuple(notes),
        seen_at=article.seen_at,
    )
    return replace(claim, id=_claim_id(claim))


def _claim_id(claim: Claim) -> str:
    """The same reading of the same text gives the same id, so that loading it twice adds nothing."""
    said = [claim.version_id, claim.extractor, claim.type, claim.status, claim.evidence_start, claim.evidence_end]
    parties = sorted((party.id, party.root, party.role) for party in claim.parties)
    amount = asdict(claim.amount) if claim.amount else None
    text = json.dumps([said, parties, amount, claim.chips], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _published(article: Article) -> tuple[date, list[str]]:
    """Day of publication; that of first sight where the publisher gives none, or one that had not come by then."""
    seen = _day(article.seen_at)
    stated = _day(article.published_at) if article.published_at else seen
    if stated > seen + _FUTURE_SLACK:
        return seen, [f"published on {stated}, says the publisher, but seen on {seen}"]
    return stated, []


def _days(stated: str | None, published: date) -> tuple[date, date | None, list[str]]:
    """The day that a claim speaks of, the day that it expects, and what was odd about the day stated."""
    if stated is None:
        return published, None, []
    try:
        day = date.fromisoformat(stated[:10])
    except ValueError:
        return published, None, [f"{stated!r} is no date"]
    if day > published + _FUTURE_SLACK:
        return published, day, [f"expected for {day}"]
    return day, None, []


def _amount(stated: DealAmount, day: date, conditional: bool) -> ClaimAmount:
    found = usd_rate(stated.currency, day)
    rate, rate_day = found if found else (None, None)
    usd = round(stated.value * rate, 2) if rate is not None else None
    semantics = "conditional" if conditional else "total"
    return ClaimAmount(stated.value, stated.currency, stated.qualifier, usd, rate, rate_day, semantics)  # type: ignore[arg-type]


def _valuation(reading: Reading, deal: Deal) -> tuple[float, str] | None:
    """A company value that stands within the claim's evidence."""
    for amount in reading.amounts:
        inside = deal.evidence.start <= amount.start and amount.end <= deal.evidence.end
        if amount.role == "valuation" and inside and amount.value and amount.currency:
            return amount.value, amount.currency
    return None


def relinked(claim: Claim, companies: Mapping[str, Company], names: Mapping[str, str]) -> Claim:
    """The claim as it would be linked now; itself where nothing has changed. ``names``: see :func:`names_of`."""
    parties = _parties(claim.parties, companies, names)
    if parties == claim.parties:
        return claim
    changed = replace(claim, parties=parties)
    return replace(changed, id=_claim_id(changed))


def _parties(
    stated: Iterable[Party | ClaimParty], companies: Mapping[str, Company], names: Mapping[str, str]
) -> tuple[ClaimParty, ...]:
    found: dict[tuple[str, str], ClaimParty] = {}
    for party in stated:
        linked = link_party(party, companies, names)
        found.setdefault((linked.id, linked.role), linked)
    return tuple(sorted(found.values(), key=lambda party: (party.role, party.id)))


def link_party(party: Party | ClaimParty, companies: Mapping[str, Company], names: Mapping[str, str]) -> ClaimParty:
    """A party under the id and the topmost parent that the rows of companies give it."""
    known = names.get(_folded(party.id[1:]), party.id) if party.id.startswith("~") else party.id
    return ClaimParty(known, root_of(known, companies), party.role)


def root_of(company_id: str, companies: Mapping[str, Company]) -> str:
    """The topmost parent of a company; itself where it has none or no row. A circle of parents ends where it closes."""
    seen = [company_id]
    while (row := companies.get(seen[-1])) is not None and row.parent_id and row.parent_id not in seen:
        seen.append(row.parent_id)
    return seen[-1]


def names_of(companies: Mapping[str, Company]) -> dict[str, str]:
    """Company ids by every folded name; a name that two companies share maps to neither."""
    found: dict[str, str | None] = {}
    for company in companies.values():
        for name in (company.name, *company.aliases):
            key = _folded(name)
            found[key] = company.company_id if found.get(key, company.company_id) == company.company_id else None
    return {name: company_id for name, company_id in found.items() if company_id is not None}


def _folded(name: str) -> str:
    """A name without what writers vary: case, width, blanks, hyphens, dots."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
