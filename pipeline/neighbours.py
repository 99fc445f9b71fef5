"""Which deals of the ledger grouping has to see for a batch of claims: what ``claims_of_neighbours`` is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pipeline.group import Claim, Rules
from pipeline.group.claims import SIDES
from pipeline.group.match import JOINED

# Deals silent for longer than any window are out of reach of news; a mention in passing may still look further back.
_REACH = timedelta(days=1100)


def ask(claims: Sequence[Claim], rules: Rules) -> dict[str, Any]:
    """Parameters of the query: each group of companies that each claim names, and the windows.

    ``claims`` are the new ones and those that were replaced; one at least. They go as one text, since DuckDB binds long
    lists value by value.
    """
    rows = [_row(number, claim, root) for number, claim in enumerate(claims) for root in sorted(claim.roots)]
    return {
        "asked": json.dumps(rows),
        "since": min(claim.occurred_on for claim in claims) - _REACH,
        "weeks": max(rules.days["joined_round"], rules.days["part"]),
        "longest": rules.longest,
        "widest": _widest(rules),
        "taking": [role for role, side in SIDES.items() if side == "passive"],
    }


def _row(number: int, claim: Claim, root: str) -> dict[str, Any]:
    gives = bool(claim.sides["active"] or claim.sides["both"])
    stated = claim.amount is not None or claim.gigawatts is not None or claim.units is not None
    return {
        "claim": number, "root": root, "takes": root in claim.sides["passive"], "lone": len(claim.roots) == 1,
        "giverless": not gives, "joins": claim.type in JOINED and stated, "background": claim.background,
        "type": claim.type, "occurred_on": claim.occurred_on.isoformat(),
        "usd": claim.amount.usd if claim.amount else None,
    }  # fmt: skip


def _widest(rules: Rules) -> float:
    """How many times larger one of two sums may be that still agree: bounds, rounding and conversion at their most."""
    below, above = (max(side) for side in zip(*rules.reach.values(), strict=True))
    slack = max(rules.sums["tolerance"], rules.sums["fx_tolerance"]) / 2
    return float((1 + above) / (1 - below) * (1 + slack) / (1 - slack))
