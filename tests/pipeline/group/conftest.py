"""Cases of grouping: TOML files of claims and the deals that they must make."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.group import Claim, ClaimAmount, ClaimParty, KnownDeal, Outcome, SettledDeal, group
from pipeline.rates import usd_rate

PARENTS = {"amazon-web-services": "amazon", "google-deepmind": "google", "google-cloud": "google", "harman": "samsung"}
LATER = date(2030, 1, 1)


def read_claim(row: dict[str, Any], number: int) -> Claim:
    """``says`` is day, type and status; a party is ``id:role``; ``amount`` is bound, value and currency."""
    day, kind, status = row["says"].split()
    parties = []
    for party in row["parties"]:
        name, role = party.split(":")
        parties.append(ClaimParty(name, PARENTS.get(name, name), role))
    occurred = date.fromisoformat(day)
    amount = None
    if "amount" in row:
        bound, value, currency = row["amount"].split()
        found = usd_rate(currency, occurred)
        rate, rate_day = found or (None, None)
        amount = ClaimAmount(float(value), currency, bound, float(value) * rate if rate else None, rate, rate_day)
    version = row.get("article", f"article-{number}")
    return Claim(
        id=f"claim-{number}", version_id=version, article_id=version, source_id=row.get("source", f"source-{number}"),
        tier=row.get("tier", 2), type=kind, status=status, parties=tuple(parties), occurred_on=occurred,
        published_on=occurred, amount=amount, chips=tuple(row.get("chips", ())), gigawatts=row.get("gigawatts"),
        units=row.get("units"), background=row.get("background", False), dated=row.get("dated", False),
        confidence=row.get("confidence", 0.9),
        attribution=row.get("attribution", "unattributed"), extractor="test",
    )  # fmt: skip


@dataclass
class Ledger:
    """The ledger's part in grouping, in memory: what the last outcome made of the deals."""

    deals: dict[str, SettledDeal] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)

    def take(self, claims: Iterable[Claim], former: dict[str, tuple[Claim, ...]] | None = None) -> Outcome:
        """Group a batch as the loader does: with the deals that share a group of companies."""
        claims, former = list(claims), former or {}
        gone = {old.id for items in former.values() for old in items}
        roots = {root for claim in [*claims, *(c for items in former.values() for c in items)] for root in claim.roots}
        known = []
        for deal in self.deals.values():
            if deal.id in former or any(claim.roots & roots for claim in deal.claims):
                kept = tuple(claim for claim in deal.claims if claim.id not in gone)
                known.append(KnownDeal(deal.id, kept, former.get(deal.id, ()), deal.thread_id, deal.parent_id))
        outcome = group(claims, known, LATER, self.taken)
        for deal_id in [*outcome.merged, *outcome.withdrawn]:
            del self.deals[deal_id]
        self.deals.update({deal.id: deal for deal in outcome.deals})
        self.taken |= set(self.deals)
        self.outcomes.append(outcome)
        return outcome

    def view(self) -> set[tuple[Any, ...]]:
        """All that the ledger says, but for the names of deals, which the first arrival gives."""
        names = {deal.id: frozenset(claim.id for claim in deal.claims) for deal in self.deals.values()}
        return {
            (
                names[deal.id], deal.type, deal.status, deal.status_on, deal.status_reason, deal.parties, deal.amount,
                deal.amount_reason, deal.chips, deal.gigawatts, deal.first_on, deal.last_on, deal.events,
                tuple(replace(item, claims=()) for item in deal.amounts), names[deal.thread_id],
                names[deal.parent_id] if deal.parent_id else None,
            )
            for deal in self.deals.values()
        }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Claims, the label of the deal that each must belong to ("" where it is skipped), and the deals by label."""

    claims: tuple[Claim, ...]
    labels: tuple[str, ...]
    deals: dict[str, dict[str, Any]]


@pytest.fixture
def read_case() -> Callable[[Path], Case]:
    """Reads a case file."""

    def read(path: Path) -> Case:
        table = tomllib.loads(path.read_text("utf-8"))
        claims = tuple(read_claim(row, number) for number, row in enumerate(table["claim"], 1))
        return Case(claims, tuple(row["deal"] for row in table["claim"]), table.get("deal", {}))

    return read


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    """Makes one claim from the columns of a case file."""
    return lambda number=1, **row: read_claim(row, number)


@pytest.fixture
def ledger() -> Ledger:
    """An empty one."""
    return Ledger()


@pytest.fixture
def new_ledger() -> type[Ledger]:
    """For tests that need several."""
    return Ledger
