"""The nouns of grouping: a claim, a deal already known, and what is decided. Plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from models.facts import Attribution, DealType, PartyRole, Qualifier, Status

Side = Literal["active", "passive", "both"]
Action = Literal["create", "update", "skip"]
EventKind = Literal["new", "status", "reopened", "amount", "conflict"]

SIDES: dict[str, Side] = {
    "investor": "active", "acquirer": "active", "provider": "active", "lender": "active",
    "investee": "passive", "target": "passive", "customer": "passive", "borrower": "passive",
    "partner": "both", "issuer": "both",
}  # fmt: skip


_ALL_SIDES: tuple[Side, ...] = ("active", "passive", "both")


@dataclass(frozen=True, slots=True)
class ClaimParty:
    """A company in a claim; ``root`` is its topmost parent (itself where it has none)."""

    id: str
    root: str
    role: PartyRole

    @property
    def side(self) -> Side:
        """Who gives (money, service, goods), who gets, or both alike."""
        return SIDES[self.role]


@dataclass(frozen=True, slots=True)
class ClaimAmount:
    """A claim's sum in plain units; ``usd`` is None where no rate is known, else ``rate`` of ``rate_date`` was used."""

    value: float
    currency: str
    bound: Qualifier = "exact"
    usd: float | None = None
    rate: float | None = None
    rate_date: date | None = None
    semantics: Literal["total", "conditional"] = "total"


@dataclass(frozen=True, slots=True)
class Claim:
    """A deal as one reading of one article version states it: a row of ``observations``.

    ``dated`` tells whether the text gave ``occurred_on``; ``background`` marks a mention in passing, which is no news;
    ``expected_on`` is a day still to come that the text gives for the deal.
    """

    id: str
    version_id: str
    article_id: str
    source_id: str
    tier: int
    type: DealType
    status: Status
    parties: tuple[ClaimParty, ...]
    occurred_on: date
    published_on: date
    amount: ClaimAmount | None = None
    valuation: tuple[float, str] | None = None
    chips: tuple[str, ...] = ()
    gigawatts: float | None = None
    units: int | None = None
    dated: bool = False
    expected_on: date | None = None
    background: bool = False
    attribution: Attribution = "unattributed"
    conditional: bool = False
    confidence: float = 1.0
    lang: str = ""
    evidence: str = ""
    evidence_start: int = 0
    evidence_end: int = 0
    extractor: str = ""
    notes: tuple[str, ...] = ()
    seen_at: datetime | None = None
    recorded_at: datetime | None = None
    # Topmost parents of all parties, and of those on each side: asked for so often that they are kept. A company that
    # deals with its own parent stands for itself (:meth:`root_of`), or a purchase within a group would have no target.
    roots: frozenset[str] = field(init=False, compare=False, repr=False)
    sides: dict[Side, frozenset[str]] = field(init=False, compare=False, repr=False)
    vendors: frozenset[str] = field(init=False, compare=False, repr=False)  # of the chips, where they are known

    def __post_init__(self) -> None:
        sides: dict[Side, frozenset[str]] = {
            side: frozenset(self.root_of(party) for party in self.parties if party.side == side) for side in _ALL_SIDES
        }
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "roots", frozenset().union(*sides.values()))
        object.__setattr__(self, "vendors", frozenset(chip.split("-")[0] for chip in self.chips) - {"gpu"})

    def root_of(self, party: ClaimParty) -> str:
        """Topmost parent of a party; its own id where that parent, or another of its companies, stands across."""
        within = any(other.root == party.root and _across(party, other) for other in self.parties)
        return party.id if within else party.root


def _across(one: ClaimParty, other: ClaimParty) -> bool:
    return {one.side, other.side} == {"active", "passive"} and one.id != other.id


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A deal of the ledger with its standing claims; ``former`` are claims on it that a later reading replaced."""

    id: str
    claims: tuple[Claim, ...]
    former: tuple[Claim, ...] = ()
    thread_id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a claim belongs and why. ``event`` is what the claim brought, None where it brought no news."""

    claim_id: str
    action: Action
    deal_id: str | None
    reason: str
    event: EventKind | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a deal's status or settled sum, with the claim that best shows it."""

    kind: EventKind
    status: Status
    occurred_on: date
    claim_id: str
    reason: str
    previous_status: Status | None = None
    amount: ClaimAmount | None = None
    previous_usd: float | None = None


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """A sum that claims state for a deal, and whether it prevails."""

    semantics: str
    amount: ClaimAmount
    settled: bool
    contested: bool
    reason: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class SettledDeal:
    """A deal as its standing claims, taken together, make it. Depends on the set of claims, never on their arrival."""

    id: str
    type: DealType
    status: Status
    status_on: date
    status_reason: str
    parties: tuple[ClaimParty, ...]
    amount: ClaimAmount | None
    amount_reason: str | None
    amounts: tuple[StatedAmount, ...]
    chips: tuple[str, ...]
    gigawatts: float | None
    units: int | None
    first_on: date
    last_on: date
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]
    thread_id: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch of claims makes of the ledger: decisions on claims, deals that changed, ids given up.

    ``merged`` maps a deal to the one it turned out to be; ``withdrawn`` names deals that no claim supports any more.
    """

    decisions: tuple[Decision, ...]
    deals: tuple[SettledDeal, ...]
    merged: dict[str, str] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
