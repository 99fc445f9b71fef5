"""What a particle or preposition makes of a name, in seven languages."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("lang", "content", "expected"),
    [
        ("en", "Wiz was bought by Google from Oracle together with Intel", ["bare", "by", "from", "with"]),
        ("en", "Google's rival Intel sold to AMD", ["possessive", "versus", "to"]),
        ("en", "a deal with Nvidia, AMD and Intel", ["with", "with", "with"]),
        ("en", "Nvidia rose while AMD fell", ["bare", "bare"]),
        ("de", "Wiz wurde von Google und Microsoft übernommen", ["bare", "by", "by"]),
        ("de", "OpenAI zahlt an Oracle", ["bare", "to"]),
        ("fr", "Wiz est racheté par Google auprès de Microsoft", ["bare", "by", "from"]),
        ("es", "Wiz fue comprada por Google con Nvidia y AMD", ["bare", "by", "with", "with"]),
        ("ja", "OpenAIはオラクルからNvidiaを", ["subject", "from", "object"]),
        ("ja", "マイクロソフトによる買収", ["by"]),
        ("ko", "구글이 위즈를 오픈AI에", ["subject", "object", "to"]),
        ("ko", "오픈AI와 오라클은", ["subject", "subject"]),
        ("zh", "Wiz被谷歌收购", ["bare", "by"]),
        ("zh", "微软向OpenAI投资", ["bare", "to"]),
    ],
)
def test_functions(arranged, lang, content, expected):
    assert [m.function for m in arranged(content, lang).mentions if not m.virtual] == expected


@pytest.mark.parametrize(
    ("lang", "content", "expected"),
    [
        ("en", "Wiz was bought by Google, with Intel", ["bare", "by", "with"]),
        ("fr", "Wiz est racheté auprès de Microsoft, avec Nvidia", ["bare", "from", "with"]),
        ("ja", "マイクロソフトによる買収、Nvidiaが出資", ["by", "subject"]),
    ],
)
def test_a_name_with_a_mark_of_its_own_is_in_no_list(arranged, lang, content, expected):
    assert [m.function for m in arranged(content, lang).mentions] == expected
