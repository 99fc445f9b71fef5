"""From scores of pairs and mentions to claims; the scores are set by hand."""

from __future__ import annotations

import numpy as np

from models.deals.claims import Thresholds, edges, lone_claims, pair_claims
from models.deals.judge import Judge
from models.deals.labels import MENTION_CLASSES, NONE, PAIR_CLASSES
from models.deals.scoring import Scores, near_pairs
from models.deals.together import groups

SURE, FAINT = 8.0, -8.0


def scores(context, pairs, roles=()):
    """Certain scores: ``pairs`` maps two numbers of mentions to a class, ``roles`` are (number, type, role)."""
    mentions = [np.full(len(MENTION_CLASSES), FAINT, np.float32) for _ in context.mentions]
    for number, kind, role in roles:
        mentions[number][MENTION_CLASSES.index((kind, role))] = SURE
    rows = {}
    for pair in near_pairs(context):
        row = np.full(len(PAIR_CLASSES), FAINT, np.float32)
        row[PAIR_CLASSES.index(pairs.get(pair, NONE))] = 0.0
        rows[pair] = row
    return Scores(rows, mentions)


def formed(context, given, together=True):
    related, same = edges(context, given, 0.5)
    judge = Judge({"": SURE if together else FAINT})
    return pair_claims(context, given, related, same, lambda pairs: groups(context, given, None, pairs, judge))


def claims(context, given, together=True):
    return [(c.type, c.roles, c.sentences) for c in formed(context, given, together)]


def test_a_pair_becomes_a_claim_with_roles_by_direction(arranged):
    context = arranged("Google buys Wiz.")
    one, two = ("acquisition", "acquirer"), ("acquisition", "target")
    forth = scores(context, {(0, 1): "acquisition>"}, [(0, *one), (1, *two)])
    back = scores(context, {(0, 1): "acquisition<"}, [(1, *one), (0, *two)])
    assert claims(context, forth) == [("acquisition", {"google": "acquirer", "wiz": "target"}, {0})]
    assert claims(context, back) == [("acquisition", {"wiz": "acquirer", "google": "target"}, {0})]


def test_unrelated_companies_claim_nothing(arranged):
    context = arranged("Google and Wiz and Nvidia were there.")
    assert claims(context, scores(context, {})) == []


def test_givers_to_one_taker_are_one_claim_and_takers_from_one_giver_are_two(arranged):
    context = arranged("Google, Nvidia, OpenAI.")
    investors = [(0, "equity_investment", "investor"), (1, "equity_investment", "investor")]
    given = scores(
        context,
        {(0, 2): "equity_investment>", (1, 2): "equity_investment>"},
        [*investors, (2, "equity_investment", "investee")],
    )
    [(_, roles, _)] = claims(context, given)
    assert roles == {"google": "investor", "nvidia": "investor", "openai": "investee"}
    apart = [roles for _, roles, _ in claims(context, given, together=False)]
    assert apart == [{g: "investor", "openai": "investee"} for g in ("google", "nvidia")]
    targets = [(1, "acquisition", "target"), (2, "acquisition", "target")]
    given = scores(
        context, {(0, 1): "acquisition>", (0, 2): "acquisition>"}, [(0, "acquisition", "acquirer"), *targets]
    )
    assert [sorted(roles) for _, roles, _ in claims(context, given)] == [["google", "nvidia"], ["google", "openai"]]


def test_partners_of_partners_are_one_claim(arranged):
    context = arranged("Google, Nvidia, OpenAI.")
    given = scores(
        context,
        {(0, 1): "partnership=", (1, 2): "partnership="},
        [(n, "partnership", "partner") for n in range(3)],
    )
    [(kind, roles, _)] = claims(context, given)
    assert (kind, set(roles), set(roles.values())) == ("partnership", {"google", "nvidia", "openai"}, {"partner"})


def test_two_companies_keep_one_direction_throughout(arranged):
    context = arranged("Google buys Wiz. Wiz and Google agree. Google likes Wiz.")
    roles = [(n, "acquisition", r) for n, r in enumerate(["acquirer", "target", "target", "acquirer"])]
    given = scores(context, {(0, 1): "acquisition>", (2, 3): "acquisition<", (4, 5): "acquisition<"}, roles)
    told = claims(context, given)
    assert told
    assert {tuple(sorted(roles.items())) for _, roles, _ in told} == {(("google", "acquirer"), ("wiz", "target"))}


def test_a_lone_borrower_needs_a_sum_beside_it_and_an_issuer_does_not(arranged):
    for text, kind, role, count in [
        ("Nebius borrows $5 million.", "debt_financing", "borrower", 1),
        ("Nebius borrows.", "debt_financing", "borrower", 0),
        ("Cerebras lists.", "public_offering", "issuer", 1),
    ]:
        context = arranged(text)
        given = scores(context, {}, [(0, kind, role)])
        assert [c.type for c in lone_claims(context, given, [], Thresholds())] == [kind] * count, text


def test_who_stands_in_a_pair_makes_no_lone_claim_of_that_kind(arranged):
    context = arranged("Google buys Wiz for $5 million.")
    roles = [(0, "acquisition", "acquirer"), (1, "acquisition", "target")]
    given = scores(context, {(0, 1): "acquisition>"}, roles)
    taken = formed(context, given)
    assert lone_claims(context, given, taken, Thresholds()) == []
