"""What the article and publisher files hold, and how a wrong one is told."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.demo.content import Article, Publisher, load_articles, load_chrome, load_publishers
from pipeline.errors import ConfigError

ARTICLES = load_articles()
PUBLISHERS = [publisher for publisher in load_publishers() if not publisher.fault]
ROLES = {
    "equity_investment": {"investor", "investee"},
    "acquisition": {"acquirer", "target"},
    "compute_contract": {"provider", "customer"},
    "chip_supply": {"provider", "customer"},
    "partnership": {"partner"},
}
SEED_THREADS = [
    "amazon-web-services-openai-compute-2025-11",
    "amazon-openai-equity-2025-12",
    "openai-round-2026-02",
    "microsoft-openai-partnership-2026-04",
]


def test_there_are_enough_articles_publishers_and_articles_without_a_deal() -> None:
    assert len(ARTICLES) >= 70
    assert len(PUBLISHERS) >= 9
    assert sum(not article.deals for article in ARTICLES) * 3 >= len(ARTICLES)
    languages = sorted(publisher.language for publisher in PUBLISHERS)
    assert languages == ["de", "en", "en", "es", "fr", "ja", "ja", "ko", "zh"]


def test_two_publishers_are_left_with_a_failing_feed_only() -> None:
    assert {publisher.fault for publisher in load_publishers()} == {None, "gone", "unavailable"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.key)
def test_an_article_is_of_the_length_and_language_of_its_publisher(article: Article) -> None:
    (publisher,) = [p for p in PUBLISHERS if p.id == article.publisher]
    assert article.lang == publisher.language
    body = "\n".join(article.paragraphs)
    size, low, high = (len(body), 280, 700) if article.lang in {"ja", "zh", "ko"} else (len(body.split()), 110, 260)
    assert low <= size <= high


@pytest.mark.parametrize("article", [a for a in ARTICLES if a.deals], ids=lambda article: article.key)
def test_expected_deals_have_the_roles_of_their_type(article: Article) -> None:
    for deal in article.deals:
        assert {party.role for party in deal.parties} == ROLES[deal.type]
    threads = [deal.thread for deal in article.deals]
    assert len(threads) == len(set(threads))


def test_a_thread_is_one_transaction_wherever_it_is_told() -> None:
    shapes = defaultdict(set)
    for article in ARTICLES:
        for deal in article.deals:
            first = {p.id for p in deal.parties if p.role in {"investee", "target", "customer", "partner"}}
            shapes[deal.thread].add((deal.type, frozenset(first), deal.currency))
    for thread, seen in shapes.items():
        assert len({(kind, parties) for kind, parties, _ in seen}) == 1, thread


@pytest.mark.parametrize("thread", SEED_THREADS)
def test_the_first_story_is_told_in_three_languages(thread: str) -> None:
    assert len({a.lang for a in ARTICLES for deal in a.deals if deal.thread == thread}) >= 3


def test_one_deal_has_two_sums_and_one_ends_after_its_announcement() -> None:
    deals = [deal for article in ARTICLES for deal in article.deals]
    assert {d.amount for d in deals if d.thread == "amd-meta-chips-2026-02"} == {60_000_000_000, 100_000_000_000}
    assert {d.status for d in deals if d.thread == "meta-manus-acquisition-2025-12"} == {"announced", "ended"}


def test_paths_and_guids_are_unique() -> None:
    assert len({(a.publisher, a.path) for a in ARTICLES}) == len(ARTICLES)
    assert len({a.guid for a in ARTICLES}) == len(ARTICLES)


def test_a_syndicated_article_repeats_its_original_with_a_credit() -> None:
    by_key = {article.key: article for article in ARTICLES}
    copy = by_key["stackwire/core-scientific-no"]
    assert copy.paragraphs == by_key["harbour-ledger/coreweave-vote"].paragraphs
    assert copy.credit is not None
    assert [a.key for a in ARTICLES if a.credit] == [copy.key]


def test_every_publisher_has_words_for_its_pages() -> None:
    chrome = load_chrome()
    assert {publisher.language for publisher in PUBLISHERS} <= chrome.keys()
    assert len({frozenset(words) for words in chrome.values()}) == 1


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda publisher: publisher.id)
def test_hardly_a_character_is_missing_from_the_charset(publisher: Publisher) -> None:
    text = "".join("".join(a.paragraphs) for a in ARTICLES if a.publisher == publisher.id)
    missing = {c for c in text if not c.encode(publisher.charset, "ignore")}
    assert len(missing) <= 3, missing


GOOD = """title = "t"
lang = "en"
published = "2026-01-01T00:00:00+00:00"
author = "a"
section = "s"
path = "/t"
deals = []
body = "words"
"""


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ('path = "/t"', 'path = "t"', "path"),
        ("+00:00", "", "published"),
        ("deals = []", 'deals = []\nauthro = "x"', "authro"),
        ("deals = []", "", "deals"),
        ('body = "words"', "", "has a body"),
        ('body = "words"', 'syndicated_from = "p/none"\ncredit = "c"', "p/none"),
        ('title = "t"', 'title = "t', "cannot be read"),
        ("deals = []", 'deals = [{thread="a-b",type="gift",status="announced",parties=[]}]', "deals.0.type"),
    ],
)
def test_a_wrong_article_is_named_with_its_key(tmp_path: Path, line: str, instead: str, complaint: str) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "good.toml").write_text(GOOD)
    assert [article.key for article in load_articles(folder=tmp_path)] == ["press/good"]
    (folder / "wrong.toml").write_text(GOOD.replace(line, instead))
    with pytest.raises(ConfigError, match=complaint) as caught:
        load_articles(folder=tmp_path)
    assert "wrong" in str(caught.value)
