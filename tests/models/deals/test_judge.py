"""The judges: small numbers in, a probability out."""

from __future__ import annotations

import pytest

from models.deals.judge import LIMIT, Judge, load, logit


def test_a_judge_adds_what_it_knows_and_ignores_the_rest():
    judge = Judge({"": -1.0, "near": 2.0})
    assert judge.probability({"near": 0.5, "unheard": 9.0}) == pytest.approx(0.5)
    assert judge.probability({}) < 0.5 < judge.probability({"near": 1.0})


def test_log_odds_are_bounded():
    assert logit(1.0) == pytest.approx(LIMIT)
    assert logit(0.0) == pytest.approx(-LIMIT)
    assert logit(0.5) == pytest.approx(0.0)


def test_the_fitted_judges_prefer_support():
    judges = load()
    assert set(judges) == {"together", "party", "sum", "claim"}
    assert judges["together"].weights["status apart"] < 0
    assert judges["party"].weights["support"] > 0
    assert judges["sum"].weights["fits"] > 0
