"""What first inputs are made of: the sample newsroom, an article, the TOML of the manual."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.reliability.fuzz.bodies import NOW, URL
from benchmarks.reliability.fuzz.target import ROOT

if TYPE_CHECKING:
    from pipeline.demo.pages import Resource
    from pipeline.records import Article


@cache
def articles() -> list[tuple[str, str, str]]:
    """Language, headline and text of the sample newsroom's articles."""
    from pipeline.demo.content import load_articles, load_publishers

    spoken = {publisher.id: publisher.language for publisher in load_publishers()}
    return [(spoken[one.publisher], one.title, "\n\n".join(one.paragraphs)) for one in load_articles()]


@cache
def site() -> dict[str, Resource]:
    """Path → resource of the sample newsroom."""
    from pipeline.demo.content import load_articles, load_publishers
    from pipeline.demo.pages import build_site

    return dict(build_site("https://news.example", load_publishers(), load_articles()))


def article() -> Article:
    """An article as batches keep it."""
    from pipeline.records import Article

    return Article("news.example-1", "news.example-1-v1", "s", URL, "Title", "Text.", "en", NOW, NOW, "minute", "feed")


def toml_of(page: str) -> Iterator[bytes]:
    """The pieces of TOML that a page of ``docs`` shows."""
    pieces = (ROOT / "docs" / page).read_text("utf-8").split("```toml\n")[1:]
    yield from (piece.partition("```")[0].encode() for piece in pieces)
