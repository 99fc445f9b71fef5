"""Grouping: linked claims + known deals + now → decisions. Pure: no database, no clock, no network."""

from pipeline.group.claims import (
    Claim,
    ClaimAmount,
    ClaimParty,
    Decision,
    Event,
    KnownDeal,
    Outcome,
    SettledDeal,
)
from pipeline.group.decide import group
from pipeline.group.rules import Rules, load_rules

__all__ = [
    "Claim", "ClaimAmount", "ClaimParty", "Decision", "Event", "KnownDeal", "Outcome", "Rules", "SettledDeal",
    "group", "load_rules",
]  # fmt: skip
