"""A new source from a web address: its feeds are found, tried and written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline.errors import ConfigError
from pipeline.records import Feed, Fetched, Source
from pipeline.sources.catalog import feed_key, load_sources
from pipeline.sources.discover import discover_feeds
from pipeline.sources.probe import Probe, probe_feed
from pipeline.sources.schema import UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE, known_countries, known_languages
from pipeline.sources.write import slug, write_source

if TYPE_CHECKING:
    from pipeline.fetch import Fetcher

_USUAL_PLACES = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml")
_MOST_FEEDS = 5


@dataclass(frozen=True, slots=True)
class Added:
    """The source as written (``source.path``), and the feeds that were tried and not taken: address and reason."""

    source: Source
    left_out: tuple[tuple[str, str], ...]


def add_source(
    url: str,
    folder: Path,
    fetcher: Fetcher,
    *,
    source_id: str | None = None,
    name: str | None = None,
    country: str | None = None,
    language: str | None = None,
    kind: str = "blog",
    tier: int = 4,
    poll_minutes: int = 60,
) -> Added:
    """Write a source for ``url``, which is a feed or a page that names its feeds (``<link rel="alternate">``).

    Where a page names none, the usual places are tried. What the keywords leave open is taken from the feed, the page
    and the address; a language or country that none of them tells is ``und`` or ``ZZ``.

    Raises:
        ConfigError: nothing there is a feed, another source polls it already, or a value is not valid.
    """
    url = url if "://" in url else f"https://{url}"
    first = _ask(fetcher, [url])[0]
    left_out: list[tuple[str, str]] = []
    page_language = ""
    if first.state == "ok":
        good = [first]
    else:
        html = fetcher.store.get(first.body_sha256) if first.body_sha256 else b""
        if not html:
            raise ConfigError(f"{url}: {first.state}: {first.error}", "check the address in a browser")
        candidates, page_language = discover_feeds(html, first.final_url)
        usual = [urljoin(first.final_url, place) for place in _USUAL_PLACES]
        answers = _ask(fetcher, candidates[: 2 * _MOST_FEEDS] or usual)
        good = [answer for answer in answers if answer.state == "ok"][: _MOST_FEEDS if candidates else 1]
        left_out = [(answer.url, answer.error) for answer in answers if answer.state != "ok"]
        if not good:
            tried = ", ".join(address for address, _ in left_out)
            raise ConfigError(f"{url}: no feed found", f"give the address of the feed itself; tried {tried}")
    known = load_sources(folder).sources if folder.is_dir() else ()
    _refuse_known(good, known)
    probe = _probe(fetcher, good[0])
    tag = probe.language or page_language
    feed_urls = [answer.moved_to or answer.url for answer in good]
    title = name or probe.title or urlsplit(feed_urls[0]).hostname or url
    source = Source(
        id=source_id or slug(title, feed_urls[0], {path.stem for path in folder.glob("*.toml")}),
        name=title,
        homepage=probe.homepage if probe.homepage.startswith("http") else urljoin(feed_urls[0], "/"),
        country=country or _country(tag, feed_urls[0]),
        language=language or _language(tag),
        kind=kind,
        tier=tier,
        poll_minutes=poll_minutes,
        feeds=tuple(Feed(feed_url) for feed_url in feed_urls),
    )
    return Added(write_source(source, folder), tuple(left_out))


def _ask(fetcher: Fetcher, urls: list[str]) -> list[Fetched]:
    """The answers in the order of ``urls``."""
    from pipeline.fetch import FeedJob, FeedState

    answers = {fetched.url: fetched for fetched in fetcher.fetch_feeds(FeedJob("", FeedState(url)) for url in urls)}
    return [answers[url] for url in urls]


def _probe(fetcher: Fetcher, fetched: Fetched) -> Probe:
    body = fetcher.store.get(fetched.body_sha256 or "")
    return probe_feed(body, fetched.content_type, fetched.final_url)


def _refuse_known(answers: list[Fetched], known: Iterable[Source]) -> None:
    polled = {feed_key(feed.url): source.id for source in known for feed in source.feeds}
    for answer in answers:
        for address in (answer.url, answer.moved_to or answer.url):
            if feed_key(address) in polled:
                raise ConfigError(f"{address}: the source {polled[feed_key(address)]!r} polls this feed already")


def _language(tag: str) -> str:
    code = tag.replace("_", "-").split("-")[0].lower()
    return code if code in known_languages() else UNKNOWN_LANGUAGE


def _country(tag: str, url: str) -> str:
    """From the region of a language tag (en-GB), or the top level of the host (.jp)."""
    region = tag.replace("_", "-").split("-")[-1].upper() if "-" in tag.replace("_", "-") else ""
    top = (urlsplit(url).hostname or "").rsplit(".", 1)[-1].upper()
    for code in (region, {"UK": "GB"}.get(top, top)):
        if len(code) == 2 and code in known_countries():
            return code
    return UNKNOWN_COUNTRY
