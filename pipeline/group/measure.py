"""How well a grouping agrees with an annotated one: B³ and pairwise precision, recall and F1.

B³ after Bagga and Baldwin, "Algorithms for scoring coreference chains" (1998): each claim is scored by the share of its
found group that belongs there (precision) and of its true group that was found (recall); the mean over all claims is
the figure. The pairwise measure counts pairs of claims in one deal: deals told once weigh nothing in it.
A claim that no deal was found for stands alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import comb
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Disagreement(Generic[Key]):
    """Claims of several true deals in one found deal (``mixed``), or of one true deal in several found (``split``).

    ``name`` is the found deal where mixed, the true one where split; ``parts`` are the claims by the deal of the other.
    """

    kind: str
    name: str
    parts: Mapping[str, tuple[Key, ...]]


def b_cubed(true: Mapping[Key, str], found: Mapping[Key, str | None]) -> Score:
    """Score ``found`` deals by claim against ``true`` ones.

    Raises:
        ValueError: no claim is annotated, or the two speak of different claims.
    """
    pairs = _paired(true, found)
    true_sizes, found_sizes, both = _sizes(pairs)
    precision = sum(both[one, other] / found_sizes[other] for one, other in pairs.values())
    recall = sum(both[one, other] / true_sizes[one] for one, other in pairs.values())
    return Score(precision / len(pairs), recall / len(pairs))


def pairwise(true: Mapping[Key, str], found: Mapping[Key, str | None]) -> Score:
    """Score the pairs of claims that share a deal; where there are none to find, or none found, that share is 1.

    Raises:
        ValueError: no claim is annotated, or the two speak of different claims.
    """
    true_sizes, found_sizes, both = _sizes(_paired(true, found))
    hits, wanted, claimed = (sum(comb(size, 2) for size in sizes.values()) for sizes in (both, true_sizes, found_sizes))
    return Score(hits / claimed if claimed else 1.0, hits / wanted if wanted else 1.0)


def disagreements(true: Mapping[Key, str], found: Mapping[Key, str | None]) -> list[Disagreement[Key]]:
    """All found deals that mix true ones, then all true deals that are split."""
    pairs = _paired(true, found)
    mixed = _several(pairs, of=1, by=0)
    split = _several(pairs, of=0, by=1)
    return [Disagreement("mixed", name, parts) for name, parts in mixed] + [
        Disagreement("split", name, parts) for name, parts in split
    ]


def _paired(true: Mapping[Key, str], found: Mapping[Key, str | None]) -> dict[Key, tuple[str, str]]:
    if not true:
        raise ValueError("no claim is annotated: there is nothing to score")
    if odd := set(true) ^ set(found):
        some = ", ".join(sorted(str(key) for key in odd)[:5])
        raise ValueError(f"{len(odd)} claims are annotated or grouped, but not both: {some}")
    alone = ((key, f"\0alone {number}") for number, key in enumerate(found))
    return {key: (true[key], found[key] or name) for key, name in alone}


def _sizes(
    pairs: Mapping[Key, tuple[str, str]],
) -> tuple[Counter[str], Counter[str], Counter[tuple[str, str]]]:
    values = list(pairs.values())
    return Counter(one for one, _ in values), Counter(other for _, other in values), Counter(values)


def _several(
    pairs: Mapping[Key, tuple[str, str]], of: int, by: int
) -> Iterable[tuple[str, dict[str, tuple[Key, ...]]]]:
    groups: dict[str, dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for key, names in pairs.items():
        groups[names[of]][names[by]].append(key)
    for name, parts in sorted(groups.items()):
        if len(parts) > 1:
            yield name, {other: tuple(keys) for other, keys in parts.items()}
