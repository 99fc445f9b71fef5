"""What holds for any text: sums come back as written, offsets fit, nothing crashes, time grows with length."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.money import find_amounts, find_quantities

LANGUAGES = ("ja", "en", "zh", "ko", "de", "fr", "es", "pt")
NUMBERS = [
    "5",
    "1,5",
    "1.000",
    "１",
    "億",
    "万",
    "조",
    "十",
    "百",
    "mil",
    "millones",
    "bn",
    "Mrd. ",
    "half a ",
    "半",
    "数",
]
MARKS = ["$", "€", "円", "元", "원", " ", "-", "~", "(", ")", "，", "%", "\n", "cent"]
WORDS = ["de ", "約", "to ", "over ", "et ", "entre ", "und"]
PIECES = st.sampled_from([*NUMBERS, *MARKS, *WORDS])


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_offsets_fit(text: str, lang: str) -> None:
    check(text, lang)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(LANGUAGES))
@settings(max_examples=600, deadline=None)
def test_any_heap_of_money_words_is_read_and_offsets_fit(text: str, lang: str) -> None:
    check(text, lang)


def check(text: str, lang: str) -> None:
    """Offsets are in order, give the text, and every value is a finite sum."""
    last = 0
    for amount in find_amounts(text, lang):
        assert text[amount.start : amount.end] == amount.text != ""
        assert amount.start >= last
        last = amount.end
        assert amount.value is None or 0 <= amount.value < 1e30
        assert amount.value_max is None or (amount.value is not None and amount.value_max > amount.value)
    for item in find_quantities(text, lang):
        assert 0 <= item.start < item.end <= len(text)


@given(st.integers(1, 999), st.integers(0, 9), st.sampled_from([("million", 10**6), ("billion", 10**9)]))
def test_english_sums_come_back(whole: int, tenth: int, scale: tuple[str, int]) -> None:
    (amount,) = find_amounts(f"They paid ${whole}.{tenth} {scale[0]} today.", "en")
    assert (amount.value, amount.currency) == ((whole * 10 + tenth) * scale[1] / 10, "USD")


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["ja", "zh", "ko"]))
def test_east_asian_sums_come_back(high: int, low: int, lang: str) -> None:
    big, small, coin = {"ja": "億万円", "zh": "亿万元", "ko": "억만원"}[lang]
    (amount,) = find_amounts(f"{high}{big}{low}{small}{coin}", lang)
    assert amount.value == high * 10**8 + low * 10**4


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([("de", "Euro"), ("fr", "euros"), ("es", "euros")]))
def test_grouped_digits_come_back(high: int, low: int, language: tuple[str, str]) -> None:
    lang, coin = language
    for mark in ". ":
        (amount,) = find_amounts(f"{high}{mark}{low:03} {coin}", lang)
        assert amount.value == high * 1000 + low


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([("de", "bis"), ("es", "a"), ("fr", "à")]))
def test_ranges_share_scale_and_currency(low: int, step: int, language: tuple[str, str]) -> None:
    lang, joint = language
    word = {"de": "Millionen Euro", "es": "millones de euros", "fr": "millions d'euros"}[lang]
    (amount,) = find_amounts(f"({low} {joint} {low + step} {word})", lang)
    assert (amount.value, amount.value_max) == (low * 10**6, (low + step) * 10**6)


@pytest.mark.parametrize(
    "piece", ["1 ", "一億千", "5 millones ", "$5 billion ", "(5 euros ", "数", "over ", "1-2-", "Aa 1 "]
)
def test_work_grows_with_length_not_faster(piece: str) -> None:
    def calls(size: int) -> int:
        """Calls of Python and C functions, which say the same on any machine, however busy."""
        text, count = piece * (size // len(piece)), 0

        def counted(_frame: FrameType, event: str, _arg: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            find_amounts(text, "zh")
            find_quantities(text, "es")
        finally:
            sys.setprofile(None)
        return count

    calls(1000)  # fills caches
    assert calls(8000) < 5 * calls(2000)
