"""Small logistic models that weigh what the pair models and the transformer found: parties, sums and whole claims.

The pair models look at two mentions at a time, and both are too sure of themselves on texts that they were fitted on.
The judges are fitted on articles that neither has seen (stacked generalisation, Wolpert 1992), with features that
compare a claim with its rivals in the document. What the claim judge says is the reported confidence: the share of a
claim's facts that is expected to hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.deals.claims import ANCHOR_SIDE, Claim
from models.deals.context import Context
from models.deals.labels import MENTION_CLASSES, SIDES
from models.deals.scoring import Scores
from models.facts import PartyRole

Array = NDArray[np.float32]
Features = dict[str, float]
JUDGES_FILE = "deal_judges.json"
LIMIT = 6.0  # log-odds beyond which more certainty says no more


@dataclass(frozen=True, slots=True)
class Judge:
    """Logistic regression over named numbers; the intercept stands under the empty name."""

    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability of yes."""
        total = self.weights.get("", 0.0)
        total += sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return float(1.0 / (1.0 + np.exp(-total)))


@cache
def load() -> dict[str, Judge]:
    """The judges ``together``, ``party``, ``sum`` and ``claim`` from ``models/data/deal_judges.json``."""
    text = (files("models") / "data" / JUDGES_FILE).read_text("utf-8")
    return {name: Judge(weights) for name, weights in json.loads(text).items()}


def logit(chance: float) -> float:
    """Log-odds, bounded."""
    low = 1.0 / (1.0 + float(np.exp(LIMIT)))
    bounded = min(max(chance, low), 1.0 - low)
    return float(np.log(bounded / (1.0 - bounded)))


def _clip(odds: float) -> float:
    return min(max(float(odds), -LIMIT), LIMIT)


def mentions_of(context: Context, claim: Claim, party: str) -> list[int]:
    """Numbers of the mentions of ``party`` in the claim's sentences; the understood ones only where no other is."""
    found = [i for s in sorted(claim.sentences) for i in context.by_sentence[s] if context.mentions[i].id == party]
    return found or [i for i in claim.mentions if context.mentions[i].id == party]


def role_odds(scores: Scores, numbers: Iterable[int], kind: str, role: PartyRole) -> tuple[float, float]:
    """Best log-odds of (type, role) over the mentions, and of anything else."""
    at = [c == (kind, role) for c in MENTION_CLASSES]
    rows = [scores.mentions[i] for i in numbers]
    if not rows:
        return -LIMIT, 0.0
    table = np.stack(rows)
    return _clip(table[:, at].max()), _clip(table[:, [not x for x in at]].max())


def party_features(context: Context, scores: Scores, claims: Sequence[Claim], claim: Claim, party: str) -> Features:
    """What speaks for ``party`` in ``claim``, before claims are merged."""
    role = claim.roles[party]
    numbers = mentions_of(context, claim, party)
    yes, other = role_odds(scores, numbers, claim.type, role)
    own = logit(claim.support.get(party, claim.score))
    side = [p for p, r in claim.roles.items() if r == role]
    rivals = [
        c.support.get(party, c.score)
        for c in claims
        if c is not claim and party in c.roles and c.sentences & claim.sentences
        and (c.type, c.roles[party]) != (claim.type, role)
    ]  # fmt: skip
    sides = SIDES[claim.type]
    anchor = claim.type in ANCHOR_SIDE and role == sides[ANCHOR_SIDE[claim.type]]
    best = max(claim.support.get(p, claim.score) for p in side)
    found: Features = {
        "support": own,
        "role": yes,
        "role-other": other,
        "behind": logit(best) - own,
        "side": float(np.log(len(side))),
        "size": float(np.log(len(claim.roles))),
        "rival": logit(max(rivals)) if rivals else -2.0,
        "anchor": float(anchor),
        "width": float(max(claim.sentences) - min(claim.sentences)),
        "title": float(any(context.sentences[context.mentions[i].sentence].title for i in numbers)),
        "understood": float(all(context.mentions[i].virtual for i in numbers)),
        f"type={claim.type}": 1.0,
    }
    if numbers:
        found[f"kind={context.mentions[numbers[0]].kind}|{role}"] = 1.0
    return found


def sum_features(
    context: Context, claims: Sequence[Claim], claim: Claim, place: tuple[int, int], fits: bool, likely: float,
    links: Sequence[float],
) -> Features:  # fmt: skip
    """What speaks for sum number ``place[1]`` of sentence ``place[0]`` as the claim's own.

    ``fits``: its likeliest role is one that heads a deal of the type; ``likely``: log-probability of such a role;
    ``links``: the transformer's log-odds for each of the claim's mentions.
    """
    number, at = place
    row = context.amounts[number]
    amount = row[at]
    apart = min(abs(number - s) for s in claim.sentences)
    spots = [m for m in context.mentions if m.sentence == number and m.id in claim.roles and not m.virtual]
    gaps = [max(m.start - amount.end, amount.start - m.end, 0) for m in spots]
    others = [c for c in claims if c is not claim and number in c.sentences]
    found: Features = {
        "fits": float(fits),
        "likely": max(likely, -LIMIT),
        "near": 1.0 / (1.0 + min(gaps) / 60.0) if gaps else 0.0,
        "here": float(apart == 0),
        "next": float(apart == 1),
        "after": float(apart > 0 and number > max(claim.sentences)),
        "far": float(apart > 2),
        "sums": float(np.log(len(row))),
        "first": float(at == 0),
        "others": float(np.log1p(len(others))) if apart else 0.0,
        "link": _clip(max(links)) if links else 0.0,
        "link-mean": _clip(float(np.mean(links))) if links else 0.0,
        "linked": float(bool(links)),
        "title": float(context.sentences[number].title),
        f"type={claim.type}": 1.0,
    }
    return found


def claim_features(context: Context, scores: Scores, claims: Sequence[Claim], claim: Claim) -> Features:
    """What speaks for a merged claim, its rivals in view."""
    yes = [role_odds(scores, mentions_of(context, claim, p), claim.type, r)[0] for p, r in claim.roles.items()]
    rivals = [c for c in claims if c is not claim and c.sentences & claim.sentences]
    same_type = [c.score for c in rivals if c.type == claim.type and c.roles.keys() & claim.roles.keys()]
    same_parties = [c.score for c in claims if c is not claim and len(c.roles.keys() & claim.roles.keys()) >= 2]
    same_sum = [
        c.score for c in claims
        if c is not claim and claim.amount and c.amount and claim.amount.value == c.amount.value
    ]  # fmt: skip
    own, other = _views(scores, claim)
    status = claim.status if claim.status is not None else np.zeros(4, np.float32)
    lone = len(claim.roles) == 1
    found: Features = {
        "score": logit(claim.score),
        "linear": logit(own) if own is not None else 0.0,
        "linear?": float(own is not None),
        "neural": logit(other) if other is not None else 0.0,
        "neural?": float(other is not None),
        "role-least": min(yes),
        "role-mean": float(np.mean(yes)),
        "support-least": logit(min(claim.support.get(p, claim.score) for p in claim.roles)),
        "parties": float(np.log(len(claim.roles))),
        "sum": float(claim.amount is not None),
        "sum-strength": claim.amount_strength,
        "sentences": float(np.log(len(claim.sentences))),
        "width": float(max(claim.sentences) - min(claim.sentences)),
        "title": float(any(context.sentences[s].title for s in claim.sentences)),
        "place": float(min(claim.sentences)) / max(1, len(context.sentences)),
        "rival-type": logit(max(same_type)) - logit(claim.score) if same_type else -LIMIT,
        "rival-parties": logit(max(same_parties)) - logit(claim.score) if same_parties else -LIMIT,
        "rival-sum": logit(max(same_sum)) - logit(claim.score) if same_sum else -LIMIT,
        "rivals": float(np.log1p(len(rivals))),
        "claims": float(np.log(len(claims))),
        "status-sure": float(np.exp(status.max())),
        f"type={claim.type}": 1.0,
        f"type={claim.type}|lone={lone}": 1.0,
        f"lone={lone}|sum={claim.amount is not None}": 1.0,
    }
    return found


def _views(scores: Scores, claim: Claim) -> tuple[float | None, float | None]:
    """Highest probability that the linear models, and that the transformer, give to a pair of the claim's mentions."""
    inside = [key for key in scores.pairs if key[0] in claim.mentions and key[1] in claim.mentions]
    own = [scores.linear[key] for key in inside if key in scores.linear]
    other = [scores.neural[key] for key in inside if key in scores.neural]
    return (max(own) if own else None), (max(other) if other else None)
