"""Fit the judges and write ``models/data/deal_judges.json``.

    python -m models.deals.training.judges GOLD… [--linear deal_model.npz]

GOLD must be articles that neither the linear models nor the transformer was fitted on. Each judge is fitted on what the
stages before it really hand on: earlier judges are applied to an article by a copy that has not seen it (five folds).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from models.deals import engine, linear
from models.deals.attach import RoleScores, sum_options
from models.deals.claims import Claim, Edge, edges, lone_claims, pair_claims
from models.deals.context import Context
from models.deals.judge import JUDGES_FILE, Features, Judge, claim_features, party_features
from models.deals.labels import SIDES, STATUSES
from models.deals.merge import merge
from models.deals.scoring import Scores, SecondOpinion, score
from models.deals.together import between_companies, comparable, together_features
from models.deals.training.dataset import Example, read
from models.deals.training.fit import gazetteer_kinds
from models.evaluation import deal_facts, group_of, match_deals
from models.money import find_quantities

FOLDS = 5
STRENGTH = 0.3  # inverse of the L2 penalty
Row = tuple[Features, float]  # with the share of yes


@dataclass(slots=True)
class Case:
    """One article on its way through the stages."""

    example: Example
    context: Context
    second: SecondOpinion | None
    fold: int
    sums: RoleScores = field(default_factory=dict)
    scores: Scores = field(default_factory=Scores)
    claims: list[Claim] = field(default_factory=list)


def fit(rows: Sequence[Row]) -> Judge:
    """Logistic regression with L2; numbers are scaled to unit spread first, and the scale folded back."""
    vectorizer = DictVectorizer(sparse=False)
    table = vectorizer.fit_transform([features for features, _ in rows])
    spread = table.std(0)
    spread[spread < 1e-6] = 1.0
    share = np.array([share for _, share in rows])
    both = np.vstack([table, table]) / spread
    target = np.concatenate([np.ones(len(rows)), np.zeros(len(rows))])
    weight = np.concatenate([share, 1 - share])
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(both[weight > 0], target[weight > 0], weight[weight > 0])
    names = [str(name) for name in vectorizer.get_feature_names_out()]
    weights = {n: round(float(w / s), 4) for n, w, s in zip(names, model.coef_[0], spread, strict=True)}
    return Judge({"": round(float(model.intercept_[0]), 4), **weights})


def matching(case: Case, claim: Claim) -> dict[str, Any] | None:
    """The gold deal of the claim's type that shares most parties in their roles, at least one of them."""
    mine = {(group_of(p), r) for p, r in claim.roles.items()}
    best, most = None, 0
    for deal in case.example.gold["deals"]:
        shared = len(mine & {(group_of(p["id"]), p["role"]) for p in deal["parties"]})
        if deal["type"] == claim.type and shared > most:
            best, most = deal, shared
    return best


def deals_of(case: Case, edge: Edge) -> set[int]:
    """Numbers of the gold deals of the edge's type in which both its companies stand in their roles."""
    names = (case.context.mentions[number].id for number in (edge.active, edge.passive))
    mine = {(group_of(name), role) for name, role in zip(names, SIDES[edge.type], strict=True)}
    deals = enumerate(case.example.gold["deals"])
    return {
        n for n, d in deals if d["type"] == edge.type and mine <= {(group_of(p["id"]), p["role"]) for p in d["parties"]}
    }


def together_rows(case: Case) -> list[Row]:
    """A row for each two pairs that share a company, at least one of them of a real deal."""
    rows: list[Row] = []

    def look(edges: Sequence[Edge]) -> list[list[Edge]]:
        surest = [max(row, key=lambda e: e.probability) for row in between_companies(case.context, edges)]
        for i, j in comparable(case.context, surest):
            one, two = deals_of(case, surest[i]), deals_of(case, surest[j])
            for second in (case.second, None) if one or two else ():  # it must also judge without the transformer
                features = together_features(case.context, case.scores, second, surest[i], surest[j])
                rows.append((features, float(bool(one & two))))
        return [list(edges)]

    related, same = edges(case.context, case.scores, engine.THRESHOLDS.pair)
    pair_claims(case.context, case.scores, related, same, look)
    return rows


def party_rows(case: Case) -> list[Row]:
    """A row for each party of each claim that is about a real deal."""
    rows = []
    for claim in case.claims:
        deal = matching(case, claim)
        if deal is not None and len(claim.roles) > 1:
            real = {(group_of(p["id"]), p["role"]) for p in deal["parties"]}
            for party, role in claim.roles.items():
                features = party_features(case.context, case.scores, case.claims, claim, party)
                rows.append((features, float((group_of(party), role) in real)))
    return rows


def sum_rows(case: Case) -> list[Row]:
    """A row for each sum near each claim that is about a real deal."""
    rows = []
    for claim in case.claims:
        deal = matching(case, claim)
        if deal is not None:
            gold = deal.get("amount") or {"value": None, "currency": None}
            for second in (case.second, None):  # it must also judge where there is no transformer
                for amount, features in sum_options(case.context, case.claims, claim, case.sums, second):
                    right = (amount.value, amount.currency) == (gold["value"], gold["currency"])
                    rows.append((features, float(right)))
    return rows


def as_json(claim: Claim) -> dict[str, Any]:
    """A claim in the annotation's shape."""
    status = STATUSES[int(claim.status.argmax())] if claim.status is not None else None
    amount = claim.amount and {"value": claim.amount.value, "currency": claim.amount.currency}
    parties = [{"id": p, "role": r} for p, r in claim.roles.items()]
    return {"type": claim.type, "status": status, "parties": parties, "amount": amount, "chips": list(claim.chips)}


def claim_rows(case: Case) -> list[Row]:
    """A row for each merged claim with the share of its facts that hold."""
    found = [deal_facts(as_json(claim)) for claim in case.claims]
    share = {id(facts): 0.0 for facts in found}
    for gold, guess in match_deals([deal_facts(deal) for deal in case.example.gold["deals"]], found):
        if gold and guess:
            share[id(guess)] = len(gold & guess) / len(guess)
    return [
        (claim_features(case.context, case.scores, case.claims, claim), share[id(facts)])
        for claim, facts in zip(case.claims, found, strict=True)
    ]


def fit_all(cases: Sequence[Case], models: Mapping[str, linear.Linear]) -> dict[str, Judge]:
    """The four judges, stage by stage. ``cases`` are used up."""
    thresholds = engine.THRESHOLDS

    def stage(rows_of: Mapping[int, list[Row]]) -> tuple[Judge, list[Judge]]:
        def pick(keep: Iterable[int]) -> list[Row]:
            return [row for n in keep for row in rows_of[n]]

        numbers = range(len(cases))
        copies = [fit(pick(n for n in numbers if cases[n].fold != k)) for k in range(FOLDS)]
        return fit(pick(numbers)), copies

    for case in cases:
        case.sums = engine.set_amount_roles(case.context, models, case.second)
        case.scores = score(case.context, models, case.second, engine.SECOND_WEIGHT)
    together, copies = stage({n: together_rows(case) for n, case in enumerate(cases)})
    for case in cases:
        case.claims = engine.proposed(case.context, case.scores, thresholds, copies[case.fold], case.second)
    party, copies = stage({n: party_rows(case) for n, case in enumerate(cases)})
    for case in cases:
        engine.prune(case.context, case.scores, case.claims, copies[case.fold], thresholds.party)
        case.claims = [c for c in case.claims if len(c.roles) > 1]
        case.claims += lone_claims(case.context, case.scores, case.claims, thresholds)
    sums, copies = stage({n: sum_rows(case) for n, case in enumerate(cases)})
    for case in cases:
        engine.equip(case.context, models, case.claims, copies[case.fold], case.sums, case.second)
        case.claims = merge(case.claims)
    claim, _ = stage({n: claim_rows(case) for n, case in enumerate(cases)})
    return {"together": together, "party": party, "sum": sums, "claim": claim}


def make_case(example: Example, second: SecondOpinion | None, number: int) -> Case:
    """An article with sums as the money grammar leaves them: only conversions have a role."""
    context = replace(example.context)
    context.amounts = [
        [replace(a, role="conversion" if a.role == "conversion" else "other") for a in row] for row in context.amounts
    ]
    context.quantities = [[] for _ in context.sentences]
    for quantity in find_quantities(context.text, context.lang):
        context.quantities[context.sentence_at(quantity.start)].append(quantity)
    return Case(example, context, second, number % FOLDS)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    from models.second_opinion import Opinion, load_tagger

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models/data") / JUDGES_FILE)
    args = parser.parse_args(argv)
    tagger, cases = load_tagger(), []
    for number, example in enumerate(read(args.gold, gazetteer_kinds())):
        context = example.context
        [encoded] = tagger.encode([context.text], [example.lang], [sum(s.end for s in context.sentences if s.title)])
        cases.append(make_case(example, Opinion(tagger, encoded).about(context), number))
    judges = fit_all(cases, linear.load())
    args.out.write_text(json.dumps({n: j.weights for n, j in judges.items()}, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
