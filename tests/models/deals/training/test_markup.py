"""Annotated articles as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

import models.deals.training.markup as markup
from models.deals.training.markup import MarkupError, parse, read_markup

ARTICLE = """## de-a001 2025-11-03
T [Nebius|nebius] mietet bei [Equinix|equinix]
[Nebius] zahlt {zwei Milliarden Dollar|2e9 USD exact contract} für Räume mit <H200|nvidia-h200>.
Mehr sagte niemand.
Der Vertrag läuft.
= compute_contract announced; provider equinix; customer nebius; sum 2e9 USD; chips nvidia-h200; in 0 1 3
"""


def test_an_article_becomes_a_document():
    [doc] = parse(ARTICLE)
    assert not isinstance(doc, MarkupError)
    assert doc["title"] == "Nebius mietet bei Equinix"
    assert doc["text"].startswith("Nebius zahlt zwei Milliarden Dollar für Räume mit H200. Mehr")
    assert doc["amounts"][0]["value"] == 2_000_000_000
    [deal] = doc["deals"]
    assert [p["role"] for p in deal["parties"]] == ["provider", "customer"]
    assert [deal["evidence"], *deal["further"]][-1] == "Der Vertrag läuft."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("customer nebius", "buyer nebius", "means nothing"),
        ("sum 2e9", "sum 3e9", "not marked"),
        ("in 0 1 3", "in 9", "has 3 lines"),
        ("exact contract", "exact price", "no role of a sum"),
        ("[Nebius] zahlt", "[Unbekannt] zahlt", "without its id"),
        ("announced;", "agreed;", "must be a type"),
    ],
)
def test_what_breaks_the_rules_is_named_with_its_line(old, new, reason):
    [error] = parse(ARTICLE.replace(old, new), "file.txt")
    assert isinstance(error, MarkupError)
    assert reason in str(error)
    assert str(error).startswith("file.txt:")


@pytest.mark.parametrize(
    "path", sorted((Path(markup.__file__).parent / "articles").glob("*.txt")), ids=lambda p: p.name
)
def test_every_article_of_ours_can_be_read(path):
    docs = read_markup(path)
    assert docs
    assert len({doc["id"] for doc in docs}) == len(docs)
