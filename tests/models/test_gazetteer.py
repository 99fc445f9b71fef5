"""Where an alias counts as a name: edges of words, guards, and the longest where several compete."""

from __future__ import annotations

import pytest

from models.gazetteer import Gazetteer, Guard, Match, guard_of, longest, variants

NAMES = Gazetteer(
    [
        ("Nvidia", "nvidia", None),
        ("Meta", "meta", Guard(not_before=("physik",))),
        ("Arm", "arm", None),
        ("Google", "google", None),
        ("Google Cloud", "google-cloud", None),
        ("OpenAI", "openai", None),
        ("오픈AI", "openai", None),
        ("インテル", "intel", None),
        ("ソフト・バンク", "softbank", None),
        ("阿里", "alibaba", Guard(not_before=("山",))),
        ("Scale", "scale-ai", Guard(needs=("Alexandr Wang", "Scale AI"))),
        ("Scale", "scale-computing", Guard(needs=("edge servers",))),
        ("Orange", "orange", Guard(not_after=("Agent ",))),
        ("3M", "3m", None),
    ]
)


def named(text):
    return [(text[m.start : m.end], m.id) for m in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nvidia rose", [("Nvidia", "nvidia")]),
        ("Nvidias Chips", [("Nvidia", "nvidia")]),
        ("Nvidia's chips", [("Nvidia", "nvidia")]),
        ("Arms race", []),  # too short for a genitive without apostrophe
        ("Army, Farm, Metall", []),
        ("nvidia", []),  # case counts
        ("NVIDIA", [("NVIDIA", "nvidia")]),  # but capitals are a spelling
        ("ARM", []),  # of longer names only
        ("d'OpenAI", [("OpenAI", "openai")]),
        ("米OpenAI社が", [("OpenAI", "openai")]),
        ("오픈AI가 오픈AI의", [("오픈AI", "openai"), ("오픈AI", "openai")]),
        ("インテルは", [("インテル", "intel")]),
        ("インテルサット", []),
        ("ザインテル", []),
        ("ソフトバンクとソフト・バンク", [("ソフトバンク", "softbank"), ("ソフト・バンク", "softbank")]),
        ("Google Cloud and Google", [("Google Cloud", "google-cloud"), ("Google", "google")]),
        ("阿里山の阿里", [("阿里", "alibaba")]),
        ("Metaphysik", []),
        ("Agent Orange, Orange", [("Orange", "orange")]),
        ("at Scale", []),
        ("Scale, of Alexandr Wang", [("Scale", "scale-ai")]),
        ("Scale sells edge servers", [("Scale", "scale-computing")]),
        ("3Ms or 3M", [("3M", "3m")]),
        ("", []),
    ],
)
def test_names_in_text(text, found):
    assert named(text) == found


def test_the_first_owner_of_an_open_alias_keeps_it():
    both = Gazetteer([("Apex", "one", None), ("Apex", "two", None)])
    assert [m.id for m in both.find("Apex")] == ["one"]
    assert both.size == 1


def test_longest_wins_and_order_is_that_of_the_text():
    options = [Match(4, 6, "c"), Match(0, 3, "a"), Match(2, 6, "b")]
    assert longest(options) == [Match(2, 6, "b")]
    assert longest([Match(4, 6, "c"), Match(0, 3, "a")]) == [Match(0, 3, "a"), Match(4, 6, "c")]
    assert longest([]) == []


def test_spellings_that_no_file_lists():
    assert variants("Cohere") == {"Cohere", "COHERE"}
    assert variants("ＯｐｅｎＡＩ") == {"OpenAI", "OPENAI"}
    assert variants("ビジョン・ファンド") == {"ビジョン・ファンド", "ビジョンファンド", "ビジョン ファンド"}


def test_a_guard_is_normalised_like_the_text():
    assert guard_of({"alias": "x", "needs": ["ＡＩ"], "not_before": ["’s"]}) == Guard(("AI",), ("'s",), ())
