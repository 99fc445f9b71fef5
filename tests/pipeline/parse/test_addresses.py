"""One article, one address, one id."""

from __future__ import annotations

import pytest

from pipeline.parse import article_id, canonical_url, version_id


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        ("https://www.news.example/a/?utm_source=b&id=3&fbclid=1#frag", None, "https://www.news.example/a?id=3"),
        ("HTTP://News.example:80/a//b?b=2&a=1", None, "http://news.example/a/b?a=1&b=2"),
        ("https://news.example/a?from=singlemessage&spm=1.2", None, "https://news.example/a"),
        ("https://news.example/a?from=tokyo", None, "https://news.example/a?from=tokyo"),
        ("https://m.news.example/a?x=1", "https://www.news.example/a", "https://www.news.example/a"),
        ("https://news.example/a", "/b/index.html", "https://news.example/b"),
        ("https://news.example/a", "https://other.example.org/a", "https://news.example/a"),
        ("https://news.example/a", "https://news.example/", "https://news.example/a"),
        ("https://news.example/a", "javascript:alert(1)", "https://news.example/a"),
        ("https://news.example/記事/7?ref=rss", None, "https://news.example/%E8%A8%98%E4%BA%8B/7"),
        ("ftp://news.example/a", None, ""),
        ("https://[broken", None, ""),
        ("https://news.example/" + "a" * 5000, None, ""),
    ],
)
def test_canonical(url: str, declared: str | None, expected: str) -> None:
    assert canonical_url(url, declared) == expected


def test_ids() -> None:
    ident = article_id("https://www.news.example/a?id=3")
    assert ident == article_id("http://news.example/a?id=3")
    assert ident != article_id("https://news.example/a?id=4")
    assert ident.startswith("news.example-")
    assert len(ident) == len("news.example-") + 12


def test_a_version_changes_with_words_only() -> None:
    first = version_id("x", "Title", "Some  text\n\nhere")
    assert first == version_id("x", "TITLE", "some text here ")
    assert first != version_id("x", "Title", "Some text there")
    assert first.startswith("x-v")
