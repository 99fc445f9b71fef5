"""Strangers' text made harmless, and lines that end where they should."""

from __future__ import annotations

import pytest

from pipeline.digest.plain import columns, plain, wrapped


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("one\u2028two\u0000three\tfour", "one two three four"),
        ("a\ud800b\ufffec\uffff", "abc"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        (None, ""),
        ("  much   room  ", "much room"),
    ],
)
def test_it_is_one_line_without_marks(given, made):
    assert plain(given) == made


def test_it_is_no_longer_than_asked_for():
    assert plain("abcdefgh", 5) == "abcd…"
    assert len(plain("x" * 10_000, 320)) == 320
    assert plain("abcde", 5) == "abcde"


def test_words_are_never_broken_and_east_asian_text_may_be():
    text = wrapped("Anthropic is in talks over " + "計算資源を調達する方向で協議している。" * 3, 4, 40)
    lines = text.splitlines()
    assert all(line.startswith("    ") and columns(line) <= 42 for line in lines)  # a full stop may hang out
    assert not any(line.strip()[0] in "。、」" for line in lines)
    assert "Anthropic is in talks" in lines[0]
    assert "".join(lines).replace(" ", "") == "Anthropicisintalksover" + "計算資源を調達する方向で協議している。" * 3


def test_a_long_address_stays_whole():
    address = "https://example.org/" + "x" * 100
    assert address in wrapped(f"see {address} there", 0, 40).splitlines()
    assert wrapped("", 4) == ""
