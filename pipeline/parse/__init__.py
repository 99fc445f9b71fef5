"""Parse: fetched bytes and local files in, feed items, articles and documents out.

Nothing here raises over what a stranger sent: a body that cannot be read is a :class:`ParseProblem`, a file an
:class:`InputProblem`. Names are imported on first use, because feedparser, lxml and trafilatura slow a start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.parse.addresses import article_id, canonical_url, version_id
    from pipeline.parse.feeds import ParsedFeed, parse_feed
    from pipeline.parse.files import read_files
    from pipeline.parse.language import LanguageGuess, detect_language
    from pipeline.parse.pages import article_from_item, parse_page
    from pipeline.parse.problems import InputProblem, ParseProblem

_HOMES = {
    "InputProblem": "problems",
    "LanguageGuess": "language",
    "ParseProblem": "problems",
    "ParsedFeed": "feeds",
    "article_from_item": "pages",
    "article_id": "addresses",
    "canonical_url": "addresses",
    "detect_language": "language",
    "parse_feed": "feeds",
    "parse_page": "pages",
    "read_files": "files",
    "version_id": "addresses",
}
__all__ = [
    "InputProblem",
    "LanguageGuess",
    "ParseProblem",
    "ParsedFeed",
    "article_from_item",
    "article_id",
    "canonical_url",
    "detect_language",
    "parse_feed",
    "parse_page",
    "read_files",
    "version_id",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"pipeline.parse.{_HOMES[name]}"), name)
