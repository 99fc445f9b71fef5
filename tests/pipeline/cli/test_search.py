"""``search`` on a small real snapshot."""

from __future__ import annotations

import json

import pytest


def found(dealwire, *arguments):
    answer = dealwire("search", *arguments, "--format", "json")
    assert answer.status == 0, answer.err
    return [row["article_id"] for row in json.loads(answer.out)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["MI450"], ["chips"]),
        (["amazon"], ["paid"]),
        (["talks"], ["rumour"]),
        (["amazon", "--lang", "en", "--limit", "1"], ["paid"]),
        (["Amazon", "completes"], ["paid"]),
        (["amaz"], []),
        (["text of chips"], ["chips"]),
    ],
)
def test_words_are_found_in_titles_and_texts(dealwire, arguments, expected):
    assert found(dealwire, *arguments) == expected


def test_an_article_leads_to_its_deals(dealwire):
    answer = dealwire("search", "mi450", "--format", "json")
    (row,) = json.loads(answer.out)
    assert row["deal_ids"] == ["amd-meta-chips-2026-02"]
    assert row["url"] == "https://example.org/chips"
    assert "AMD liefert Meta MI450" in dealwire("search", "mi450").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["..."], "no word"),
        (["amazon", "--lang", "jp"], "no article is in the language 'jp'"),
        (["amazon", "--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_looked_for_is_an_error(dealwire, arguments, told):
    answer = dealwire("search", *arguments)
    assert answer.status == 2
    assert told in answer.err


def test_no_control_sequence_of_a_title_reaches_the_terminal(dealwire):
    shown = dealwire("search", "talks").out
    assert "Amazon in talks to invest" in shown
    assert "\x1b" not in shown
