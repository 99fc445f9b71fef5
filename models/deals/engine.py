"""Deals of one document: score pairs, form claims, attach sums and chips, merge, and say how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from models.deals import judge, linear
from models.deals.attach import RoleScores, attach_amounts, attach_chips, attach_compute, attach_status, attribution
from models.deals.claims import Claim, Edge, Thresholds, edges, lone_claims, pair_claims
from models.deals.context import Context
from models.deals.judge import Judge, claim_features, party_features
from models.deals.labels import STATUSES
from models.deals.merge import merge
from models.deals.scoring import Scores, SecondOpinion, amount_role_scores, score
from models.deals.together import groups
from models.facts import AmountRole, Deal, Party, Span

THRESHOLDS = Thresholds()
SECOND_WEIGHT = 0.5  # the transformer's share in pairs, roles and sums; fitted on articles that neither was trained on
STATUS_WEIGHT = 0.55  # its share in the status


def set_amount_roles(
    context: Context, models: Mapping[str, linear.Linear] | None = None, second: SecondOpinion | None = None
) -> RoleScores:
    """Write the likeliest role into each amount of ``context``; a bracketed conversion keeps its own.

    Returns log-probabilities of the roles of each of the others, by where it starts.
    """
    models = linear.load() if models is None else models
    found: dict[int, dict[str, float]] = {}
    for amounts in context.amounts:
        for at, amount in enumerate(amounts):
            if amount.value is None or amount.role == "conversion" or amount.converted_from is not None:
                continue
            scores = amount_role_scores(context, models, amount, second, SECOND_WEIGHT)
            role = max((name for name in scores if name != "conversion"), key=lambda name: scores[name])
            amounts[at] = replace(amount, role=cast("AmountRole", role))
            found[amount.start] = scores
    return found


def find_deals(
    context: Context,
    sums: RoleScores,
    models: Mapping[str, linear.Linear] | None = None,
    second: SecondOpinion | None = None,
    thresholds: Thresholds = THRESHOLDS,
    judges: Mapping[str, Judge] | None = None,
) -> list[Deal]:
    """Deals that a document states, in text order. ``sums`` is what :func:`set_amount_roles` has returned for it."""
    models = linear.load() if models is None else models
    if not context.mentions:
        return []
    judges = judge.load() if judges is None else judges
    scores = score(context, models, second, SECOND_WEIGHT)
    claims = proposed(context, scores, thresholds, judges["together"], second)
    prune(context, scores, claims, judges["party"], thresholds.party)
    claims = [c for c in claims if len(c.roles) > 1]
    claims += lone_claims(context, scores, claims, thresholds)
    equip(context, models, claims, judges["sum"], sums, second)
    merged = merge(claims)
    chances = [judges["claim"].probability(claim_features(context, scores, merged, c)) for c in merged]
    return [_deal(context, c, p) for c, p in zip(merged, chances, strict=True) if p >= thresholds.claim]


def proposed(
    context: Context, scores: Scores, thresholds: Thresholds, together: Judge, second: SecondOpinion | None
) -> list[Claim]:
    """Claims of two parties or more, generously: the judges decide later."""
    related, same = edges(context, scores, thresholds.pair)

    def by_deal(pairs: Sequence[Edge]) -> list[list[Edge]]:
        return groups(context, scores, second, pairs, together)

    return pair_claims(context, scores, related, same, by_deal)


def prune(context: Context, scores: Scores, claims: Sequence[Claim], party: Judge, least: float) -> None:
    """Take parties out of claims in which they hardly stand; all are judged before the first is taken out."""
    weak = [
        (claim, name)
        for claim in claims
        for name in claim.roles
        if party.probability(party_features(context, scores, claims, claim, name)) < least
    ]
    for claim, name in weak:
        del claim.roles[name]


def equip(
    context: Context, models: Mapping[str, linear.Linear], claims: list[Claim], judge: Judge, sums: RoleScores,
    second: SecondOpinion | None,
) -> None:  # fmt: skip
    """Give claims their sum, chips, size and status."""
    attach_amounts(context, claims, judge, sums, second)
    attach_chips(context, claims)
    attach_compute(context, claims)
    attach_status(context, models, claims, second, STATUS_WEIGHT)


def _deal(context: Context, claim: Claim, confidence: float) -> Deal:
    assert claim.status is not None  # noqa: S101
    evidence = context.sentences[_evidence(context, claim)]
    return Deal(
        type=claim.type,
        status=STATUSES[int(claim.status.argmax())],
        parties=tuple(Party(party, role) for party, role in claim.roles.items()),
        amount=claim.amount,
        chips=claim.chips,
        compute=claim.compute,
        evidence=Span(evidence.start, evidence.end),
        confidence=round(confidence, 3),
        attribution=attribution(context, evidence.index),
        conditional=any(cue.group == "conditional" for cue in context.cues[evidence.index]),
    )


def _evidence(context: Context, claim: Claim) -> int:
    """The sentence that says most of a claim: its parties by name, then its sum, body before title."""

    def said(number: int) -> tuple[int, bool, bool, int]:
        named = {m.id for i in context.by_sentence[number] if (m := context.mentions[i]).id in claim.roles}
        sums = {(a.value, a.currency) for a in context.amounts[number]}
        own = claim.amount is not None and (claim.amount.value, claim.amount.currency) in sums
        return len(named), own, not context.sentences[number].title, -number

    return max(claim.sentences, key=said)
