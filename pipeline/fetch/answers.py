"""What an HTTP answer means to us: its state by status, and whether the body is what was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from pipeline.records import FetchState

Wanted = Literal["feed", "page", "robots"]

_BY_STATUS: dict[int, FetchState] = {304: "not_modified", 404: "not_found", 408: "timeout", 410: "gone"}
_BY_STATUS |= {425: "rate_limited", 429: "rate_limited"}
_FEED_ROOT = re.compile(rb"<(?:[a-z]\w*:)?(?:rss|feed|rdf|channel)[\s>:]")
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b")
_PAGE_TYPES = re.compile(r"text/|application/(?:xhtml\+xml|xml|octet-stream)\b", re.IGNORECASE)
_HEAD = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a chain of requests ended. ``body`` is decoded; empty unless ``state`` is ok or malformed."""

    state: FetchState
    final_url: str
    status: int | None = None
    moved_to: str | None = None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body: bytes = b""
    error: str = ""
    retry_after_s: int | None = None
    can_retry: bool = False


def state_of_status(status: int) -> FetchState:
    """The state that a status alone decides; ``ok`` still depends on the body.

    4xx without a state of its own count as ``forbidden``: the server refuses us, and the status says how.
    """
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 200 <= status < 300:
        return "ok"
    if 400 <= status < 500:
        return "forbidden"
    return "server_error" if status >= 500 else "malformed"


def wrong_content(wanted: Wanted, content_type: str, body: bytes) -> str:
    """Why the body is not what was asked for, in words; empty when it is.

    Only the clear cases: feeds are sniffed since their content types are wrong as often as right, and what is a feed
    of sorts is left to the parser.
    """
    if wanted == "page" and content_type and not _PAGE_TYPES.match(content_type):
        return f"content type {content_type} where a page was expected"
    if wanted != "feed":
        return ""
    head = body[:_HEAD].replace(b"\0", b"").lower()  # without the zeros, UTF-16 reads like ASCII
    if _FEED_ROOT.search(head) or b"jsonfeed.org" in head:
        return ""
    if _HTML_ROOT.search(head):
        return "an HTML page where a feed was expected"
    return f"neither RSS, Atom nor JSON Feed (content type {content_type or 'not given'})"


def retry_after_seconds(header: str | None, now: datetime) -> int | None:
    """The Retry-After header in seconds from ``now``, from either of its forms (RFC 9110, 10.2.3); None if unusable."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round((moment - now).total_seconds()))
