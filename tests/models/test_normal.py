"""Normalisation keeps every offset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.normal import is_cjk, normalise


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＯｐｅｎＡＩ　１００億", "OpenAI 100億"),
        ("l’IA “neuve”", 'l\'IA "neuve"'),
        ("10\u00a0M\u202f€", "10 M €"),
        ("㈱½", "㈱½"),  # longer when decomposed: left alone
        ('plain ASCII\'s "text"', 'plain ASCII\'s "text"'),
    ],
)
def test_odd_forms_become_plain(text, plain):
    assert normalise(text) == plain


@given(st.text())
def test_length_never_changes_and_twice_is_once(text):
    plain = normalise(text)
    assert len(plain) == len(text)
    assert normalise(plain) == plain


def test_scripts_without_spaces():
    assert all(map(is_cjk, "あアー漢字한々〇"))
    assert not any(map(is_cjk, "aÉñя1。、"))
