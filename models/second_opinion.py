"""The transformer beside the precision layer: names that no row knows, and its view of pairs, roles and sums."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.deals.context import Context

_LOG = logging.getLogger(__name__)
ORG_THRESHOLD = 0.92
LEAST_WEIGHT = 1e-3  # of a pair that is surely unrelated
NOT_SEEN = -19.0  # the tagger gives less where no window holds both

Array = NDArray[np.float32]


def load_tagger() -> Any:
    """The fine-tuned tagger, or None with a warning where its artefact is not there."""
    if not (files("models") / "tagger" / "artefact" / "config.json").is_file():
        _LOG.warning("reading without the transformer: models/tagger/artefact is empty; see models/tagger/README.md")
        return None
    from models.tagger.inference import Tagger

    return Tagger.load()


class Opinion:
    """What the tagger says of one document; a :class:`models.deals.scoring.SecondOpinion` once it knows the context."""

    def __init__(self, tagger: Any, encoded: Any) -> None:
        self._tagger, self._encoded = tagger, encoded
        self.tagged = tuple(
            (span.start, span.end)
            for span in tagger.tag(encoded)
            if span.label == "ORG" and span.score >= ORG_THRESHOLD
        )

    def about(self, context: Context) -> Related:
        """Relations between the mentions of ``context``."""
        orgs = [(m.start, m.end) for m in context.mentions]
        amounts = [(a.start, a.end) for row in context.amounts for a in row]
        relations = self._tagger.relate(self._encoded, orgs, amounts)
        return Related(relations, {start: at for at, (start, _) in enumerate(amounts)})


@dataclass(frozen=True, slots=True)
class Related:
    """The tagger's figures by number of mention, for the deal engine."""

    relations: Any
    amount_at: dict[int, int]

    def pair(self, one: int, two: int) -> Array | None:
        """Log-probabilities of the pair classes."""
        found: Array | None = self.relations.pairs.get((one, two))
        return found

    def mention(self, number: int) -> Array | None:
        """Log-odds of the mention classes."""
        return np.asarray(self.relations.roles[number], np.float32)

    def status(self, numbers: tuple[int, ...]) -> Array | None:
        """Log-probabilities of the statuses: of the pairs among the mentions, the likelier related the more.

        Where no two of them were judged as a pair, the mean over the mentions.
        """
        if not numbers:
            return None
        pairs = [key for key in combinations(sorted(numbers), 2) if key in self.relations.pair_status]
        if not pairs:
            return np.asarray(self.relations.status[list(numbers)].mean(axis=0), np.float32)
        related = [1.0 - float(np.exp(self.relations.pairs[key][0])) + LEAST_WEIGHT for key in pairs]
        rows = [self.relations.pair_status[key] for key in pairs]
        return np.asarray(np.average(rows, axis=0, weights=related), np.float32)

    def amount(self, start: int) -> Array | None:
        """Log-probabilities of the roles of the sum that starts at ``start``."""
        at = self.amount_at.get(start)
        return None if at is None else np.asarray(self.relations.amount_roles[at], np.float32)

    def amount_links(self, numbers: Sequence[int], start: int) -> list[float]:
        """Log-odds that the sum heads a deal of each mention; none where no window holds both."""
        table, at = self.relations.amount_links, self.amount_at.get(start)
        return [] if at is None else [float(table[n, at]) for n in numbers if table[n, at] > NOT_SEEN]


def opinions(tagger: Any, texts: Sequence[str], lang: str, title_ends: Sequence[int]) -> list[Opinion]:
    """One opinion a text of one language; one pass of the encoder over all of them."""
    return [Opinion(tagger, encoded) for encoded in tagger.encode(texts, [lang] * len(texts), title_ends)]
