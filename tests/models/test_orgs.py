"""Organisations: known names in seven languages, and ids for those that nobody knows."""

from __future__ import annotations

import pytest

from models.normal import normalise
from models.orgs import companies, find_orgs, kinds, plausible, provisional_id


def orgs(content, *tagged):
    """(text, id) of the organisations, with the ``tagged`` names offered by a tagger at their first place."""
    spans = [(content.index(name), content.index(name) + len(name)) for name in tagged]
    found = find_orgs(content, normalise(content), spans)
    assert all(content[e.start : e.end] == e.text and e.type == "org" for e in found)
    return [(e.text, e.id) for e in found]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ("Shares of Nvidia and AMD fell.", ["nvidia", "amd"]),
        ("Nvidias Kunden, darunter die Deutsche Telekom", ["nvidia", "deutsche-telekom"]),
        ("La direction d'OpenAI, celle d’Anthropic", ["openai", "anthropic"]),
        ("Telefónica y Oracle firman", ["telefonica", "oracle"]),
        ("OpenAI社とマイクロソフトが", ["openai", "microsoft"]),
        ("ＯｐｅｎＡＩはソフトバンクグループと", ["openai", "softbank"]),
        ("오픈AI가 삼성전자와", ["openai", "samsung-electronics"]),
        ("英伟达与微软，輝達和台積電", ["nvidia", "microsoft", "nvidia", "tsmc"]),
        ("the weather stayed mild", []),
    ],
)
def test_known_names(content, ids):
    assert [i for _, i in orgs(content)] == ids


def test_what_the_rows_say():
    assert companies()["openai"].name == "OpenAI"
    assert kinds()["openai"] == "lab"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zorblat Inc.", "~zorblat"),
        ("ZORBLAT", "~zorblat"),
        ("Zorblat Power GmbH & Co. KG", "~zorblatpower"),
        ("株式会社ゾルブラ", "~ゾルブラ"),
        ("㈱ゾルブラ", "~ゾルブラ"),
        ("(주)조르블랏", "~조르블랏"),
        ("佐布拉有限公司", "~佐布拉"),
    ],
)
def test_a_provisional_id_leaves_out_the_legal_form(name, expected):
    assert provisional_id(name) == expected


def test_an_unknown_name_counts_once_a_tagger_has_found_it_and_then_everywhere():
    text = "Zorblat raises money. Analysts like Zorblat, not Zorblatters."
    assert orgs(text) == []
    assert orgs(text, "Zorblat") == [("Zorblat", "~zorblat")] * 2
    assert orgs("조르블랏이 투자했다. 조르블랏은 크다.", "조르블랏") == [("조르블랏", "~조르블랏")] * 2


def test_a_short_form_in_brackets_shares_the_id():
    found = orgs("Zorblat M&E (ZM&E) grows. ZM&E hires.", "Zorblat M&E")
    assert found == [("Zorblat M&E", "~zorblatme"), ("ZM&E", "~zorblatme"), ("ZM&E", "~zorblatme")]


def test_a_tagger_overrules_no_row():
    assert orgs("Nvidia Corporation", "Nvidia Corporation") == orgs("Nvidia Corporation")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("the firm Zorblat grows", "Zorblat", True),
        ("the firm Zorblat grows", "Zorbl", False),  # cuts a word
        ("the firm Zorblat grows", "firm", False),  # a common word
        ("about ChatGPT", "ChatGPT", False),  # a product
        ("as Reuters says", "Reuters", False),  # a medium
        ("X (Zor", "(Zor", False),
        ("in 2025 then", "2025", False),
        ("A & B", "&", False),
        ("ゾルブラットは", "ゾルブラット", True),
        ("ゾルブラットは", "ゾルブ", False),
        ("eBay-like eZorb", "eZorb", True),
    ],
)
def test_plausible_names(text, name, expected):
    start = text.index(name)
    assert plausible(text, start, start + len(name)) is expected
