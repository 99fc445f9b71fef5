"""What a confidence is worth."""

from __future__ import annotations

import pytest

from models.calibration import Bin, bins, calibration_error, told

DEAL = {"type": "acquisition", "status": "completed", "parties": [{"id": "google", "role": "acquirer"}]}
OTHER = {**DEAL, "parties": [{"id": "intel", "role": "acquirer"}]}
GOLD = {"id": "a", "lang": "en", "orgs": ["google"], "deals": [DEAL]}


def test_a_deal_counts_by_the_share_of_its_facts_that_hold():
    half = {**DEAL, "status": "announced", "confidence": 0.7}
    reading = {"deals": [half, {**OTHER, "confidence": 0.2}]}
    assert told([GOLD], {"a": reading}) == [(0.7, pytest.approx(2 / 3)), (0.2, 0.0)]
    assert told([GOLD], {}) == []


def test_bins_hold_equally_many_and_rise():
    pairs = [(0.9, 1.0), (0.1, 0.0), (0.3, 0.5), (0.7, 0.5)]
    assert bins(pairs, 2) == [Bin(2, pytest.approx(0.2), 0.25), Bin(2, pytest.approx(0.8), 0.75)]
    assert [row.deals for row in bins(pairs, 9)] == [1, 1, 1, 1]
    assert bins([], 4) == []


def test_the_error_is_the_mean_distance():
    assert calibration_error([Bin(3, 0.8, 0.6), Bin(1, 0.4, 0.8)]) == pytest.approx(0.25)
    assert calibration_error([]) == 0.0
