"""One sentence for each type and status in each language, as an editor would write it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from models.facts import DealType, Status
from pipeline.digest.money import Sum
from pipeline.digest.phrases import FOLDER, News, Parties, languages, phrasebook
from pipeline.errors import ConfigError

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))
TYPES, STATUSES = get_args(DealType), get_args(Status)
MUTUAL = {"partnership", "infrastructure", "public_offering"}
TEN = Sum(10e9, "USD", "over")
PAIR = Parties(("Amazon",), ("OpenAI",))
KINDS = ("new", "status", "reopened", "conflict", "amount", "disputed", "taken_back", "quiet", "due")


def parties(kind: str) -> Parties:
    if kind in MUTUAL:
        return Parties(allies=("OpenAI",) if kind == "public_offering" else ("Amazon", "OpenAI"))
    return PAIR


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", STATUSES)
def test_each_type_and_status_reads_right(language, kind, status):
    said = phrasebook(language).sentence(News("new", kind, status, TEN), parties(kind))
    assert said == SENTENCES[language][kind][status]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "who", [Parties(("A",), ("B",)), Parties(allies=("A", "B")), Parties(givers=("A", "B")), Parties(takers=("A",))]
)
def test_no_sentence_has_a_gap(language, kind, status, who):
    book = phrasebook(language)
    for change in KINDS:
        for amount in (TEN, None) if change != "disputed" else (TEN,):
            news = News(change, kind, status, amount, days=77, day=date(2026, 3, 5), source="Wire")
            said = book.sentence(news, who)
            assert "A" in said or "B" in said
            assert not set("[]{}") & set(said)
            assert "  " not in said
            assert said == said.strip()
            assert ("10" in said or "100" in said) == (amount is not None)
            assert ("77" in said) == (change == "quiet")
            assert ("Wire" in said) == (change == "disputed")


def test_each_language_has_the_same_words():
    """A key that one file lacks would be missed by readers of that language only."""

    def keys(table, path=""):
        for key, value in table.items():
            if isinstance(value, dict) and key not in ("currencies",) and not {"one", "other"} & value.keys():
                yield from keys(value, f"{path}{key}.") if key != "names" else ()
            else:
                yield f"{path}{key}"

    optional = {"names_in", "elisions", "number_scales", "money.grouping", "money.singular_below"}
    words = {path.stem: set(keys(tomllib.loads(path.read_text("utf-8")))) - optional for path in FOLDER.glob("*.toml")}
    assert len(words) == 7
    assert {name: found ^ words["en"] for name, found in words.items() if found != words["en"]} == {}


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", Sum(10e9, "USD", "over"), "more than $10 bn"),
        ("en", Sum(110e9, "USD", "up_to"), "up to $110 bn"),
        ("en", Sum(14.7e12, "KRW", "about", (10.01e9, "USD")), "about KRW 14.7 tn (about $10 bn)"),
        ("en", Sum(10e9, "USD", "over", (1.5512e12, "JPY")), "more than $10 bn (about ¥1.6 tn)"),
        ("en", Sum(1.25e6, "EUR"), "€1.25 m"),
        ("en", Sum(500, "USD"), "$500"),
        ("ja", Sum(10e9, "USD", "over", (1.5512e12, "JPY")), "100億ドル超（約1.6兆円）"),
        ("ja", Sum(1.2e12, "JPY", "about", (7.98e9, "USD")), "約1.2兆円（約80億ドル）"),
        ("ja", Sum(380e9, "USD"), "3800億ドル"),
        ("ja", Sum(5e7, "NOK", "under"), "5000万NOK未満"),
        ("de", Sum(1.5e9, "EUR"), "1,5 Mrd. Euro"),
        ("es", Sum(38e9, "USD", "exact", (33e9, "EUR")), "38.000 millones de dólares (unos 33.000 millones de euros)"),
        ("es", Sum(1e12, "USD"), "1 billón de dólares"),
        ("fr", Sum(1.5e9, "EUR"), "1,5 milliard d’euros"),
        ("fr", Sum(2e9, "USD"), "2 milliards de dollars"),
        ("ko", Sum(1.2e12, "KRW"), "1.2조 원"),
        ("zh", Sum(2e9, "CNY"), "20亿元人民币"),
    ],
)
def test_sums_read_as_the_language_writes_them(language, amount, text):
    assert phrasebook(language).money(amount) == text


def test_a_sum_within_brackets_opens_no_second_ones():
    news = News("new", "acquisition", "announced", Sum(2e9, "USD", "exact", (1.7e9, "EUR")))
    said = phrasebook("fr").sentence(news, Parties(("Orange",), ("OpenAI",)))
    assert said == "Orange a convenu de racheter OpenAI (2 milliards de dollars, environ 1,7 milliard d’euros)"


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [("en", 1e6, "1 million"), ("en", 6500, "6,500"), ("ja", 1e6, "100万"), ("ko", 2.5e6, "250만"),
     ("zh", 3e8, "3亿"), ("de", 1e6, "1.000.000"), ("en", 0.75, "0.75"), ("fr", 1.5, "1,5")],
)  # fmt: skip
def test_numbers_read_as_the_language_writes_them(language, number, text):
    assert phrasebook(language).number(number) == text


@pytest.mark.parametrize(
    ("language", "name", "aliases", "shown"),
    [
        ("ja", "Amazon", ["Amazon", "亚马逊", "アマゾン", "아마존"], "アマゾン"),
        ("ko", "Amazon", ["Amazon", "亚马逊", "アマゾン", "아마존"], "아마존"),
        ("zh", "Amazon", ["Amazon", "アマゾン", "亚马逊"], "亚马逊"),
        ("en", "Amazon", ["アマゾン"], "Amazon"),
        ("ja", "AMD", ["AMD", "エーエムディー"], "AMD"),
        ("ja", "Nebius", ["Nebius"], "Nebius"),
        ("ja", "Meta", ["Meta", "メタ・プラットフォームズ", "メタ"], "メタ"),
        ("zh", "Meta", ["Meta", "臉書", "脸书"], "Meta"),
        ("zh", "Nvidia", ["Nvidia", "輝達", "英伟达"], "英伟达"),
    ],
)
def test_companies_bear_the_name_that_readers_know(language, name, aliases, shown):
    assert phrasebook(language).company(name, aliases) == shown


def test_verbs_agree_and_many_investors_are_cut():
    book = phrasebook("en")
    two = book.sentence(News("new", "equity_investment", "in_talks"), Parties(("Amazon", "Nvidia"), ("OpenAI",)))
    assert two == "Amazon and Nvidia are in talks to invest in OpenAI"
    crowd, done = Parties(tuple("ABCDEF"), ("OpenAI",)), News("new", "equity_investment", "completed", TEN)
    assert book.sentence(done, crowd) == "A, B, C and others have invested more than $10 bn in OpenAI"
    assert phrasebook("ja").sentence(done, crowd) == "A、B、CなどがOpenAIに100億ドル超を出資した"


def test_a_revised_sum_says_what_it_was():
    news = News("amount", "equity_investment", "announced", Sum(50e9, "USD", "up_to"), TEN)
    assert [phrasebook(language).sentence(news, PAIR) for language in ("en", "ja", "de")] == [
        "The sum of the investment by Amazon in OpenAI is now put at up to $50 bn, after more than $10 bn",
        "AmazonによるOpenAIへの出資の金額は100億ドル超から最大500億ドルに改められた",
        "Neue Summe für die Beteiligung von Amazon an OpenAI: bis zu 50 Mrd. Dollar, zuvor mehr als 10 Mrd. Dollar",
    ]
    gone = News("amount", "equity_investment", "announced", None, TEN)
    assert phrasebook("en").sentence(gone, PAIR) == (
        "No single sum can be given for the investment by Amazon in OpenAI any more; it was more than $10 bn"
    )


def test_a_language_without_words_is_named():
    with pytest.raises(ConfigError, match=r"'xx'.*de, en, es, fr, ja, ko, zh"):
        phrasebook("xx")
