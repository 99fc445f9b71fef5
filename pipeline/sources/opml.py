"""Subscription lists in and out (OPML), so that sources can be shared with any feed reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pipeline.errors import ConfigError, DealwireError
from pipeline.records import Feed, Source
from pipeline.sources.catalog import feed_key, load_sources
from pipeline.sources.schema import UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE, is_web_address
from pipeline.sources.write import slug, write_source

_MAX_BYTES = 20_000_000
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry of the list that was not taken, and why."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: the sources written, and the entries left out."""

    taken: tuple[Source, ...]
    skipped: tuple[Skipped, ...]


def import_opml(
    path: Path,
    folder: Path,
    *,
    country: str = UNKNOWN_COUNTRY,
    language: str = UNKNOWN_LANGUAGE,
    kind: str = "blog",
    tier: int = 4,
    poll_minutes: int = 60,
) -> Imported:
    """Write one source for each new feed of the list; feeds that ``folder`` polls already are left out.

    OPML does not say what we need to know of a source, so the keywords say it for all of them; a list that
    ``export_opml`` wrote carries it in its categories, and comes back as it went out. No feed is asked.

    Raises:
        ConfigError: the file can't be read, or is no OPML.
    """
    defaults = {"country": country, "language": language, "kind": kind, "tier": str(tier), "poll": str(poll_minutes)}
    known = load_sources(folder).sources if folder.is_dir() else ()
    polled = {feed_key(feed.url): source.id for source in known for feed in source.feeds}
    taken_ids = {file.stem for file in folder.glob("*.toml")}
    skipped: list[Skipped] = []
    groups: dict[str, list[tuple[Any, dict[str, str]]]] = {}
    for entry in _entries(path):
        key = feed_key(entry.url)
        if key in polled:
            skipped.append(Skipped(entry.title, entry.url, f"{polled[key]} polls this feed already"))
            continue
        facts = {category[0]: category[1] for category in entry.categories if len(category) == 2}
        polled[key] = facts.get("id") or entry.title or entry.url
        groups.setdefault(facts.get("id", key), []).append((entry, defaults | facts))
    taken = []
    for group in groups.values():
        source = _source(group, taken_ids)
        try:
            taken.append(write_source(source, folder))
            taken_ids.add(source.id)
        except DealwireError as error:
            skipped += [Skipped(entry.title, entry.url, str(error)) for entry, _ in group]
    return Imported(tuple(taken), tuple(skipped))


def export_opml(sources: Iterable[Source]) -> str:
    """The sources as OPML 2.0, an outline a feed; readers ignore the categories, ``import_opml`` reads them."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Dealwire sources"
    body = ElementTree.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds:
            facts = {
                "id": source.id,
                "kind": source.kind,
                "country": source.country,
                "language": source.language,
                "tier": source.tier,
                "poll": source.poll_minutes,
                "full_text": str(feed.full_text).lower(),
            }
            ElementTree.SubElement(
                body,
                "outline",
                type="rss",
                text=source.name,
                title=source.name,
                xmlUrl=feed.url,
                htmlUrl=source.homepage,
                language=source.language,
                category=",".join(f"/{key}/{value}" for key, value in facts.items()),
            )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _source(group: list[tuple[Any, dict[str, str]]], taken: set[str]) -> Source:
    from courlan import get_base_url

    entry, facts = group[0]
    return Source(
        id=slug(facts.get("id") or entry.title, entry.url, taken),
        name=entry.title or entry.url,
        homepage=(get_base_url(entry.url) if is_web_address(entry.url) else "") or entry.url,
        country=facts["country"],
        language=facts["language"],
        kind=facts["kind"],
        tier=_number(facts["tier"]),
        poll_minutes=_number(facts["poll"]),
        feeds=tuple(Feed(each.url, about.get("full_text") == "true") for each, about in group),
    )


def _number(text: str) -> int:
    """0 for what is no number: the schema then names the key."""
    return int(text) if text.isdecimal() else 0


def _entries(path: Path) -> list[Any]:
    """The feeds of the list as listparser reads them: ``url``, ``title``, ``categories``; each address once."""
    import listparser

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: not readable: {error}") from error
    if len(data) > _MAX_BYTES:
        raise ConfigError(f"{path}: larger than any subscription list ({len(data)} bytes)")
    parsed = listparser.parse(_as_utf8(path, data))
    if not parsed.version.startswith("opml"):
        raise ConfigError(f"{path}: not an OPML file", "export the list from your reader as OPML")
    return list(parsed.feeds)


def _as_utf8(path: Path, data: bytes) -> bytes:
    """listparser reads with an HTML parser, which takes undeclared bytes for Latin-1: a byte order mark tells it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        declared = _DECLARED.search(data[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:  # a few codecs raise the former's base class
        raise ConfigError(f"{path}: not {encoding} text: {error}") from error
    return text.encode("utf-8-sig", "replace")  # some charsets can spell half a surrogate pair
