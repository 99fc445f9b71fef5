"""What grouping knows, read from ``models/data``: deal types, thresholds, the state machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.data_files import read_toml
from models.facts import DealType, Status
from pipeline.group.claims import Claim

Transition = Literal["normal", "reopening", "conflict"]


@dataclass(frozen=True, slots=True)
class TypeRule:
    """How a type of deal groups; the fields are explained in ``deal_types.toml``."""

    slug: str
    family: str
    related: frozenset[str]
    directed: bool
    window_days: int
    window_no_sum: int
    amend_days: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All thresholds in one place: tests may pass their own."""

    types: dict[DealType, TypeRule]
    ranks: dict[Status, int]
    transitions: dict[tuple[Status, Status], Transition]
    directness: dict[str, int]
    days: dict[str, int]
    limits: dict[str, float]
    sums: dict[str, float]
    reach: dict[str, tuple[float, float]]
    alone: frozenset[str]  # types of which a company has one at a time, so that its name alone tells the deal
    longest: int  # the longest window of all, in days

    def strength(self, claim: Claim) -> tuple[int, int]:
        """How much a claim weighs: tier, then directness; the lower the stronger."""
        return claim.tier, self.directness[claim.attribution]

    def order(self, claim: Claim) -> tuple[object, ...]:
        """Sorting key of the one order in which claims are told, whatever order they arrive in."""
        when = (claim.background, claim.occurred_on, self.ranks[claim.status])
        return *when, *self.strength(claim), claim.published_on, claim.id

    def gathering(self, claim: Claim) -> tuple[object, ...]:
        """Sorting key of the order in which claims are gathered: of one day and status, what tells most first.

        Thus a round comes before its tickets, and a mention without a sum can't take the place of the one with it.
        """
        when = (claim.background, claim.occurred_on, self.ranks[claim.status])
        usd = (claim.amount.usd or 0.0) if claim.amount else 0.0
        return *when, claim.amount is None, claim.type == "partnership", -usd, *self.order(claim)


@cache
def load_rules() -> Rules:
    """The rules of ``models/data``."""
    machine, grouping = read_toml("state_machine.toml"), read_toml("grouping.toml")
    types = {
        row["id"]: TypeRule(
            row["slug"], row["family"], frozenset(row["related"]), row["directed"],
            row["window_days"], row["window_no_sum"], row["amend_days"],
        )
        for row in read_toml("deal_types.toml")["deal_type"]
    }  # fmt: skip
    sums = dict(grouping["sums"])
    reach = {bound: (below, above) for bound, (below, above) in sums.pop("reach").items()}
    return Rules(
        types=types,
        ranks={status: rank for rank, status in enumerate(machine["statuses"])},
        transitions={(row["from"], row["to"]): row["kind"] for row in machine["transition"]},
        directness=machine["directness"],
        days=grouping["time"],
        limits=grouping["limits"],
        sums=sums,
        reach=reach,
        alone=frozenset(grouping["alone"]["types"]),
        longest=max(grouping["time"]["one_sided"], *(rule.window_days for rule in types.values())),
    )
