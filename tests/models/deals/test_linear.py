"""Linear models at run time, on weights small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.deals.linear import Linear, load, softmax

MODEL = Linear(["a", "b", "c"], np.array([[1, 2, 0, 0.5], [-1, 0, 3, 0]], np.float32))


def test_a_row_is_scaled_to_unit_length_and_the_bias_is_not():
    assert MODEL.scores(["a"]) == pytest.approx([1.5, -1.0])
    assert MODEL.scores(["a", "b"]) == pytest.approx([0.5 + 3 / 2**0.5, -1 / 2**0.5])


def test_repeated_and_unknown_features_count_for_nothing():
    assert MODEL.scores(["a", "a", "new"]) == pytest.approx(MODEL.scores(["a"]))
    assert MODEL.scores([]) == pytest.approx([0.5, 0.0])
    assert MODEL.scores([]) == pytest.approx([0.5, 0.0]), "scores changed the weights"


def test_softmax_is_stable():
    assert softmax(np.array([1000.0, 1000.0], np.float32)) == pytest.approx([0.5, 0.5])
    assert MODEL.probabilities(["c"]).sum() == pytest.approx(1.0)


def test_the_fitted_models_are_read_once():
    assert load() is load()
    assert set(load()) == {"pair", "mention", "status", "amount"}
