"""Sources and answers that the parse tests share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.records import Feed, Fetched, Source

NOW = datetime(2025, 12, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def source() -> Callable[..., Source]:
    def make(country: str = "US", language: str = "en") -> Source:
        feeds = (Feed("https://news.example/feed.xml"),)
        return Source("example", "Example", "https://news.example/", country, language, "news", 2, 60, feeds)

    return make


@pytest.fixture
def fetched() -> Callable[..., Fetched]:
    def make(url: str = "https://news.example/feed.xml", content_type: str = "", state: str = "ok") -> Fetched:
        kind = "feed" if "feed" in url else "page"
        return Fetched("example", url, kind, state, NOW, 200, content_type=content_type, body_sha256="0" * 64)  # type: ignore[arg-type]

    return make
