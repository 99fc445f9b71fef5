"""Scores of what mentions are and how they relate, from the linear models and, where it is loaded, the transformer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.data_files import read_toml
from models.deals import linear
from models.deals.context import Context
from models.deals.features import mention_features, pair_features
from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, NONE, PAIR_CLASSES, SIDES
from models.deals.statement_features import amount_features, sentence_features
from models.facts import Amount

BARRED = -12.0  # log-probability of what cannot be
MAX_APART = 1  # sentences between two mentions that are scored as a pair

Array = NDArray[np.float32]


class SecondOpinion(Protocol):
    """What the transformer adds. Log-probabilities over the same classes, or None where it did not see the mentions."""

    def pair(self, one: int, two: int) -> Array | None:
        """Over ``PAIR_CLASSES`` for mentions number ``one`` and ``two``."""

    def mention(self, number: int) -> Array | None:
        """Log-odds over ``MENTION_CLASSES``."""

    def status(self, numbers: tuple[int, ...]) -> Array | None:
        """Over ``STATUSES`` for a deal whose parties are these mentions."""

    def amount(self, start: int) -> Array | None:
        """Over ``AMOUNT_ROLES`` for the sum that starts there."""

    def amount_links(self, numbers: Sequence[int], start: int) -> list[float]:
        """Log-odds, for each of the mentions, that the sum that starts there heads a deal of the mention's."""


@dataclass(slots=True)
class Scores:
    """All scores of one document. Pairs and mentions are keyed by numbers into ``context.mentions``."""

    pairs: dict[tuple[int, int], Array] = field(default_factory=dict)
    mentions: list[Array] = field(default_factory=list)
    linear: dict[tuple[int, int], float] = field(default_factory=dict)  # probability of any relation, each by itself
    neural: dict[tuple[int, int], float] = field(default_factory=dict)


@cache
def bystanders() -> frozenset[str]:
    """Kinds of organisations that are no party to deals."""
    return frozenset(read_toml("party_kinds.toml")["bystanders"])


@cache
def _never(kind: str) -> frozenset[str]:
    """Roles that an organisation of this kind never has."""
    return frozenset(read_toml("party_kinds.toml")["never"].get(kind, ()))


@cache
def _barred_roles(kind: str) -> tuple[int, ...]:
    """Numbers of the mention classes that organisations of this kind never have."""
    return tuple(at for at, (_, role) in enumerate(MENTION_CLASSES) if role in _never(kind))


@cache
def _barred(one: str, two: str) -> tuple[int, ...]:
    """Numbers of the pair classes that organisations of two kinds, in text order, never have."""
    found = []
    for at, name in enumerate(PAIR_CLASSES):
        if name in (NONE, "same"):
            continue
        acts, takes = SIDES[name[:-1]]  # type: ignore[index]
        first, second = (takes, acts) if name.endswith("<") else (acts, takes)
        if first in _never(one) or second in _never(two):
            found.append(at)
    return tuple(found)


def _possible(logs: Array, one: str, two: str) -> Array:
    """Pair scores in which what is barred counts as no relation."""
    barred = list(_barred(one, two))
    if barred:
        logs = logs.copy()
        logs[0] = np.logaddexp.reduce(logs[[0, *barred]])
        logs[barred] = BARRED
    return logs


def near_pairs(context: Context) -> Iterator[tuple[int, int]]:
    """Numbers of mentions of different companies that stand close enough to be scored, in text order.

    A virtual mention pairs with the real ones of its own sentence only, and stands first.
    """
    mentions = context.mentions
    outside = bystanders()
    for i, one in enumerate(mentions):
        if one.kind in outside:
            continue
        if one.virtual:
            near = ((i, j) for j in context.by_sentence[one.sentence] if mentions[j].id != one.id)
            yield from (pair for pair in near if mentions[pair[1]].kind not in outside)
            continue
        for j in range(i + 1, len(mentions)):
            two = mentions[j]
            if two.virtual or two.sentence - one.sentence > MAX_APART:
                break
            if one.id != two.id and two.kind not in outside:
                yield i, j


def far_pairs(context: Context, scored: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Numbers of mentions of different companies too far apart for the linear models, in text order.

    Left out are companies of which mentions were ``scored`` near each other: what they are to each other is read there.
    """
    mentions, outside = context.mentions, bystanders()
    near = {frozenset((mentions[i].id, mentions[j].id)) for i, j in scored if not mentions[i].virtual}
    real = [i for i, m in enumerate(mentions) if not m.virtual and m.kind not in outside]
    for at, i in enumerate(real):
        for j in real[at + 1 :]:
            one, two = mentions[i], mentions[j]
            if one.id != two.id and two.sentence - one.sentence > MAX_APART and {one.id, two.id} not in near:
                yield i, j


def _log(scores: Array) -> Array:
    return np.asarray(scores - np.log(np.exp(scores - scores.max()).sum()) - scores.max(), dtype=np.float32)


def score(context: Context, models: Mapping[str, linear.Linear], second: SecondOpinion | None, weight: float) -> Scores:
    """Log-probabilities of pair classes and log-odds of mention classes; ``weight`` is the transformer's share."""
    result = Scores()
    mentions = context.mentions
    for i, j in near_pairs(context):
        own = _log(models["pair"].scores(pair_features(context, mentions[i], mentions[j])))
        other = second.pair(i, j) if second else None
        mixed = own if other is None else (1 - weight) * own + weight * other
        result.pairs[i, j] = _possible(mixed, mentions[i].kind, mentions[j].kind)
        result.linear[i, j] = 1.0 - float(np.exp(own[0]))
        if other is not None:
            result.neural[i, j] = 1.0 - float(np.exp(other[0]))
    if second:
        for i, j in far_pairs(context, list(result.pairs)):
            other = second.pair(i, j)
            if other is not None:
                result.pairs[i, j] = _possible(other, mentions[i].kind, mentions[j].kind)
                result.neural[i, j] = 1.0 - float(np.exp(other[0]))
    for i, mention in enumerate(mentions):
        own = models["mention"].scores(mention_features(context, mention))
        other = second.mention(i) if second else None
        odds = np.array(own if other is None else (1 - weight) * own + weight * other, np.float32)
        odds[list(_barred_roles(mention.kind))] = BARRED
        result.mentions.append(odds)
    assert all(len(row) == len(PAIR_CLASSES) for row in result.pairs.values())  # noqa: S101
    return result


def status_scores(context: Context, models: Mapping[str, linear.Linear], number: int, focus: int, kind: str) -> Array:
    """Log-probabilities over ``STATUSES`` of what sentence ``number`` says near ``focus`` of a ``kind`` of deal."""
    features = list(sentence_features(context, number, focus))
    return _log(models["status"].scores([*features, f"s:type={kind}", *(f"{f}|t={kind}" for f in features)]))


def amount_role_scores(
    context: Context, models: Mapping[str, linear.Linear], amount: Amount, second: SecondOpinion | None, weight: float
) -> dict[str, float]:
    """Log-probability of each role of one sum."""
    own = _log(models["amount"].scores(amount_features(context, amount)))
    other = second.amount(amount.start) if second else None
    mixed = own if other is None else (1 - weight) * own + weight * other
    return dict(zip(AMOUNT_ROLES, map(float, mixed), strict=True))
