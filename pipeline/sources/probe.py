"""A fetched body looked at as a feed: title, language, how many items, how new. Only what sources need; items are
read for good in ``pipeline.parse``."""

from __future__ import annotations

import calendar
import io
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Probe:
    """``newest`` (UTC) is the time of the newest item that has one; ``error`` says why nothing could be read."""

    title: str
    language: str
    homepage: str
    items: int
    newest: datetime | None
    error: str


def probe_feed(body: bytes, content_type: str, url: str) -> Probe:
    """Read ``body`` with feedparser; never raises for a broken feed."""
    import feedparser

    # A stream, since feedparser would open bytes that look like a path or an address.
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers={"content-type": content_type or "application/xml", "content-location": url}
    )
    fields = ("published", "updated")
    times = [_utc(entry[f"{name}_parsed"]) for entry in parsed.entries for name in fields if name in entry]
    broken = bool(parsed.bozo) and not parsed.entries
    return Probe(
        title=str(parsed.feed.get("title", "")).strip(),
        language=str(parsed.feed.get("language", "")).strip(),
        homepage=str(parsed.feed.get("link", "")).strip(),
        items=len(parsed.entries),
        newest=max((moment for moment in times if moment), default=None),
        error=str(parsed.get("bozo_exception", "")) if broken else "",
    )


def _utc(moment: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError):
        return None
