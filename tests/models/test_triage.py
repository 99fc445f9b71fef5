"""Triage errs only to yes."""

from __future__ import annotations

import pytest

from models.triage import is_relevant


@pytest.mark.parametrize(
    "content",
    [
        "Nvidia rose",
        "ＮＶＩＤＩＡ",
        "the H100 card",
        "一家公司融资",
        "eine Übernahme",
        "조르블랏이 투자했다",
        "3 bn",
        "Nvidias Chips",
        "it reinvested",
    ],
)
def test_names_chips_and_sums_are_worth_reading(content):
    assert is_relevant(content)


@pytest.mark.parametrize(
    "content", ["", "Rain fell all day.", "Her altos sang of Farmers.", "雨が降った。", "비가 왔다."]
)
def test_weather_is_not(content):
    assert not is_relevant(content)
