"""Near-duplicates: the same wire story under many mastheads, found by the shingles that two texts share.

Broder's bottom-k sketch (*On the resemblance and containment of documents*, 1997): of all character shingles of a text
the ``SIZE`` smallest hashes are kept; the share that two sketches have in common estimates that of the texts.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SHINGLE = 8  # characters; letters and digits only, so the same length serves Chinese and English
SIZE = 128
SHORTEST = 150  # characters; below this a text is too common a phrase to tell
ALIKE = 0.6  # share of shingles in common from which a text is a copy; a rewrite of the same news stays below 0.3
WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Sketched:
    """A document version with its sketch; ``when`` is its publication, or first sight where that is unknown."""

    version_id: str
    article_id: str
    lang: str
    when: datetime
    sketch: tuple[int, ...]
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A document version that repeats the article ``original``."""

    version_id: str
    original: str
    similarity: float


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles, ascending; empty for a text too short to tell."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
    if len(plain) < SHORTEST:
        return ()
    hashes = {zlib.crc32(plain[at : at + SHINGLE].encode()) for at in range(len(plain) - SHINGLE + 1)}
    return tuple(sorted(hashes)[:SIZE])


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of shingles in common, 0 to 1."""
    if not one or not other:
        return 0.0
    left, right = set(one), set(other)
    smallest = sorted(left | right)[:SIZE]
    return sum(1 for item in smallest if item in left and item in right) / len(smallest)


def copies(new: Iterable[Sketched], known: Iterable[Sketched]) -> list[Copy]:
    """Which versions, new or known, repeat an earlier article after ``new`` have come in.

    The earliest of a set of like texts is the original, whatever order they arrive in.
    """
    pool: dict[str, list[Sketched]] = {}
    for item in known:
        pool.setdefault(item.lang, []).append(item)
    found: dict[str, Copy] = {}
    for item in sorted(new, key=lambda item: (item.when, item.version_id)):
        near = pool.setdefault(item.lang, [])
        alike = {
            other.version_id: (share, other)
            for other in near
            if other.article_id != item.article_id
            and abs(other.when - item.when) <= WITHIN
            and (share := resemblance(item.sketch, other.sketch)) >= ALIKE
        }
        near.append(item)
        if alike:
            _point(item, alike, found)
    return list(found.values())


def _point(item: Sketched, alike: Mapping[str, tuple[float, Sketched]], found: dict[str, Copy]) -> None:
    group = [item, *(other for _, other in alike.values())]
    first = min(group, key=lambda member: (member.when, member.version_id))
    standing = found.get(first.version_id)
    original = standing.original if standing else first.duplicate_of or first.article_id
    for member in group:
        if member.article_id != original and member.version_id != first.version_id:
            share = alike[member.version_id][0] if member is not item else max(share for share, _ in alike.values())
            found[member.version_id] = Copy(member.version_id, original, round(share, 3))
