"""How well readings agree with annotated documents, per language.

Both sides are JSON objects: gold as annotators write it (``id``, ``lang``, ``orgs``, ``chips``, ``amounts``,
``deals``, optional ``surfaces``), a reading as :meth:`models.facts.Reading.to_json` gives it.
All figures are micro-averages over documents:

- ``orgs``, ``chips``: F1 of the ids of a document; subsidiaries count as their parent.
- ``amounts``: F1 of (value, value_max, currency). ``roles``: share of the amounts found whose role is right.
- ``pairs``: F1 of deals, each as the set of its parties.
- ``facts``: F1 of single facts of deals (type, status, sum, each party with its role, each chip), where each deal
  found is compared with at most one gold deal, chosen greedily by facts in common among those that share a party.
- ``strict``: F1 of whole deals: type, status, sum, parties and roles.
- ``quiet``: share of the documents without a deal in which none is found.

A company that no row knows has no canonical id; ``surfaces`` (id to names as written) says which entity stands for it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
Facts = frozenset[tuple[Hashable, ...]]

MEASURES = ("orgs", "chips", "amounts", "roles", "pairs", "facts", "strict", "quiet")
_SHARES = frozenset({"roles", "quiet"})
# Units of one group that annotators and gazetteers name apart, and older names of a company.
_GROUPS = {
    "amazon": "amazon-com amazon-web-services aws",
    "google": "alphabet deepmind google-cloud google-deepmind",
    "microsoft": "azure github microsoft-azure",
    "meta": "facebook meta-platforms",
    "oracle": "oracle-cloud",
    "softbank": "softbank-group",
    "alibaba": "alibaba-cloud alibaba-group",
    "tencent": "tencent-cloud",
    "huawei": "huawei-cloud",
    "xai": "x-ai x.ai",
    "x": "twitter",
}
_GROUP_OF = {unit: group for group, units in _GROUPS.items() for unit in units.split()}


@dataclass(slots=True)
class Score:
    """Counts behind the figures of one group of documents."""

    documents: int = 0
    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def compare(self, measure: str, gold: AbstractSet[Any], found: AbstractSet[Any]) -> None:
        """Count what two sets have in common and what each has alone."""
        self.right[measure] += len(gold & found)
        self.missed[measure] += len(gold - found)
        self.wrong[measure] += len(found - gold)

    def judge(self, measure: str, is_right: bool) -> None:
        """Count one case of a share."""
        (self.right if is_right else self.missed)[measure] += 1

    def figure(self, measure: str) -> float | None:
        """F1, or the share of right cases; None where there was nothing to find and nothing found."""
        right, missed, wrong = self.right[measure], self.missed[measure], self.wrong[measure]
        if right + missed + wrong == 0:
            return None
        return right / (right + missed) if measure in _SHARES else 2 * right / (2 * right + missed + wrong)

    def figures(self) -> dict[str, float | None]:
        """All figures by measure."""
        return {measure: self.figure(measure) for measure in MEASURES}


def evaluate(gold: Iterable[Json], readings: Mapping[str, Json]) -> dict[str, Score]:
    """Scores of ``all`` documents and of each language; a document without reading counts as empty."""
    scores: dict[str, Score] = defaultdict(Score)
    for document in gold:
        reading = renamed_as_in(document, readings.get(document["id"], {}))
        for group in ("all", document["lang"]):
            scores[group].documents += 1
            score_document(document, reading, scores[group])
    return dict(scores)


def score_document(gold: Json, reading: Json, score: Score) -> None:
    """Add one document to ``score``."""
    named = (e for e in reading.get("entities") or () if str(e.get("type", "")).lower() == "org" and e.get("id"))
    score.compare("orgs", {group_of(name) for name in gold["orgs"]}, {group_of(entity["id"]) for entity in named})
    score.compare("chips", set(gold["chips"]), {chip["id"] for chip in reading.get("chips") or ()})
    wanted = {_sum(amount): amount.get("role") for amount in gold["amounts"]}
    given = {_sum(amount): amount.get("role") for amount in reading.get("amounts") or () if _sum(amount)}
    score.compare("amounts", wanted.keys(), given.keys())
    for key in wanted.keys() & given.keys():
        score.judge("roles", wanted[key] == given[key])
    deals, found = gold["deals"], reading.get("deals") or []
    score.compare("pairs", {_parties(deal) for deal in deals}, {_parties(deal) for deal in found})
    score.compare("strict", {_core(deal) for deal in deals}, {_core(deal) for deal in found})
    for one, other in match_deals([deal_facts(deal) for deal in deals], [deal_facts(deal) for deal in found]):
        score.compare("facts", one, other)
    if not deals:
        score.judge("quiet", not found)


def group_of(company_id: str) -> str:
    """The id under which a company counts."""
    return _GROUP_OF.get(company_id, company_id)


def match_deals(gold: Sequence[Facts], found: Sequence[Facts]) -> list[tuple[Facts, Facts]]:
    """Deals one to one, most facts in common first (the earlier deal on a tie); an empty set stands for "none"."""
    candidates = [
        (-len(one & other), place, at)
        for place, one in enumerate(gold)
        for at, other in enumerate(found)
        if _companies(one) & _companies(other)
    ]
    left, free = dict(enumerate(gold)), dict(enumerate(found))
    pairs = []
    for _, place, at in sorted(candidates):
        if place in left and at in free:
            pairs.append((left.pop(place), free.pop(at)))
    nothing: Facts = frozenset()
    return [*pairs, *((one, nothing) for one in left.values()), *((nothing, other) for other in free.values())]


def deal_facts(deal: Json) -> Facts:
    """Everything that the measure ``facts`` counts of one deal."""
    return _core(deal) | {("chip", chip) for chip in deal.get("chips") or ()}


def _core(deal: Json) -> Facts:
    """Type, status, parties in their roles, and the one figure that heads the deal (a range by its lower end)."""
    facts: set[tuple[Hashable, ...]] = {("type", deal.get("type")), ("status", deal.get("status"))}
    facts |= {("party", group_of(party["id"]), party.get("role")) for party in deal.get("parties") or ()}
    amount = _sum(deal.get("amount"))
    return frozenset(facts | ({("amount", amount[0], amount[2])} if amount else set()))


def _parties(deal: Json) -> frozenset[str]:
    return frozenset(group_of(party["id"]) for party in deal.get("parties") or ())


def _companies(facts: Facts) -> set[Hashable]:
    return {fact[1] for fact in facts if fact[0] == "party"}


def _sum(amount: Json | None) -> tuple[float, float | None, str | None] | None:
    """Value, upper end and currency; None for a vague sum."""
    if not amount or amount.get("value") is None:
        return None
    top = amount.get("value_max")
    return round(float(amount["value"]), 4), None if top is None else round(float(top), 4), amount.get("currency")


def renamed_as_in(gold: Json, reading: Json) -> Json:
    """``reading`` with gold's id for each company whose name gold gives and whose id gold does not know."""
    expected = {group_of(name) for name in gold["orgs"]}
    by_name = {
        _folded(name): company
        for company, names in (gold.get("surfaces") or {}).items()
        if company in gold["orgs"]
        for name in names
    }
    new_ids = {}
    for entity in reading.get("entities") or ():
        name = _folded(entity.get("text") or "")
        if entity.get("id") and group_of(entity["id"]) not in expected and name in by_name:
            new_ids[entity["id"]] = by_name[name]
    if not new_ids:
        return reading

    def renamed(row: Json) -> Json:
        return {**row, "id": new_ids.get(row.get("id"), row.get("id"))}

    deals = [
        {**deal, "parties": [renamed(p) for p in deal.get("parties") or ()]} for deal in reading.get("deals") or ()
    ]
    return {**reading, "entities": [renamed(entity) for entity in reading["entities"]], "deals": deals}


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
