"""One sentence for each type and status in each language, as an editor would write it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from models.facts import DealType, Status
from pipeline.digest.phrases import Parties, Sum, languages, phrasebook
from pipeline.errors import ConfigError

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))
TYPES, STATUSES = get_args(DealType), get_args(Status)
MUTUAL = {"partnership", "infrastructure", "public_offering"}
TEN = Sum(10e9, "USD", "over")


def parties(kind: str) -> Parties:
    if kind in MUTUAL:
        return Parties(allies=("OpenAI",) if kind == "public_offering" else ("Amazon", "OpenAI"))
    return Parties(givers=("Amazon",), takers=("OpenAI",))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", STATUSES)
def test_each_type_and_status_reads_right(language, kind, status):
    said = phrasebook(language).sentence("new", kind, status, parties(kind), TEN)
    assert said == SENTENCES[language][kind][status]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "who", [Parties(("A",), ("B",)), Parties(allies=("A", "B")), Parties(givers=("A", "B")), Parties(takers=("A",))]
)
def test_no_sentence_has_a_gap(language, kind, status, who):
    book = phrasebook(language)
    for event in ("new", "status", "reopened", "conflict", "amount"):
        for amount in (TEN, None):
            said = book.sentence(event, kind, status, who, amount)
            assert "A" in said or "B" in said
            assert not set("[]{}") & set(said)
            assert "  " not in said
            assert said == said.strip()
            assert ("10" in said or "100" in said) == (amount is not None)


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", Sum(10e9, "USD", "over"), "more than $10 bn"),
        ("en", Sum(110e9, "USD", "up_to"), "up to $110 bn"),
        ("en", Sum(14.7e12, "KRW", "about", 10.01e9), "about KRW 14.7 tn (about $10 bn)"),
        ("en", Sum(1.25e6, "EUR"), "€1.25 m"),
        ("en", Sum(500, "USD"), "$500"),
        ("ja", Sum(10e9, "USD", "over"), "100億ドル超"),
        ("ja", Sum(1.2e12, "JPY", "about", 7.98e9), "約1.2兆円（約80億ドル）"),
        ("ja", Sum(38e9, "USD"), "380億ドル"),
        ("ja", Sum(5e7, "CHF", "under"), "5000万CHF未満"),
    ],
)
def test_sums_read_as_the_language_writes_them(language, amount, text):
    assert phrasebook(language).money(amount) == text


def test_verbs_agree_and_many_investors_are_cut():
    book = phrasebook("en")
    two = book.sentence("new", "equity_investment", "in_talks", Parties(("Amazon", "Nvidia"), ("OpenAI",)), None)
    assert two == "Amazon and Nvidia are in talks to invest in OpenAI"
    many = book.sentence("new", "equity_investment", "completed", Parties(tuple("ABCDEF"), ("OpenAI",)), TEN)
    assert many == "A, B, C and others have invested more than $10 bn in OpenAI"


def test_a_revised_sum_says_what_it_was():
    pair = Parties(("Amazon",), ("OpenAI",))
    said = [
        phrasebook(language).sentence("amount", "equity_investment", "announced", pair, Sum(50e9, "USD", "up_to"), TEN)
        for language in ("en", "ja")
    ]
    assert said == [
        "The sum of the investment by Amazon in OpenAI is now put at up to $50 bn, after more than $10 bn",
        "AmazonによるOpenAIへの出資の金額は100億ドル超から最大500億ドルに改められた",
    ]


def test_a_language_without_words_is_named():
    with pytest.raises(ConfigError, match=r"'xx'.*en, ja"):
        phrasebook("xx")
