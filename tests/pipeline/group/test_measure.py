"""B³ and pairs, against figures worked out by hand."""

from __future__ import annotations

import pytest

from pipeline.group.measure import Score, b_cubed, disagreements, pairwise

TRUE = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c"}


def test_the_same_grouping_under_other_names_is_perfect():
    found = {key: name.upper() for key, name in TRUE.items()}
    assert b_cubed(TRUE, found) == pairwise(TRUE, found) == Score(1.0, 1.0)
    assert disagreements(TRUE, found) == []


def test_a_claim_in_the_wrong_deal():
    found = {1: "x", 2: "x", 3: "y", 4: "y", 5: "y", 6: "z"}
    score = b_cubed(TRUE, found)
    assert score.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert pairwise(TRUE, found) == Score(2 / 4, 2 / 4)
    mixed, split = disagreements(TRUE, found)
    assert (mixed.kind, mixed.name, mixed.parts) == ("mixed", "y", {"a": (3,), "b": (4, 5)})
    assert (split.kind, split.name, split.parts) == ("split", "a", {"x": (1, 2), "y": (3,)})


def test_all_in_one_deal_has_full_recall_and_little_precision():
    found = dict.fromkeys(TRUE, "x")
    assert b_cubed(TRUE, found) == Score(pytest.approx((9 + 4 + 1) / 36), 1.0)
    assert pairwise(TRUE, found) == Score(pytest.approx(4 / 15), 1.0)


def test_claims_without_a_deal_stand_alone_each():
    found = dict.fromkeys(TRUE)
    assert b_cubed(TRUE, found) == Score(1.0, pytest.approx(3 / 6))
    score = pairwise(TRUE, found)
    assert (score.precision, score.recall, score.f1) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(("true", "found"), [({}, {}), (TRUE, {1: "x"}), ({1: "a"}, {1: "x", 2: "y"})])
def test_sets_that_do_not_match_are_refused(true, found):
    with pytest.raises(ValueError, match="claim"):
        b_cubed(true, found)
