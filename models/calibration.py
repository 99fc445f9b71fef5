"""Whether a confidence means what it says: of deals with confidence 0.7, seven tenths of the facts should hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.evaluation import Json, deal_facts, match_deals, renamed_as_in


@dataclass(frozen=True, slots=True)
class Bin:
    """Deals of like confidence: how many, their mean confidence, and the share of their facts that hold."""

    deals: int
    confidence: float
    right: float


def told(gold: Iterable[Json], readings: Mapping[str, Json]) -> list[tuple[float, float]]:
    """Confidence of each deal that was read, and the share of its facts that the annotation holds too."""
    pairs = []
    for document in gold:
        found = renamed_as_in(document, readings.get(document["id"], {})).get("deals") or []
        facts = [deal_facts(deal) for deal in found]
        shares = {id(one): 0.0 for one in facts}
        for right, guess in match_deals([deal_facts(deal) for deal in document["deals"]], facts):
            if guess:
                shares[id(guess)] = len(right & guess) / len(guess)
        pairs += [(float(deal["confidence"]), shares[id(one)]) for deal, one in zip(found, facts, strict=True)]
    return pairs


def bins(pairs: Sequence[tuple[float, float]], count: int) -> list[Bin]:
    """``pairs`` in at most ``count`` bins that hold equally many deals (give or take one), by rising confidence."""
    ordered = sorted(pairs)
    edges = [round(len(ordered) * n / count) for n in range(count + 1)]
    parts = [ordered[low:high] for low, high in pairwise(edges) if high > low]
    return [Bin(len(part), _mean(c for c, _ in part), _mean(r for _, r in part)) for part in parts]


def calibration_error(found: Sequence[Bin]) -> float:
    """Mean distance of confidence and share over the bins, each weighing by its deals (Naeini and others 2015)."""
    total = sum(row.deals for row in found)
    return sum(row.deals * abs(row.confidence - row.right) for row in found) / total if total else 0.0


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)
