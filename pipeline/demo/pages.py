"""Every address of the newsroom and the bytes that answer it: templates in, resources out, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from babel.dates import format_datetime as local_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape

from pipeline.demo.content import Article, Publisher, load_chrome

RELATED = 4  # links to other articles on a page
RETRY_AFTER = 1  # seconds that the feed that is always busy asks for


@dataclass(frozen=True, slots=True)
class Resource:
    """What one path answers. ``always_gzip`` is sent compressed even to those who did not ask."""

    body: bytes
    content_type: str
    modified: datetime | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    always_gzip: bool = False

    @property
    def etag(self) -> str:
        """A strong validator of the body before compression."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True)
class Item:
    """An article with its address, as feeds and lists show it."""

    article: Article
    url: str

    @property
    def title(self) -> str:
        """The article's headline."""
        return self.article.title

    @property
    def html(self) -> str:
        """The body as a full-text feed carries it."""
        extra = [text for text in (self.article.note, self.article.credit) if text]
        return "\n".join(f"<p>{escape(text)}</p>" for text in [*self.article.paragraphs, *extra])


def build_site(base_url: str, publishers: Iterable[Publisher], articles: Iterable[Article]) -> dict[str, Resource]:
    """Path → resource for a newsroom that is reached at ``base_url`` (no slash at its end)."""
    site: dict[str, Resource] = {}
    publishers, articles = list(publishers), list(articles)
    env = Environment(
        loader=PackageLoader("pipeline.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    env.filters["http_date"] = format_datetime
    for publisher in publishers:
        if publisher.fault:
            site[f"/{publisher.id}/feed.xml"] = _failing(publisher)
        else:
            items = [Item(a, f"{base_url}/{publisher.id}{a.path}") for a in articles if a.publisher == publisher.id]
            site |= _Newsstand(env, base_url, publisher, items).resources()
    site["/robots.txt"] = Resource(_robots(publishers).encode(), "text/plain; charset=utf-8")
    return site


def feed_path(publisher: Publisher) -> str:
    """The address that readers have subscribed to, which is not always where the feed stands today."""
    return f"/{publisher.id}/{'rss' if publisher.moved_feed else 'feed.xml'}"


class _Newsstand:
    """Renders the pages and the feed of one publisher."""

    def __init__(self, env: Environment, base_url: str, publisher: Publisher, items: list[Item]) -> None:
        self._env, self._publisher, self._items = env, publisher, items
        self._prefix = f"/{publisher.id}"
        self._newest = max(item.article.modified for item in items)
        self._shared: dict[str, Any] = {
            "publisher": publisher,
            "home": f"{base_url}{self._prefix}/",
            "feed_url": f"{base_url}{self._prefix}/feed.xml",
            "words": load_chrome()[publisher.language],
            "items": items,
            "newest": self._newest,
        }

    def resources(self) -> dict[str, Resource]:
        found = {f"{self._prefix}{item.article.path}": self._page(item) for item in self._items}
        found[f"{self._prefix}/"] = self._html("home.html.j2", self._newest)
        found[f"{self._prefix}/feed.xml"] = self._feed()
        if self._publisher.moved_feed:
            location = {"Location": f"{self._prefix}/feed.xml"}
            found[f"{self._prefix}/rss"] = Resource(b"", "text/plain", status=301, headers=location)
        return found

    def _page(self, item: Item) -> Resource:
        article = item.article
        return self._html(
            f"{self._publisher.layout}.html.j2",
            article.modified,
            article=article,
            url=item.url,
            related=self._related(item),
            linked_data=_linked_data(item, self._publisher),
            shown_date=local_datetime(article.published, "long", tzinfo=article.published.tzinfo, locale=article.lang),
            shown_update=local_datetime(article.modified, "long", tzinfo=article.modified.tzinfo, locale=article.lang),
        )

    def _related(self, item: Item) -> list[Item]:
        place = self._items.index(item)
        return (self._items[place + 1 :] + self._items[:place])[:RELATED]

    def _html(self, template: str, modified: datetime, **context: Any) -> Resource:
        charset = self._publisher.charset
        text = self._env.get_template(template).render(**self._shared, **context)
        named = self._publisher.charset_in == "header"
        content_type = f"text/html; charset={charset}" if named else "text/html"
        # What the charset lacks becomes a character reference, as old publishing systems write it.
        return Resource(text.encode(charset, "xmlcharrefreplace"), content_type, modified)

    def _feed(self) -> Resource:
        publisher = self._publisher
        text = self._env.get_template(f"{publisher.feed_format}.xml.j2").render(**self._shared)
        return Resource(
            text.encode(publisher.feed_charset, "xmlcharrefreplace"),
            f"application/{publisher.feed_format}+xml; charset={publisher.feed_charset}",
            self._newest,
            always_gzip=publisher.gzip_feed,
        )


def _linked_data(item: Item, publisher: Publisher) -> dict[str, Any]:
    article = item.article
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "inLanguage": article.lang,
        "datePublished": article.published.isoformat(),
        "dateModified": article.modified.isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": publisher.name},
        "mainEntityOfPage": item.url,
    }


def _failing(publisher: Publisher) -> Resource:
    if publisher.fault == "gone":
        return Resource(b"This feed has been discontinued.\n", "text/plain; charset=utf-8", status=410)
    headers = {"Retry-After": str(RETRY_AFTER)}
    return Resource(b"Try again later.\n", "text/plain; charset=utf-8", status=503, headers=headers)


def _robots(publishers: list[Publisher]) -> str:
    closed = [f"Disallow: /{publisher.id}{folder}" for publisher in publishers for folder in publisher.disallow]
    return "\n".join(["User-agent: *", *closed, ""])
