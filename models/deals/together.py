"""Which pairs that share a company tell of one deal: the investors of one round, or those of two rounds.

A judge (see :mod:`models.deals.judge`) weighs each two pairs of one type in one place; pairs are then joined by average
linkage, the likeliest first, as long as the mean probability across is at least :data:`TOGETHER`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np

from models.deals.claims import ANCHOR_SIDE, Array, Edge
from models.deals.context import Context, Mention
from models.deals.judge import LIMIT, Features, Judge, logit
from models.deals.labels import PAIR_CLASSES
from models.deals.scoring import Scores, SecondOpinion

TOGETHER = 0.4  # fitted on articles that no model was trained on
_SAME = PAIR_CLASSES.index("same")
_LIST_GAP = 40  # code points between two names of a list
_CLAUSE_MARKS = ",;:，；、。."
Chances = Mapping[tuple[int, int], float]  # by the pairs' numbers, the lower first


def groups(
    context: Context, scores: Scores, second: SecondOpinion | None, edges: Sequence[Edge], judge: Judge
) -> list[list[Edge]]:
    """``edges`` (of one type in one place) by deal. Edges between the same two companies stay together."""
    companies = between_companies(context, edges)
    surest = [max(row, key=lambda edge: edge.probability) for row in companies]
    chances = {
        (i, j): judge.probability(together_features(context, scores, second, surest[i], surest[j]))
        for i, j in comparable(context, surest)
    }
    return [[edge for i in members for edge in companies[i]] for members in _linked(len(surest), chances)]


def between_companies(context: Context, edges: Sequence[Edge]) -> list[list[Edge]]:
    """Edges by the two companies that they link, and by direction where the type has one."""
    rows: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        one, two = context.mentions[edge.active].id, context.mentions[edge.passive].id
        key = (one, two) if edge.type in ANCHOR_SIDE else (min(one, two), max(one, two))
        rows.setdefault(key, []).append(edge)
    return list(rows.values())


def comparable(context: Context, edges: Sequence[Edge]) -> Iterator[tuple[int, int]]:
    """Numbers of edges that may be of one deal: those that share the company which names it."""
    for i, j in combinations(range(len(edges)), 2):
        if _shared(context, edges[i], edges[j]) is not None:
            yield i, j


def _shared(context: Context, one: Edge, two: Edge) -> tuple[int, int, int, int] | None:
    """Mentions of the shared company and of the other one in ``one``, then in ``two``."""
    side = ANCHOR_SIDE.get(one.type)
    sides = list(product((0, 1), repeat=2)) if side is None else [(side, side)]
    first, second = (one.active, one.passive), (two.active, two.passive)
    names = [tuple(context.mentions[n].id for n in ends) for ends in (first, second)]
    for a, b in sides:
        if names[0][a] == names[1][b] and names[0][1 - a] != names[1][1 - b]:
            return first[a], first[1 - a], second[b], second[1 - b]
    return None


def together_features(context: Context, scores: Scores, second: SecondOpinion | None, one: Edge, two: Edge) -> Features:
    """What speaks for two :func:`comparable` edges being one deal."""
    found = _shared(context, one, two)
    assert found is not None  # noqa: S101
    anchor, left, other_anchor, right = found
    low, high = sorted((context.mentions[left], context.mentions[right]), key=lambda mention: mention.start)
    sums = [amount for row in context.amounts[low.sentence : high.sentence + 1] for amount in row]
    middle = context.mentions[anchor]
    features: Features = {
        "cut": float(np.log1p(sum(low.end <= amount.start < high.start for amount in sums))),
        "sums": float(np.log1p(len(sums))),
        "anchor between": float(low.end <= middle.start < high.start),
        "one anchor": float(anchor == other_anchor),
        "least": logit(min(one.probability, two.probability)),
        "most": logit(max(one.probability, two.probability)),
        f"type={one.type}": 1.0,
    }
    features |= _way(context, low, high)
    features |= _kinship(scores.pairs.get((min(left, right), max(left, right))))
    if second:
        features |= _statuses(second, (anchor, left), (other_anchor, right))
        features |= _sums(second, left, right, [amount.start for amount in sums])
    return features


def _way(context: Context, low: Mention, high: Mention) -> Features:
    """What lies between the two companies that are not shared."""
    text = context.text[low.end : high.start]
    names = sum(not m.virtual and low.end <= m.start < high.start for m in context.mentions)
    alike = low.function == high.function
    return {
        "listed": float(low.sentence == high.sentence and alike and len(text) < _LIST_GAP and not names),
        "function": float(alike),
        "gap": float(np.log1p(len(text))),
        "names": float(np.log1p(names)),
        "clauses": float(sum(text.count(mark) for mark in _CLAUSE_MARKS)),
        "sentences": float(high.sentence - low.sentence),
    }


def _kinship(logs: Array | None) -> Features:
    """What the pair models say of the two companies that are not shared."""
    if logs is None:
        return {"unknown": 1.0}
    chances = np.exp(logs) / np.exp(logs).sum()
    return {"same": logit(float(chances[_SAME])), "related": logit(1.0 - float(chances[0]))}


def _statuses(second: SecondOpinion, one: tuple[int, int], two: tuple[int, int]) -> Features:
    first, other = second.status(one), second.status(two)
    if first is None or other is None:
        return {}
    apart = float(np.abs(np.exp(first) - np.exp(other)).sum()) / 2
    return {"status apart": apart, "status": float(first.argmax() == other.argmax())}


def _sums(second: SecondOpinion, left: int, right: int, starts: Sequence[int]) -> Features:
    """Whether the likeliest sum of the one is that of the other."""
    if not starts:
        return {}
    (one, where), (two, there) = (
        max((max(second.amount_links([number], start), default=-LIMIT), start) for start in starts)
        for number in (left, right)
    )
    both = min(one, two) > 0
    return {
        "one sum": float(both and where == there),
        "two sums": float(both and where != there),
        "sum for one": float((one > 0) != (two > 0)),
    }


def _linked(count: int, chances: Chances) -> list[list[int]]:
    """Average linkage over the numbers below ``count``; what is not comparable says nothing."""
    members = [[number] for number in range(count)]
    while True:
        best, pair = TOGETHER, None
        for x, y in combinations(range(len(members)), 2):
            across = [chances[key] for i, j in product(members[x], members[y])
                      if (key := (min(i, j), max(i, j))) in chances]  # fmt: skip
            if across and (mean := sum(across) / len(across)) >= best:
                best, pair = mean, (x, y)
        if pair is None:
            return members
        members[pair[0]] += members.pop(pair[1])
