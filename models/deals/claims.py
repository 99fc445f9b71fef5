"""Sentence by sentence: which parties stand in one deal, in which roles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from models.deals.context import Context
from models.deals.labels import MENTION_CLASSES, NONE, PAIR_CLASSES, SIDES
from models.deals.scoring import Scores
from models.facts import DealAmount, DealType, PartyRole


@dataclass(slots=True)
class Claim:
    """A deal as one sentence, or two neighbours, state it. ``score`` is the probability that it stands there."""

    type: DealType
    roles: dict[str, PartyRole]
    sentences: set[int]
    score: float
    mentions: set[int] = field(default_factory=set)
    amount: DealAmount | None = None
    amount_strength: float = 0.0
    chips: tuple[str, ...] = ()
    status: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Two mentions in one deal: ``active`` plays the first role of the type, ``passive`` the second."""

    type: DealType
    active: int
    passive: int
    probability: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities below which nothing is claimed. Fitted on annotated articles."""

    pair: float = 0.5
    lone: float = 0.6
    lone_with_amount: float = 0.4


# Which side names the deal: parties on the other side join it. Of types with both sides alike everybody joins.
ANCHOR_SIDE: dict[DealType, int] = {
    "equity_investment": 1,
    "acquisition": 1,
    "debt_financing": 1,
    "compute_contract": 1,
    "chip_supply": 1,
}


def edges(context: Context, scores: Scores, threshold: float) -> tuple[list[Edge], list[tuple[int, int, float]]]:
    """Related pairs of the document, and pairs that stand on one side of some deal."""
    related: list[Edge] = []
    same: list[tuple[int, int, float]] = []
    for (i, j), logs in scores.pairs.items():
        probabilities = np.exp(logs)
        probabilities /= probabilities.sum()
        chance = 1.0 - float(probabilities[PAIR_CLASSES.index(NONE)])
        if chance < threshold:
            continue
        best = PAIR_CLASSES[1 + int(probabilities[1:].argmax())]
        if best == "same":
            same.append((i, j, chance))
            continue
        kind: DealType = best[:-1]  # type: ignore[assignment]
        active, passive = (j, i) if best.endswith("<") else (i, j)
        related.append(Edge(kind, active, passive, chance))
    return related, same


def pair_claims(context: Context, related: list[Edge], same: list[tuple[int, int, float]]) -> list[Claim]:
    """Claims from related pairs: pairs of one type that share their anchor in one place are one claim."""
    groups: dict[tuple[str, str, int], list[Edge]] = defaultdict(list)
    for edge in related:
        place = max(context.mentions[edge.active].sentence, context.mentions[edge.passive].sentence)
        if edge.type in ANCHOR_SIDE:
            anchor = context.mentions[edge.passive if ANCHOR_SIDE[edge.type] else edge.active].id
            groups[edge.type, anchor, place].append(edge)
        else:
            groups[edge.type, _component(context, edge, related, place), place].append(edge)
    claims = [_claim(context, members, place) for (_, _, place), members in groups.items()]
    for claim in claims:
        _join_same_side(context, claim, same)
    return claims


def _component(context: Context, edge: Edge, related: list[Edge], place: int) -> str:
    """Smallest id of all parties linked with ``edge`` by pairs of its type in the same place."""
    ids = {context.mentions[edge.active].id, context.mentions[edge.passive].id}
    grown = True
    while grown:
        grown = False
        for other in related:
            pair = {context.mentions[other.active].id, context.mentions[other.passive].id}
            where = max(context.mentions[other.active].sentence, context.mentions[other.passive].sentence)
            if other.type == edge.type and where == place and pair & ids and not pair <= ids:
                ids |= pair
                grown = True
    return min(ids)


def _claim(context: Context, members: list[Edge], place: int) -> Claim:
    first, second = SIDES[members[0].type]
    roles: dict[str, PartyRole] = {}
    weight: dict[str, float] = {}
    used: set[int] = set()
    for edge in sorted(members, key=lambda e: -e.probability):
        for number, role in ((edge.active, first), (edge.passive, second)):
            party = context.mentions[number].id
            if weight.get(party, 0.0) < edge.probability:
                roles[party], weight[party] = role, edge.probability
            used.add(number)
    sentences = {context.mentions[number].sentence for number in used}
    return Claim(members[0].type, roles, sentences | {place}, max(e.probability for e in members), used)


def _join_same_side(context: Context, claim: Claim, same: list[tuple[int, int, float]]) -> None:
    for i, j, _ in same:
        one, two = context.mentions[i], context.mentions[j]
        if one.sentence not in claim.sentences or two.sentence not in claim.sentences:
            continue
        for known, new in ((one, two), (two, one)):
            if known.id in claim.roles and new.id not in claim.roles:
                claim.roles[new.id] = claim.roles[known.id]
                claim.mentions |= {i, j}


LONE_ROLES: dict[tuple[DealType, PartyRole], bool] = {
    # role: whether a sum must stand beside it
    ("public_offering", "issuer"): False,
    ("equity_investment", "investee"): True,
    ("debt_financing", "borrower"): True,
    ("infrastructure", "partner"): False,
    ("acquisition", "target"): True,
    ("acquisition", "acquirer"): True,
    ("chip_supply", "customer"): True,
    ("compute_contract", "provider"): True,
    ("compute_contract", "customer"): True,
    ("chip_supply", "provider"): True,
    ("equity_investment", "investor"): True,
}


def lone_claims(context: Context, scores: Scores, taken: list[Claim], thresholds: Thresholds) -> list[Claim]:
    """Claims with one party: offerings, rounds and loans with unnamed givers, a company's own building project."""
    busy = {(c.type, party, s) for c in taken for party in c.roles for s in c.sentences}
    best: dict[tuple[DealType, str, int], Claim] = {}
    for number, mention in enumerate(context.mentions):
        odds = scores.mentions[number]
        for (kind, role), needs_amount in LONE_ROLES.items():
            at = MENTION_CLASSES.index((kind, role))
            chance = float(1.0 / (1.0 + np.exp(-odds[at])))
            has_amount = bool(context.amounts[mention.sentence])
            if needs_amount and not has_amount:
                continue
            if chance < (thresholds.lone_with_amount if has_amount else thresholds.lone):
                continue
            key = (kind, mention.id, mention.sentence)
            if key in busy or (key in best and best[key].score >= chance):
                continue
            best[key] = Claim(kind, {mention.id: role}, {mention.sentence}, chance, {number})
    return list(best.values())
