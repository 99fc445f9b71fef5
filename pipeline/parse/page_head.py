"""What a page says about itself: canonical address, headline, language, author, times, and its JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.parse.text import clean_line

_ARTICLE_TYPES = ("article", "posting", "report", "webpage")
_MAX_JSON = 1_000_000
_MAX_NODES = 2_000
_SEPARATOR = re.compile(r"\s+[|｜»·•–—\-]\s+|\s*[|｜]\s*")
# Meta names that hold the time of first publication, best first.
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "article.published", "date", "dc.date.issued", "dcterms.created",
    "dc.date", "dcterms.date", "cxenseparse:recs:publishtime", "weibo:article:create_at", "creationdatetime",
)  # fmt: skip
_CONTROLS = re.compile("[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class PageHead:
    """Claims of the page, unverified. ``published`` holds raw times, best first."""

    canonical: str
    titles: tuple[str, ...]
    language: str
    author: str
    published: tuple[str, ...]
    body: str
    site: str


def read_head(tree: Any) -> PageHead:
    """Read the claims of a parsed page; wrong JSON-LD counts as none."""
    metas = _metas(tree)
    nodes = [node for node in _linked_data(tree) if _is_article(node)]
    site = metas.get("og:site_name", "")
    return PageHead(
        canonical=_first(tree.xpath("//link[translate(@rel,'CANONIL','canonil')='canonical']/@href"))
        or metas.get("og:url", ""),
        titles=tuple(_titles(tree, metas, nodes, site)),
        language=(
            tree.get("lang") or tree.get("xml:lang") or metas.get("og:locale") or metas.get("content-language") or ""
        ),
        author=_author(nodes) or clean_line(metas.get("author", ""))[:200],
        published=tuple(_published(tree, metas, nodes)),
        body=max(
            (node["articleBody"] for node in nodes if isinstance(node.get("articleBody"), str)), key=len, default=""
        ),
        site=site,
    )


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        content = meta.get("content")
        if name and content:
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _titles(tree: Any, metas: dict[str, str], nodes: list[dict[str, Any]], site: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node.get("headline"), str):
            yield clean_line(node["headline"])
    for name in ("og:title", "twitter:title"):
        if metas.get(name):
            yield without_site(clean_line(metas[name]), site)
    headings = [clean_line(heading.text_content()) for heading in tree.iter("h1")]
    if len(headings) == 1:
        yield headings[0]
    for title in tree.xpath("//head/title | //title[not(ancestor::svg)]")[:1]:
        yield without_site(clean_line(title.text_content()), site)


def without_site(title: str, site: str = "") -> str:
    """A page title without the site's name at its end (``Headline | Site``), by its name or by being short."""
    if site and title.casefold().endswith(site.casefold()) and len(title) > len(site) + 8:
        return title[: -len(site)].rstrip(" |｜»·•–—-")
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) > 1 and len(parts[-1]) <= 30 and len(parts[-1]) * 2 < len(title):
        return title[: title.rindex(parts[-1])].rstrip(" |｜»·•–—-")
    return title


def _published(tree: Any, metas: dict[str, str], nodes: list[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        for key in ("datePublished", "dateCreated"):
            if isinstance(node.get(key), str):
                yield node[key]
    for name in _PUBLISHED:
        if metas.get(name):
            yield metas[name]
    yield from tree.xpath("//*[@itemprop='datePublished']/@datetime | //article//time/@datetime")[:1]


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[contains(@type,'ld+json')]")[:20]:
        raw = (script.text or "")[:_MAX_JSON].strip()
        try:
            value = json.loads(_CONTROLS.sub(" ", raw))
        except (ValueError, RecursionError):
            continue
        # A queue instead of recursion: depth is the page's to choose.
        queue, seen = [value], 0
        while queue and seen < _MAX_NODES:
            item, seen = queue.pop(0), seen + 1
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                yield item
                queue.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.lower().endswith(_ARTICLE_TYPES) for name in names)


def _author(nodes: list[dict[str, Any]]) -> str:
    for node in nodes:
        authors = node.get("author")
        people = authors if isinstance(authors, list) else [authors]
        names = [person.get("name") if isinstance(person, dict) else person for person in people]
        found = [clean_line(name) for name in names if isinstance(name, str) and name.strip()]
        if found:
            return ", ".join(found)[:200]
    return ""


def _first(values: list[str]) -> str:
    return values[0].strip() if values else ""
