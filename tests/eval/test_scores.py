"""The reader reaches the pinned figures on the benchmark, in every language and on articles it was not fitted on."""

from __future__ import annotations

import pytest

from models.evaluation import MEASURES
from tests.eval.gate import (
    PARTS,
    LoweredFloorsError,
    articles,
    corpus_hash,
    document,
    floors_under,
    measure,
    part_of,
    read_all,
    read_floors,
    settle,
)

FLOORS = read_floors()
LANGUAGES = ("all", "de", "en", "es", "fr", "ja", "ko", "pt", "zh")


@pytest.fixture(scope="session")
def gold():
    return articles()


@pytest.fixture(scope="session")
def readings(gold):
    return read_all(gold)


@pytest.fixture(scope="session")
def figures(gold, readings):
    return measure(gold, readings)


def test_the_floors_were_pinned_for_this_corpus():
    assert FLOORS["corpus"] == corpus_hash(), "the articles have changed: python -m tests.eval.pin --allow-lower"


def test_articles_are_whole_and_in_both_parts(gold):
    ids = [article["id"] for article in gold]
    assert len(ids) == len(set(ids))
    for lang in LANGUAGES[1:]:
        assert {part_of(a["id"]) for a in gold if a["lang"] == lang} == set(PARTS), lang
    for article in gold:
        known = {*article["orgs"], *article["chips"]}
        assert set(article["surfaces"]) <= known, article["id"]
        for deal in article["deals"]:
            assert {p["id"] for p in deal["parties"]} <= known, article["id"]


@pytest.mark.slow
def test_every_article_is_read_and_offsets_hold(gold, readings):
    for article in gold:
        reading, content = readings[article["id"]], document(article).content
        assert reading.error is None
        for found in (*reading.entities, *reading.chips, *reading.amounts):
            assert content[found.start : found.end] == found.text, article["id"]
        for deal in reading.deals:
            assert 0 <= deal.evidence.start < deal.evidence.end <= len(content)
            assert {p.id for p in deal.parties} <= {e.id for e in reading.entities}, article["id"]


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_stand_above_their_floors(figures, part, lang):
    floors, reached = FLOORS[part][lang], figures[part][lang]
    assert set(floors) == set(reached), "pin anew: a measure has come or gone"
    sunk = {name: (round(reached[name], 3), floor) for name, floor in floors.items() if reached[name] < floor}
    assert not sunk, f"{part}, {lang}: (reached, floor) of {sunk}"


def row(**values):
    return {part: {"all": values} for part in PARTS}


def test_a_floor_is_a_hundredth_lower_and_never_below_zero():
    assert floors_under(row(orgs=0.9, strict=0.1239, quiet=0.004)) == row(orgs=0.89, strict=0.113, quiet=0.0)


@pytest.mark.parametrize(
    ("corpus", "new"),
    [("b", row(orgs=0.9)), ("a", row(orgs=0.7)), ("a", row(chips=0.9))],
    ids=["another corpus", "a lower figure", "a figure gone"],
)
def test_floors_sink_only_when_asked(corpus, new):
    pinned = {"corpus": "a", **row(orgs=0.8)}
    with pytest.raises(LoweredFloorsError):
        settle(pinned, corpus, new)
    assert settle(pinned, corpus, new, allow_lower=True) == {"corpus": corpus, **new}


def test_higher_figures_and_the_first_ones_are_pinned_without_asking():
    assert settle({"corpus": "a", **row(orgs=0.8)}, "a", row(orgs=0.85, chips=0.2))["fitted"]["all"]["orgs"] == 0.85
    assert settle({}, "a", row(orgs=0.1))["corpus"] == "a"


def test_all_measures_have_floors():
    assert all(set(FLOORS[part]["all"]) == set(MEASURES) for part in PARTS)
