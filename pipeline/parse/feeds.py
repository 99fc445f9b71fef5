"""Feeds of any age and health to items: feedparser reads, we decode, date, resolve and clean."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from pipeline.parse.charset import decode_body
from pipeline.parse.dates import Moment, credible, parse_moment
from pipeline.parse.feed_bytes import as_utf8_xml, overlong
from pipeline.parse.language import language_code
from pipeline.parse.problems import ParseProblem, ProblemKind
from pipeline.parse.text import MAX_TEXT, clean_line, html_to_text, title_text
from pipeline.records import FeedItem, Fetched, Source

MAX_BYTES = 20_000_000
MAX_ITEMS = 5_000
MAX_SUMMARY = 20_000


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says: its items in feed order, and what was wrong with it. ``language`` is an ISO 639-1 code."""

    items: tuple[FeedItem, ...]
    problems: tuple[ParseProblem, ...]
    feed_title: str
    language: str | None


def parse_feed(body: bytes, fetched: Fetched, source: Source) -> ParsedFeed:
    """Read RSS, Atom, RDF, CDF or JSON feeds; never raises over what a stranger sent.

    A malformed feed yields the items that can be read and a problem that says what is wrong. Times beyond
    ``fetched.fetched_at`` by more than a day, or before 1995, are dropped with a problem; their items stay.
    """
    reader = _FeedReader(fetched, source)
    if not body.strip(b"\x00\t\r\n "):
        reader.complain("empty", "the feed's body is empty", "the publisher may have moved it")
        return ParsedFeed((), tuple(reader.problems), "", None)
    if len(body) > MAX_BYTES:
        reader.complain("too_large", f"the feed has {len(body):,} bytes; at most {MAX_BYTES:,} are read")
        return ParsedFeed((), tuple(reader.problems), "", None)
    return reader.read(body)


class _FeedReader:
    def __init__(self, fetched: Fetched, source: Source) -> None:
        self.fetched, self.source = fetched, source
        self.url = fetched.url
        self.base = fetched.final_url or fetched.url
        self.problems: list[ParseProblem] = []

    def complain(self, kind: ProblemKind, message: str, hint: str = "") -> None:
        self.problems.append(ParseProblem(self.source.id, self.url, kind, message, hint))

    def read(self, body: bytes) -> ParsedFeed:
        decoded = decode_body(body, self.fetched.content_type, language_code(self.source.language) or "")
        for note in decoded.notes:
            self.complain("encoding", note)
        if reason := overlong(decoded.text):
            self.complain("too_large", reason, "nothing of it is read")
            return ParsedFeed((), tuple(self.problems), "", None)
        parsed = self._feedparser(as_utf8_xml(decoded.text), "application/xml; charset=utf-8")
        if not parsed.entries:
            # A second chance on the bytes as they came, for what our decoding may have spoilt.
            raw = self._feedparser(body, self.fetched.content_type)
            parsed = raw if raw.entries else parsed
        if parsed.get("bozo"):
            reason = clean_line(str(parsed.get("bozo_exception") or "not well-formed"))[:200]
            hint = "" if parsed.entries else "look at the address in a browser: it may no longer be a feed"
            self.complain("malformed", f"not well-formed, {len(parsed.entries)} items read: {reason}", hint)
        elif not parsed.entries and not parsed.get("version"):
            self.complain("malformed", "this is no feed", "look at the address in a browser; correct the source file")
        if len(parsed.entries) > MAX_ITEMS:
            self.complain("too_large", f"{len(parsed.entries):,} items; the first {MAX_ITEMS:,} are read")
        language = language_code(parsed.feed.get("language"))
        items = tuple(self._item(entry, language) for entry in parsed.entries[:MAX_ITEMS])
        title, _ = title_text(_string(parsed.feed, "title"))
        return ParsedFeed(items, tuple(self.problems), title, language)

    def _feedparser(self, body: bytes, content_type: str) -> Any:
        import feedparser

        headers = {"content-type": content_type or "application/xml", "content-location": self.base}
        try:
            return feedparser.parse(body, response_headers=headers)
        except Exception as error:  # feedparser's loose parser can fail on broken markup in many ways
            self.complain("malformed", f"feedparser failed: {type(error).__name__}: {str(error)[:150]}")
            return feedparser.util.FeedParserDict(entries=[], feed=feedparser.util.FeedParserDict(), version="")

    def _item(self, entry: Any, language: str | None) -> FeedItem:
        title, cut = title_text(_string(entry, "title"))
        url = self._link(entry)
        guid = clean_line(_string(entry, "id"))[:1000] or url or title
        if cut:
            self.complain("title", f"item {guid[:100]!r}: its title was longer than 500 characters and has been cut")
        published = self._moment(entry, guid, "published", "created")
        updated = self._moment(entry, guid, "updated")
        content = max((html_to_text(_value(part)) for part in entry.get("content") or ()), key=len, default="")
        moment = published or updated
        return FeedItem(
            source_id=self.source.id,
            feed_url=self.url,
            guid=guid,
            url=url,
            title=title,
            summary=html_to_text(_string(entry, "summary"))[:MAX_SUMMARY],
            content=content[:MAX_TEXT],
            published_at=published.at if published else None,
            updated_at=updated.at if updated else None,
            precision=moment.precision if moment else "unknown",
            language=_entry_language(entry) or language,
        )

    def _link(self, entry: Any) -> str:
        """The article's address, absolute: its link, a guid that is an address, or a link to an alternate."""
        link = _string(entry, "link")
        # Where there is no link, a guid may say of itself that it is no address to visit (isPermaLink="false").
        candidates = [link, _string(entry, "id") if link or dict.get(entry, "guidislink", True) else ""]
        candidates += [_string(link, "href") for link in entry.get("links") or () if link.get("rel") == "alternate"]
        for number, candidate in enumerate(candidates):
            candidate = clean_line(candidate)
            if not candidate or (number == 1 and not candidate.lower().startswith(("http://", "https://"))):
                continue
            try:
                url = urljoin(self.base, candidate)
                if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname:
                    return url
            except ValueError:
                continue
        return ""

    def _moment(self, entry: Any, guid: str, *names: str) -> Moment | None:
        for name in names:
            raw = clean_line(_string(entry, name))
            if not raw:
                continue
            moment = parse_moment(raw, self.source.country) or _by_feedparser(entry, name)
            if moment is None:
                self.complain("date", f"item {guid[:100]!r}: cannot read its {name} time {raw[:60]!r}")
                continue
            wrong = credible(moment, self.fetched.fetched_at)
            if not wrong:
                return moment
            self.complain("date", f"item {guid[:100]!r}: {wrong}")
        return None


def _by_feedparser(entry: Any, name: str) -> Moment | None:
    parts = entry.get(f"{name}_parsed")
    if not parts:
        return None
    try:
        return Moment(datetime.fromtimestamp(timegm(parts), UTC), "second")
    except (ValueError, OverflowError, OSError):
        return None


def _entry_language(entry: Any) -> str | None:
    detail = entry.get("title_detail") or {}
    return language_code(entry.get("language") or detail.get("language"))


def _string(mapping: Any, key: str) -> str:
    # feedparser answers "published" for "updated" with a warning; the raw dictionary does not.
    value = dict.get(mapping, key)
    return value if isinstance(value, str) else ""


def _value(part: Any) -> str:
    return _string(part, "value")
