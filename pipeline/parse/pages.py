"""A fetched page, or a feed's own text where there is none, to an article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.parse.addresses import article_id, canonical_url, version_id
from pipeline.parse.charset import decode_body
from pipeline.parse.dates import Moment, credible, parse_moment, url_day
from pipeline.parse.extractor import MIN_TEXT, extract_body, parse_tree, without_headline
from pipeline.parse.language import detect_language, language_code
from pipeline.parse.page_head import PageHead, read_head
from pipeline.parse.problems import ParseProblem, ProblemKind
from pipeline.parse.saved_text import is_sentence
from pipeline.parse.text import MAX_TITLE, clean_line, clean_text, title_text
from pipeline.records import Article, FeedItem, Fetched, Source

MAX_BYTES = 20_000_000
_NO_HTML = ("application/pdf", "image/", "audio/", "video/", "application/octet-stream", "application/zip")


@dataclass(frozen=True, slots=True)
class Page:
    """A page read without regard to where it came from."""

    head: PageHead
    title: str
    text: str
    notes: tuple[str, ...]


def read_page(html: str) -> Page | None:
    """Head and body text of a page; None where it is no markup."""
    tree = parse_tree(html)
    if tree is None:
        return None
    head = read_head(tree)
    title = next((title for title in head.titles if title), "")
    title, cut = title_text(title)
    text = without_headline(extract_body(html, head.body), title)
    return Page(head, title, text, (f"title cut at {MAX_TITLE} characters",) if cut else ())


def holds_article(text: str) -> bool:
    """Whether a page's body is running text, and not what menus and lists left over."""
    return any(is_sentence(line) or len(line) > MIN_TEXT for line in text.split("\n"))


def parse_page(
    body: bytes, fetched: Fetched, source: Source, item: FeedItem | None, now: datetime
) -> Article | ParseProblem:
    """Read a page into an article; ``now`` bounds what counts as published.

    Where the page was refused, is no HTML, or holds no article, the feed's own text stands in (``text_from="feed"``),
    and a note says why. A :class:`ParseProblem` only where neither yields text.
    """
    refusal = _refusal(body, fetched)
    if refusal:
        return _from_feed(item, source, fetched, now, *refusal)
    decoded = decode_body(body, fetched.content_type, language_code(source.language) or "")
    page = read_page(decoded.text)
    if page is None or not holds_article(page.text):
        return _from_feed(item, source, fetched, now, "no_text", "the page holds no article text")
    feed_text = max(item.content, item.summary, key=len) if item else ""
    if item and item.content and len(item.content) > 2 * len(page.text):
        # A teaser in front of a paywall: the feed says more than the page.
        return _from_feed(item, source, fetched, now, "no_text", "the page holds less text than the feed")
    if len(page.text) < MIN_TEXT and len(feed_text) > len(page.text):
        return _from_feed(item, source, fetched, now, "no_text", "the page holds less text than the feed")
    url = canonical_url(fetched.final_url or fetched.url, page.head.canonical)
    moment, origin, notes = _published(decoded.text, page.head, item, source, url, now)
    title = _title(page.title, item)
    hints = (item.language if item else None, source.language, page.head.language)
    guess = detect_language(f"{title}\n{page.text}", hints)
    return _article(
        source, url or fetched.url, title, page.text, guess.lang, fetched.fetched_at, moment, origin, "page",
        fetched.body_sha256, page.head.author, (*decoded.notes, *page.notes, *notes),
    )  # fmt: skip


def article_from_item(item: FeedItem, source: Source, seen_at: datetime) -> Article | ParseProblem:
    """An article from what the feed itself carries: its content, else its summary, else the bare headline."""
    text = without_headline(item.content or item.summary, item.title)
    if not text and not item.title:
        return ParseProblem(source.id, item.url or item.feed_url, "no_text", "the item has neither title nor text")
    url = canonical_url(item.url) or item.url
    notes: list[str] = [] if text else ["the feed carries a headline only"]
    moment, origin = None, "unknown"
    stamp = item.published_at or item.updated_at
    if stamp:
        found = Moment(stamp.astimezone(UTC), item.precision if item.precision != "unknown" else "second")
        wrong = credible(found, seen_at)
        moment, origin, notes = (None, origin, [*notes, wrong]) if wrong else (found, "feed", notes)
    if moment is None and (day := url_day(url)) and not credible(day, seen_at):
        moment, origin = day, "url"
    guess = detect_language(f"{item.title}\n{text}", (item.language, source.language))
    return _article(
        source, url or f"{item.feed_url}#{item.guid}", item.title, text, guess.lang, seen_at, moment, origin, "feed",
        None, "", tuple(notes),
    )  # fmt: skip


def _refusal(body: bytes, fetched: Fetched) -> tuple[ProblemKind, str] | None:
    if fetched.state != "ok":
        return "refused", f"the page could not be fetched: {fetched.state} {fetched.error}".rstrip()
    if len(body) > MAX_BYTES:
        return "too_large", f"the page has {len(body):,} bytes; at most {MAX_BYTES:,} are read"
    if not body.strip(b"\x00\t\r\n "):
        return "empty", "the page is empty"
    kind = fetched.content_type.split(";")[0].strip().lower()
    if kind.startswith(_NO_HTML) or body[:5] in (b"%PDF-", b"\x89PNG\r", b"PK\x03\x04\x14"):
        return "not_text", f"the page is no HTML but {kind or 'a binary file'}"
    return None


def _from_feed(
    item: FeedItem | None, source: Source, fetched: Fetched, now: datetime, kind: ProblemKind, message: str
) -> Article | ParseProblem:
    if item is None or not (item.content or item.summary):
        return ParseProblem(
            source.id, fetched.url, kind, message, "the feed carries no text of it either" if item else ""
        )
    article = article_from_item(item, source, fetched.fetched_at if fetched.state == "ok" else now)
    if isinstance(article, ParseProblem):
        return article
    return replace(article, notes=(f"text from the feed: {message}", *article.notes))


def _title(page: str, item: FeedItem | None) -> str:
    """The feed's headline, unless it is missing or cut short where the page has it whole."""
    if item is None or not item.title:
        return page
    stem = item.title.rstrip("…. ")
    if item.title.endswith(("…", "...")) and page.startswith(stem[:40]) and len(page) > len(stem):
        return page
    return item.title


def _published(
    html: str, head: PageHead, item: FeedItem | None, source: Source, url: str, now: datetime
) -> tuple[Moment | None, str, tuple[str, ...]]:
    """The earliest exact time that page or feed states; then a day that the page, htmldate or the address gives."""
    notes: list[str] = []
    found: list[tuple[Moment, str]] = []
    if item and item.published_at:
        precision = item.precision if item.precision != "unknown" else "second"
        found.append((Moment(item.published_at.astimezone(UTC), precision), "feed"))
    for raw in head.published:
        moment = parse_moment(raw, source.country)
        if moment:
            found.append((moment, "page"))
            break
    good = _credible(found, now, notes)
    exact = [pair for pair in good if pair[0].precision in ("second", "minute")]
    if exact:
        moment, origin = min(exact, key=lambda pair: pair[0].at)
        return moment, origin, (*notes, *([moment.note] if moment.note else []))
    dated = _htmldate(html, url, now)
    good += _credible([(dated, "page")] if dated else [], now, notes)
    day = url_day(url)
    good += _credible([(day, "url")] if day else [], now, notes)
    return (*good[0], tuple(notes)) if good else (None, "unknown", tuple(notes))


def _credible(found: list[tuple[Moment, str]], now: datetime, notes: list[str]) -> list[tuple[Moment, str]]:
    good = []
    for moment, origin in found:
        wrong = credible(moment, now)
        if wrong:
            notes.append(f"{origin}: {wrong}")
        else:
            good.append((moment, origin))
    return good


def _htmldate(html: str, url: str, now: datetime) -> Moment | None:
    from htmldate import find_date

    try:
        found = find_date(
            html, extensive_search=False, original_date=True, url=url or None, max_date=now.date().isoformat()
        )
        return Moment(datetime.fromisoformat(found).replace(tzinfo=UTC), "day") if found else None
    except Exception:  # htmldate runs several parsers over text that a stranger wrote
        return None


def _article(
    source: Source, url: str, title: str, text: str, lang: str, seen_at: datetime, moment: Moment | None, origin: str,
    text_from: str, raw: str | None, author: str, notes: tuple[str, ...],
) -> Article:  # fmt: skip
    ident = article_id(url)
    title, text = clean_line(title), clean_text(text)
    return Article(
        id=ident, version_id=version_id(ident, title, text), source_id=source.id, url=url, title=title, text=text,
        lang=lang, seen_at=seen_at.astimezone(UTC), published_at=moment.at if moment else None,
        precision=moment.precision if moment else "unknown", published_from=origin,
        text_from="feed" if text_from == "feed" else "page", raw_sha256=raw, author=author, notes=notes,
    )  # fmt: skip
