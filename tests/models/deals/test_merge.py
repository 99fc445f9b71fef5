"""Which claims are one deal."""

from __future__ import annotations

import numpy as np
import pytest

from models.deals.claims import Claim
from models.deals.merge import merge
from models.facts import DealAmount

STATUS = np.log(np.array([0.1, 0.6, 0.2, 0.1], np.float32))


def claim(kind, sentence, value=None, score=0.9, **roles):
    amount = None if value is None else DealAmount(value, "USD")
    return Claim(kind, roles, {sentence}, score, {sentence}, amount, 0.5 if amount else 0.0, status=STATUS)


def told(claims):
    return [(c.type, c.roles, c.amount and c.amount.value, sorted(c.sentences)) for c in merge(claims)]


def test_one_deal_told_twice_keeps_all_that_is_said():
    one = claim("acquisition", 0, google="acquirer", wiz="target")
    two = claim("acquisition", 3, 32.0, google="acquirer")
    assert told([one, two]) == [("acquisition", {"google": "acquirer", "wiz": "target"}, 32.0, [0, 3])]


@pytest.mark.parametrize(
    "other",
    [
        claim("equity_investment", 1, google="investor", wiz="investee"),
        claim("acquisition", 1, google="target", wiz="acquirer"),
        claim("acquisition", 1, 99.0, google="acquirer", wiz="target"),
        claim("acquisition", 1, amd="acquirer", zt="target"),
        claim("acquisition", 1, google="acquirer", mandiant="target"),
    ],
    ids=["another type", "other roles", "another sum", "nobody in common", "another target"],
)
def test_two_deals_stay_two(other):
    assert len(merge([claim("acquisition", 0, 32.0, google="acquirer", wiz="target"), other])) == 2


def test_investors_of_one_round_in_neighbouring_sentences_are_one_deal():
    one = claim("equity_investment", 0, nvidia="investor", wayve="investee")
    near = claim("equity_investment", 1, uber="investor", wayve="investee")
    far = claim("equity_investment", 5, uber="investor", wayve="investee")
    assert len(merge([one, near])) == 1
    assert len(merge([claim("equity_investment", 0, nvidia="investor", wayve="investee"), far])) == 2


def test_what_one_sentence_tells_apart_stays_apart():
    one = claim("equity_investment", 0, nvidia="investor", wayve="investee")
    two = claim("equity_investment", 0, uber="investor", wayve="investee")
    assert len(merge([one, two])) == 2


def test_the_surest_claim_leads_and_the_text_gives_the_order():
    late = claim("acquisition", 4, score=0.99, google="acquirer", wiz="target")
    early = claim("debt_financing", 1, score=0.6, ing="lender", nebius="borrower")
    assert [c.type for c in merge([late, early])] == ["debt_financing", "acquisition"]
    assert merge([]) == []
