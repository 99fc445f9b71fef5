"""The classes that the deal engine's models choose among."""

from __future__ import annotations

from typing import Final

from models.facts import DealType, PartyRole

# Roles of the two sides of each deal type; the first acts on the second. One role twice: both sides alike.
SIDES: Final[dict[DealType, tuple[PartyRole, PartyRole]]] = {
    "equity_investment": ("investor", "investee"),
    "acquisition": ("acquirer", "target"),
    "compute_contract": ("provider", "customer"),
    "chip_supply": ("provider", "customer"),
    "debt_financing": ("lender", "borrower"),
    "infrastructure": ("partner", "partner"),
    "partnership": ("partner", "partner"),
    "public_offering": ("issuer", "issuer"),
}

# What one mention is in its sentence: type and role.
MENTION_CLASSES: Final[tuple[tuple[DealType, PartyRole], ...]] = tuple(
    dict.fromkeys((kind, role) for kind, sides in SIDES.items() for role in sides)
)

# What two mentions are to each other, in text order: ``type>`` the first acts on the second, ``type<`` the reverse,
# ``type=`` both sides alike, ``same:type`` they stand on one side of a deal.
NONE: Final = "none"
PAIR_CLASSES: Final[tuple[str, ...]] = (
    NONE,
    *(f"{kind}{way}" for kind, (a, b) in SIDES.items() if a != b for way in "><"),
    "infrastructure=",
    "partnership=",
    "same",
)
STATUSES: Final = ("in_talks", "announced", "completed", "ended")
AMOUNT_ROLES: Final = (
    "investment", "contract", "acquisition", "valuation", "debt", "capex", "revenue", "conversion", "other",
)  # fmt: skip


def pair_class(kind: str, first_role: str, second_role: str) -> str:
    """Class of two parties of one deal, given the roles of the one named first and of the other."""
    if first_role == second_role:
        return f"{kind}=" if first_role == "partner" else "same"
    acts, _ = SIDES[kind]  # type: ignore[index]
    return f"{kind}>" if first_role == acts else f"{kind}<"
