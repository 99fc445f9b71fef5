"""Readable ids of deals: who, to whom, what, since when. Once given an id never changes."""

from __future__ import annotations

from collections.abc import Container

from pipeline.group.claims import Claim, Side
from pipeline.group.rules import Rules

_ORDER: tuple[Side, ...] = ("active", "passive", "both")
_SHOWN = 2  # parties of one side that an id names; a round of ten would be unreadable


def deal_id(claims: list[Claim], rules: Rules, taken: Container[str]) -> str:
    """``amazon-openai-equity-2025-12`` for the first claim; ``-2``, ``-3`` … where that is taken.

    The active side comes first, then the passive one; partners stand in alphabetical order.
    """
    first = claims[0]
    names: list[str] = []
    for side in _ORDER:
        ids = sorted(party.id.lstrip("~") for party in first.parties if party.side == side)
        names += [name for name in ids[:_SHOWN] if name not in names]
    stem = "-".join([*names, rules.types[first.type].slug, f"{first.occurred_on:%Y-%m}"]).replace(" ", "-")
    number, candidate = 1, stem
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate
