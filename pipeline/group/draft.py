"""A deal in the making: the claims gathered so far, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.facts import Status
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
    status: Status = "in_talks"
    status_on: date = date.min
    first_on: date = date.max
    last_on: date = date.min

    def add(self, claim: Claim, reason: str, rules: Rules, cumulative: bool = False) -> None:
        """Take a claim in."""
        self.reasons[claim.id] = reason
        first = not self.claims
        self.claims.append(claim)
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
        if claim.background and not first:
            return
        self.first_on = min(self.first_on, claim.occurred_on)
        self.last_on = max(self.last_on, claim.occurred_on)
        moved = rules.transitions.get((self.status, claim.status))
        if first or moved in ("normal", "reopening"):
            self.status, self.status_on = claim.status, claim.occurred_on
