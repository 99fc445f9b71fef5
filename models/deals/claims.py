"""Sentence by sentence: which parties stand in one deal, in which roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.deals.context import Context
from models.deals.labels import MENTION_CLASSES, NONE, PAIR_CLASSES, SIDES
from models.deals.scoring import Scores, bystanders
from models.facts import Compute, DealAmount, DealType, PartyRole

Array = NDArray[np.float32]


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
    compute: Compute | None = None
    status: Array | None = None
    support: dict[str, float] = field(default_factory=dict)  # party to the probability of its best pair


@dataclass(frozen=True, slots=True)
class Edge:
    """Two mentions in one deal: ``active`` plays the first role of the type, ``passive`` the second."""

    type: DealType
    active: int
    passive: int
    probability: float


ByDeal = Callable[[Sequence[Edge]], list[list[Edge]]]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities below which nothing is claimed. Fitted on annotated articles."""

    pair: float = 0.15
    lone: float = 0.2
    lone_with_amount: float = 0.12
    party: float = 0.4
    claim: float = 0.33


# Which side names the deal: parties on the other side join it. Of types with both sides alike everybody joins.
ANCHOR_SIDE: dict[DealType, int] = {
    "equity_investment": 1,
    "acquisition": 1,
    "debt_financing": 1,
    "compute_contract": 1,
    "chip_supply": 1,
}


def edges(context: Context, scores: Scores, threshold: float) -> tuple[list[Edge], list[tuple[int, int, float]]]:
    """Related pairs of the document, and pairs that stand on one side of some deal.

    Two companies keep one reading throughout a document: the surest one, and of other readings those of another type
    that are sure by themselves in a sentence where the first is not.
    """
    found: list[tuple[int, int, Array]] = []
    for (i, j), logs in scores.pairs.items():
        chances = np.exp(_with_roles(logs, scores.mentions[i], scores.mentions[j]))
        chances /= chances.sum()
        if 1.0 - chances[0] >= threshold:
            found.append((i, j, chances))
    allowed = _readings(context, found)
    related: list[Edge] = []
    same: list[tuple[int, int, float]] = []
    for i, j, chances in found:
        one, two = context.mentions[i].id, context.mentions[j].id
        for way, score in _ways(chances):
            if _key(one, two, way) not in allowed[min(one, two), max(one, two)] or score < MINIMUM_SHARE:
                continue
            total = 1.0 - float(chances[0])
            if way == "same":
                same.append((i, j, total))
            else:
                kind: DealType = way[:-1]  # type: ignore[assignment]
                active, passive = (j, i) if way.endswith("<") else (i, j)
                related.append(Edge(kind, active, passive, total))
            break
    return related, same


MINIMUM_SHARE = 0.15  # of a pair's probability that its reading must hold
SECOND_READING = 0.5  # probability at which another type of deal between the same two companies counts
ROLE_WEIGHT = 0.5  # how much the two mentions' own roles say beside the pair

_FIRST_ROLE = np.array([-1] * len(PAIR_CLASSES))
_SECOND_ROLE = np.array([-1] * len(PAIR_CLASSES))
for _at, _name in enumerate(PAIR_CLASSES):
    if _name not in (NONE, "same"):
        _acts, _takes = ((_name[:-1], role) for role in SIDES[_name[:-1]])  # type: ignore[index]
        _pair = (_takes, _acts) if _name.endswith("<") else (_acts, _takes)
        _FIRST_ROLE[_at], _SECOND_ROLE[_at] = (MENTION_CLASSES.index(p) for p in _pair)


def _with_roles(logs: Array, one: Array, two: Array) -> Array:
    """Pair scores with what each mention's own scores say of the role that a class would give it."""
    yes_one, yes_two = -np.logaddexp(0, -one), -np.logaddexp(0, -two)
    no_one, no_two = -np.logaddexp(0, one.max()), -np.logaddexp(0, two.max())
    support = np.empty(len(PAIR_CLASSES), np.float32)
    for at, name in enumerate(PAIR_CLASSES):
        if name == NONE:
            support[at] = (no_one + no_two) / 2
        elif name == "same":
            support[at] = np.minimum(yes_one, yes_two).max()
        else:
            support[at] = (yes_one[_FIRST_ROLE[at]] + yes_two[_SECOND_ROLE[at]]) / 2
    return np.asarray(logs + ROLE_WEIGHT * support, np.float32)


def _ways(chances: Array) -> list[tuple[str, float]]:
    order = np.argsort(-chances[1:]) + 1
    return [(PAIR_CLASSES[at], float(chances[at])) for at in order[:3]]


def _key(one: str, two: str, way: str) -> str:
    """A reading of two companies that does not depend on which is named first."""
    if way.endswith((">", "<")) and one > two:
        return way[:-1] + ("<" if way.endswith(">") else ">")
    return way


def _readings(context: Context, found: list[tuple[int, int, Array]]) -> dict[tuple[str, str], set[str]]:
    """The readings that each pair of companies may have in this document."""
    totals: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    peaks: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for i, j, chances in found:
        one, two = context.mentions[i].id, context.mentions[j].id
        pair = (min(one, two), max(one, two))
        for way, score in _ways(chances):
            key = _key(one, two, way)
            totals[pair][key] += score
            peaks[pair][key] = max(peaks[pair].get(key, 0.0), score)
    allowed: dict[tuple[str, str], set[str]] = {}
    for pair, ways in totals.items():
        best = max(ways, key=lambda w: ways[w])
        kept = {best}
        for way, peak in peaks[pair].items():
            if peak >= SECOND_READING and all(way[:-1] != other[:-1] for other in kept) and way != "same":
                kept.add(way)
        allowed[pair] = kept
    return allowed


def pair_claims(
    context: Context, scores: Scores, related: list[Edge], same: list[tuple[int, int, float]], by_deal: ByDeal
) -> list[Claim]:
    """Claims from related pairs; ``by_deal`` tells which pairs of one type in one place are one deal."""
    places: dict[tuple[str, tuple[int, int]], list[Edge]] = defaultdict(list)
    for edge in related:
        places[edge.type, _place(context, edge)].append(edge)
    claims = [_claim(context, members) for edges in places.values() for members in by_deal(edges)]
    for claim in claims:
        _join_same_side(context, claim, same, scores)
    return claims


def _place(context: Context, edge: Edge) -> tuple[int, int]:
    """First and last sentence of an edge. What one sentence says is not mixed with what it says with its neighbour."""
    one, two = context.mentions[edge.active].sentence, context.mentions[edge.passive].sentence
    return min(one, two), max(one, two)


def _claim(context: Context, members: list[Edge]) -> Claim:
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
    return Claim(members[0].type, roles, sentences, max(weight.values()), used, support=weight)


JOINING = 0.3  # own probability of a role at which a mention joins the others on one side


def _join_same_side(context: Context, claim: Claim, same: list[tuple[int, int, float]], scores: Scores) -> None:
    for i, j, _ in same:
        one, two = context.mentions[i], context.mentions[j]
        if one.sentence not in claim.sentences or two.sentence not in claim.sentences:
            continue
        for known, new, number in ((one, two, j), (two, one, i)):
            if known.id in claim.roles and new.id not in claim.roles:
                role = claim.roles[known.id]
                if _chance(scores, number, claim.type, role) >= JOINING:
                    claim.roles[new.id] = role
                    claim.support[new.id] = _chance(scores, number, claim.type, role)
                    claim.mentions |= {i, j}


def _chance(scores: Scores, number: int, kind: DealType, role: PartyRole) -> float:
    return float(1.0 / (1.0 + np.exp(-scores.mentions[number][MENTION_CLASSES.index((kind, role))])))


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
        if mention.kind in bystanders():
            continue
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
