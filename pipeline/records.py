"""What travels between the stages of the pipeline: sources, fetched bodies, articles. Plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FetchState = Literal[
    "ok", "not_modified", "forbidden", "not_found", "gone", "rate_limited", "server_error", "timeout", "unreachable",
    "robots_denied", "too_large", "blocked_address", "empty", "malformed",
]  # fmt: skip
DatePrecision = Literal["second", "minute", "day", "unknown"]


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of a source. ``full_text`` says that items carry whole bodies, so pages need not be fetched."""

    url: str
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher, as its TOML file declares it. ``tier`` is credibility, 1 (wires, filings) to 4 (aggregators)."""

    id: str
    name: str
    homepage: str
    country: str
    language: str
    kind: str
    tier: int
    poll_minutes: int
    feeds: tuple[Feed, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to one request. ``body_sha256`` names the raw body in the store; None where there is none.

    ``final_url`` is where redirects led; ``moved_to`` is set only where every hop was permanent (301, 308).
    """

    source_id: str
    url: str
    kind: Literal["feed", "page"]
    state: FetchState
    fetched_at: datetime
    status: int | None = None
    final_url: str = ""
    moved_to: str | None = None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    bytes: int = 0
    elapsed_ms: int = 0
    error: str = ""
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry of a feed, before its page is fetched."""

    source_id: str
    feed_url: str
    guid: str
    url: str
    title: str
    summary: str
    content: str
    published_at: datetime | None
    updated_at: datetime | None
    precision: DatePrecision
    language: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """One document version, ready to be read.

    ``id`` is stable for a canonical address; ``version_id`` changes with the text. Times are UTC.
    ``published_from`` says where the publication time came from (``feed``, ``page``, ``url``, ``file``, ``unknown``).
    """

    id: str
    version_id: str
    source_id: str
    url: str
    title: str
    text: str
    lang: str
    seen_at: datetime
    published_at: datetime | None = None
    precision: DatePrecision = "unknown"
    published_from: str = "unknown"
    text_from: Literal["page", "feed", "file"] = "page"
    raw_sha256: str | None = None
    author: str = ""
    notes: tuple[str, ...] = field(default=())
