"""Which entries of the feeds are worth a visit: those not known yet, and those changed since they were read. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from pipeline.parse.addresses import article_id, canonical_url
from pipeline.records import FeedItem, Source
from warehouse.store import Row

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to read. ``twins`` are entries of other feeds that lead to the same article."""

    item: FeedItem
    source: Source
    article_id: str
    changed: bool
    twins: tuple[FeedItem, ...] = ()

    @property
    def full_text(self) -> bool:
        """Whether its feed carries whole bodies, so that the page need not be asked for."""
        return any(feed.full_text for feed in self.source.feeds if feed.url == self.item.feed_url)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to read, what is known already (``known``, to be remembered where new in its feed), what has no address."""

    wanted: tuple[Entry, ...]
    known: tuple[tuple[FeedItem, str], ...]
    unchanged: int
    astray: tuple[FeedItem, ...]


def entry_key(item: FeedItem) -> Key:
    """What an entry is remembered by."""
    return item.feed_url, item.guid


def entry_article(item: FeedItem) -> str | None:
    """Id of the article that an entry leads to; None where it has no web address."""
    address = canonical_url(item.url)
    return article_id(address) if address else None


def choose(
    items: Iterable[tuple[FeedItem, Source]], remembered: Mapping[Key, str], articles: AbstractSet[str]
) -> Choice:
    """Tell new and changed entries from known ones.

    ``remembered`` are fingerprints by entry, ``articles`` the ids that the ledger holds. An article that two feeds
    carry is read once; one that is known from another feed is not read again.
    """
    wanted: dict[str, Entry] = {}
    twins: dict[str, list[FeedItem]] = {}
    known: list[tuple[FeedItem, str]] = []
    astray: list[FeedItem] = []
    unchanged = 0
    for item, source in items:
        name = entry_article(item)
        former = remembered.get(entry_key(item))
        if name is None:
            astray.append(item)
        elif former == fingerprint(item):
            unchanged += 1
        elif former is None and name in articles:
            known.append((item, name))
        elif name in wanted:
            twins.setdefault(name, []).append(item)
        else:
            wanted[name] = Entry(item, source, name, changed=former is not None)
    chosen = tuple(
        Entry(entry.item, entry.source, name, entry.changed, tuple(twins.get(name, ())))
        for name, entry in wanted.items()
    )
    return Choice(chosen, tuple(known), unchanged, tuple(astray))


def fingerprint(item: FeedItem) -> str:
    """Changes when the publisher changes anything of the entry that we would read."""
    told = [item.url, item.title, item.summary, item.content, str(item.published_at), str(item.updated_at)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:20]


def entry_rows(done: Sequence[tuple[FeedItem, str]], first_read: Mapping[Key, datetime], now: datetime) -> list[Row]:
    """Rows of ``feed_items`` for entries that are dealt with, each with the article it led to."""
    return [
        {
            "feed_url": item.feed_url, "guid": item.guid, "source_id": item.source_id, "article_id": name,
            "fingerprint": fingerprint(item), "updated_at": item.updated_at,
            "first_read_at": first_read.get(entry_key(item), now), "read_at": now,
        }
        for item, name in done
    ]  # fmt: skip
