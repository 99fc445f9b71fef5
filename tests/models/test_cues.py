"""Cue words: whole words with open endings where scripts have spaces, anywhere where they have none."""

from __future__ import annotations

import pytest

from models.cues import find_cues


@pytest.mark.parametrize(
    ("lang", "text", "group", "words"),
    [
        ("en", "Acquires and ACQUIRED, not reacquired", "acquire", ["Acquires", "ACQUIRED"]),
        ("en", "It buys. Buysse buyers", "acquire", ["buys"]),
        (
            "de",
            "Er übernimmt, nach der Übernahme, und kaufte; Einkaufswagen",
            "acquire",
            ["übernimmt", "Übernahme", "kaufte"],
        ),
        ("fr", "Le groupe s’offre et rachète", "acquire", ["s’offre", "rachète"]),
        ("es", "compró; compradora", "acquire", ["compró"]),
        ("ja", "全面買収した", "acquire", ["買収"]),
        ("ko", "위즈를인수했다", "acquire", ["인수"]),
        ("zh", "谷歌收购，谷歌收購", "acquire", ["收购", "收購"]),
        ("en", "İ: in talks", "talks", ["in talks", "talks"]),  # a letter that lower case makes two
    ],
)
def test_words_of_a_group(lang, text, group, words):
    assert [text[c.start : c.end] for c in find_cues(text, lang) if c.group == group] == words


def test_groups_overlap_and_come_in_order():
    cues = find_cues("买方拟以现金收购", "zh")
    assert {"talks", "planned", "acquire"} <= {c.group for c in cues}
    assert [c.start for c in cues] == sorted(c.start for c in cues)


def test_no_cue_in_plain_weather():
    assert find_cues("Rain fell on London.", "en") == []
