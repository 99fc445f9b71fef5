"""Which drafts a claim may fit, by index: a superset of those that :func:`pipeline.group.match.match` accepts.

Two deals of one pair of companies are few, deals of one company are not. So drafts are found by pair; by one company
only where the rules let one suffice: both name but that one (then the type is the same), or it is the taker of a round
that other givers join within weeks.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, combinations

from models.facts import DealType
from pipeline.group.claims import Claim
from pipeline.group.draft import Draft
from pipeline.group.match import JOINED
from pipeline.group.rules import Rules

_Found = set[int]
_NONE: _Found = set()


class Candidates:
    """Numbers of drafts by what a claim has to share with them. A draft only ever grows, so nothing is taken out."""

    def __init__(self, rules: Rules) -> None:
        self._span = max(1, rules.days["joined_round"])  # days to a season
        self._by_root: dict[str, _Found] = defaultdict(set)
        self._by_pair: dict[tuple[str, str], _Found] = defaultdict(set)
        self._by_kind: dict[tuple[str, DealType], _Found] = defaultdict(set)
        self._lone: dict[tuple[str, DealType], _Found] = defaultdict(set)  # name but one company
        self._takers: dict[str, _Found] = defaultdict(set)
        self._giverless: dict[str, _Found] = defaultdict(set)
        self._by_season: dict[tuple[str, int], _Found] = defaultdict(set)

    def put(self, number: int, draft: Draft) -> None:
        """Index a draft after it took a claim in."""
        for pair in combinations(sorted(draft.roots), 2):
            self._by_pair[pair].add(number)
        for root in draft.roots:
            self._by_root[root].add(number)
            for kind in draft.types:
                self._by_kind[root, kind].add(number)
                if len(draft.roots) == 1:
                    self._lone[root, kind].add(number)
        seasons = range(draft.first_on.toordinal() // self._span, draft.last_on.toordinal() // self._span + 1)
        for taker in draft.passive:
            self._takers[taker].add(number)
            if not draft.active:
                self._giverless[taker].add(number)
            for season in seasons:
                self._by_season[taker, season].add(number)

    def near(self, claim: Claim) -> list[int]:
        """Drafts worth a comparison, in the order of their making."""
        if len(claim.roots) == 1:
            return sorted(_NONE.union(*(self._by_kind.get((root, claim.type), _NONE) for root in claim.roots)))
        pairs = (self._by_pair.get(pair, _NONE) for pair in combinations(sorted(claim.roots), 2))
        lone = (self._lone.get((root, claim.type), _NONE) for root in claim.roots)
        takers = (self._of_taker(claim, taker) for taker in claim.sides["passive"])
        return sorted(_NONE.union(*chain(pairs, lone, takers)))

    def _of_taker(self, claim: Claim, taker: str) -> _Found:
        """Drafts in which the same company gets something from others than the claim names, or from nobody named."""
        if not claim.sides["active"] or (claim.type in JOINED and claim.background):
            return self._takers.get(taker, _NONE)
        found = self._giverless.get(taker, _NONE)
        if claim.type not in JOINED:
            return found
        season = claim.occurred_on.toordinal() // self._span
        return found.union(*(self._by_season.get((taker, near), _NONE) for near in range(season - 1, season + 2)))

    def sharing(self, claim: Claim) -> int:
        """How many drafts share a company with a claim."""
        roots = sorted(claim.roots)
        if len(roots) == 2:
            both = self._by_pair.get((roots[0], roots[1]), _NONE)
            return sum(len(self._by_root.get(root, _NONE)) for root in roots) - len(both)
        return len(_NONE.union(*(self._by_root.get(root, _NONE) for root in roots)))
