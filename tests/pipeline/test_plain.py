"""What a stranger's text may keep."""

from __future__ import annotations

import pytest

from pipeline.plain import clean, one_line


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("アマゾン\tとOpenAI\n", "アマゾン\tとOpenAI\n"),
        ("a\x1b[1;31mb\x1b[0mc", "abc"),
        ("a\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x07b", "alinkb"),
        ("a\x9b31mb\x85c\x7fd", "abcd"),
        ("open\x1b", "open"),
        ("never ending\x1b]0;title", "never ending"),
        ("\u202eevil\u2066", "evil"),
        ("carriage\rreturn", "carriagereturn"),
        ("half \ud800 a pair, \ufffe", "half  a pair, "),
    ],
)
def test_clean(dirty, plain):
    assert clean(dirty) == plain


@pytest.mark.parametrize(
    ("dirty", "line"),
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("one\u2028two\u0000three\tfour", "one two three four"),
        ("a\ud800b\ufffec\uffff", "abc"),
        ("\u202eevil\u202c \u2066x\u2069 \u200ey\u061c", "evil x y"),
        ("a\x1b[1;31mb\x1b[0mc", "abc"),
        ("soft\u00adhyphen, \ufeffmark", "softhyphen, mark"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        (None, ""),
        ("  much   room  ", "much room"),
    ],
)
def test_one_line(dirty, line):
    assert one_line(dirty) == line


def test_one_line_is_no_longer_than_asked_for():
    assert one_line("abcdefgh", 5) == "abcd…"
    assert len(one_line("x" * 10_000, 320)) == 320
    assert one_line("abcde", 5) == "abcde"
