"""What a stranger's text may keep."""

from __future__ import annotations

import pytest

from pipeline.plain import clean


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
