"""The tokenizer loses nothing and cuts at every change of script."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st

from models.tokens import ScriptTokenizer
from tests.eval.gate import articles, document

TOKENIZER = ScriptTokenizer(spacy.blank("xx").vocab)


@given(st.text())
@example(" a  b\n\n c ")
@example("\u3000全角　 x")
def test_the_text_survives(text):
    assert TOKENIZER(text).text == text


def test_articles_survive():
    for article in articles():
        content = document(article).content
        assert TOKENIZER(content).text == content


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("오픈AI가", ["오", "픈", "AI", "가"]),
        ("OpenAI社", ["OpenAI", "社"]),
        ("H100s, $3.5bn", ["H", "100", "s", ",", "$", "3", ".", "5", "bn"]),
        ("d'été", ["d", "'", "été"]),
        ("", []),
    ],
)
def test_tokens(text, words):
    assert [token.text for token in TOKENIZER(text)] == words


def test_it_has_no_state_to_save(tmp_path):
    assert TOKENIZER.from_bytes(TOKENIZER.to_bytes()) is TOKENIZER
    TOKENIZER.to_disk(tmp_path / "none")
    TOKENIZER.from_disk(tmp_path / "none")
    assert not (tmp_path / "none").exists()
