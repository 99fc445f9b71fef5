"""A deal in the making: the claims gathered so far, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.facts import DealType, Status
from pipeline.group.claims import Claim, ClaimAmount
from pipeline.group.rules import Rules


@dataclass(slots=True)
class Draft:
    """A deal while its claims are being collected, in the order of :meth:`Rules.gathering`."""

    claims: list[Claim] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    cumulative: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    passive: set[str] = field(default_factory=set)
    both: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    named: set[frozenset[str]] = field(default_factory=set)  # the companies together, as claims name them
    amounts: list[ClaimAmount] = field(default_factory=list)
    # What comparing asks of all claims is kept: a deal told of a thousand times is compared as fast as one told once.
    sums: dict[tuple[object, ...], ClaimAmount] = field(default_factory=dict)  # those of amounts that differ
    types: set[DealType] = field(default_factory=set)
    by_version: dict[str, list[Claim]] = field(default_factory=dict)
    gigawatts: set[float] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    vendors: set[str] = field(default_factory=set)
    givers: set[int] = field(default_factory=set)  # how many a claim names
    told_as_news: bool = False
    status: Status = "in_talks"
    status_on: date = date.min
    first_on: date = date.max
    last_on: date = date.min

    def add(self, claim: Claim, reason: str, rules: Rules, cumulative: bool = False) -> None:
        """Take a claim in."""
        self.reasons[claim.id] = reason
        first = not self.claims
        self.claims.append(claim)
        self._note(claim)
        if cumulative:
            self.cumulative.add(claim.id)
            return
        self.active |= claim.sides["active"]
        self.passive |= claim.sides["passive"]
        self.both |= claim.sides["both"]
        self.roots |= claim.roots
        self.named.add(claim.roots)
        if claim.amount is not None:
            self.amounts.append(claim.amount)
            amount = claim.amount
            self.sums.setdefault((amount.value, amount.currency, amount.bound, amount.usd), amount)
        if claim.background and not first:
            return
        self.first_on = min(self.first_on, claim.occurred_on)
        self.last_on = max(self.last_on, claim.occurred_on)
        moved = rules.transitions.get((self.status, claim.status))
        if first or moved in ("normal", "reopening"):
            self.status, self.status_on = claim.status, claim.occurred_on

    def _note(self, claim: Claim) -> None:
        self.types.add(claim.type)
        self.by_version.setdefault(claim.version_id, []).append(claim)
        if claim.gigawatts:
            self.gigawatts.add(claim.gigawatts)
        if claim.units:
            self.units.add(claim.units)
        self.vendors |= claim.vendors
        if claim.sides["active"]:
            self.givers.add(len(claim.sides["active"]))
        self.told_as_news = self.told_as_news or not claim.background
