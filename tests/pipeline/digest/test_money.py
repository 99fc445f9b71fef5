"""Sums in the reader's currency."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.digest.money import Sum, in_currency, write_number, write_sum

MONEY = {
    "sum": "{currency}{number} {scale}", "spaced": "{currency} {number} {scale}",
    "scales": [[1e9, "bn", "b"], [1, ""]], "singular_below": 2,
    "beside": " [{sum}]", "currencies": {"USD": "$"}, "bounds": {"over": "> {sum}"},
}  # fmt: skip


def test_dollars_become_the_readers_money_by_the_rate_of_the_day():
    before, after = (in_currency(1e9, "JPY", date(year, 6, 3)) for year in (2019, 2024))
    assert before == pytest.approx(108e9, rel=0.02)
    assert after == pytest.approx(156e9, rel=0.02)
    assert in_currency(1e9, "USD", date(2026, 1, 1)) == 1e9
    assert in_currency(None, "EUR", date(2026, 1, 1)) is None
    assert in_currency(1e9, "XXX", date(2026, 1, 1)) is None


def test_a_sum_is_written_with_its_bound_and_what_it_is_elsewhere():
    assert write_sum(Sum(10e9, "USD", "over", (1.2345e9, "CHF")), MONEY, "en") == "> $10 bn [CHF 1.2 b]"
    assert write_sum(Sum(999, "USD", None), MONEY, "en") == "$999"


def test_numbers_bear_the_marks_of_the_language():
    assert [write_number(1234.567, language) for language in ("en", "de")] == ["1,234.57", "1.234,57"]
    assert write_number(1234.5, "en", grouping=False) == "1234.5"
