"""Where sentences end in each language."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data_files import languages
from models.sentences import split

CASES = [
    ("en", "Apple Inc. grew 2.5 percent. Then it fell!", ["Apple Inc. grew 2.5 percent.", "Then it fell!"]),
    ("en", "J. P. Morgan lends. “Fine.” It said so.", ["J. P. Morgan lends.", "“Fine.”", "It said so."]),
    ("de", "Am 3. März zahlt sie 2 Mrd. Euro. Das ist viel.", ["Am 3. März zahlt sie 2 Mrd. Euro.", "Das ist viel."]),
    ("fr", "M. Mensch lève 2 Md€. C’est beaucoup ?", ["M. Mensch lève 2 Md€.", "C’est beaucoup ?"]),
    ("es", "El Sr. Ruiz compra en EE.UU. por poco. ¡Ya!", ["El Sr. Ruiz compra en EE.UU. por poco.", "¡Ya!"]),
    ("ja", "買収した。「高い。」と述べた。", ["買収した。", "「高い。」", "と述べた。"]),
    ("ko", "인수했다. 3.5% 올랐다.", ["인수했다.", "3.5% 올랐다."]),
    ("zh", "收购完成；股价上涨！真的？", ["收购完成；", "股价上涨！", "真的？"]),
    ("en", "A headline\n\n  A body without end", ["A headline", "A body without end"]),
    ("en", " \n ", []),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_sentences(lang, text, expected):
    found = split(text, lang)
    assert [text[s.start : s.end] for s in found] == expected
    assert [s.index for s in found] == list(range(len(expected)))


def test_the_title_is_marked():
    text = "One. Two\nThree."
    assert [s.title for s in split(text, "en", title_end=8)] == [True, True, False]


@given(st.text(alphabet=st.sampled_from("aB1 .!?。\n\"'」\u3000가")), st.sampled_from(languages()))
def test_nothing_but_white_space_is_lost(text, lang):
    found = split(text, lang)
    assert "".join("".join(text[s.start : s.end].split()) for s in found) == "".join(text.split())
    assert all(one.end <= two.start for one, two in pairwise(found))
