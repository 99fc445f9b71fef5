"""Batch files: what tasks of different processes hand on. An id and a path travel, the articles stay in the file.

A batch is one JSON-lines file, written whole or not at all. It stands in ``raw`` until it is read, in ``readings``
until it is loaded, then in ``done``: what a crash leaves behind is found by looking, not by remembering.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.facts import Reading
from pipeline.errors import InputError
from pipeline.records import Article
from pipeline.whole_file import write_whole

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_ID = re.compile(r"[a-z0-9][a-z0-9-]{3,80}")


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """A line of a batch of readings."""

    article: Article
    reading: Reading


class Batches:
    """The batch files below a folder, by the id that each bears."""

    def __init__(self, folder: Path) -> None:
        self._raw, self._readings, self._done = folder / "raw", folder / "readings", folder / "done"

    def put_raw(self, origin: str, articles: Sequence[Article]) -> str:
        """Keep articles to be read; returns the batch's id. The same articles make the same batch.

        ``origin`` (letters, digits, hyphens) begins the id and says where they came from.
        """
        versions = "\n".join(sorted(article.version_id for article in articles))
        batch_id = f"{origin}-{hashlib.sha256(versions.encode()).hexdigest()[:16]}"
        lines = (_lines(Article).dump_json(article) + b"\n" for article in articles)
        write_whole(self._path(self._raw, batch_id), lines)
        return batch_id

    def put_all_raw(self, origin: str, articles: Sequence[Article], size: int) -> list[str]:
        """Keep articles in batches of at most ``size``, in order; returns their ids."""
        return [self.put_raw(origin, articles[at : at + size]) for at in range(0, len(articles), size)]

    def raw(self, batch_id: str) -> list[Article]:
        """The articles of a batch.

        Raises:
            InputError: no such batch, or a line of it is damaged.
        """
        return list(_read(self._path(self._raw, batch_id), Article))

    def put_readings(self, batch_id: str, readings: Iterable[ArticleRead]) -> None:
        """Keep what was read in a batch, to be loaded."""
        lines = (_lines(ArticleRead).dump_json(line) + b"\n" for line in readings)
        write_whole(self._path(self._readings, batch_id), lines)

    def readings(self, batch_id: str) -> list[ArticleRead]:
        """What was read in a batch. Raises as :meth:`raw` does."""
        return list(_read(self._path(self._readings, batch_id), ArticleRead))

    def finish(self, batch_id: str) -> None:
        """Put a loaded batch away. Raw first: the reverse order, cut short, would have it read again."""
        self._path(self._raw, batch_id).unlink(missing_ok=True)
        self._done.mkdir(parents=True, exist_ok=True)
        source = self._path(self._readings, batch_id)
        if source.exists():
            source.replace(self._path(self._done, batch_id))

    def unread(self, aged_s: float = 0) -> list[str]:
        """Ids of batches that have waited ``aged_s`` seconds or longer to be read, oldest first."""
        read = set(self.unloaded())
        return [batch_id for batch_id in _ids(self._raw, aged_s) if batch_id not in read]

    def unloaded(self) -> list[str]:
        """Ids of batches that wait to be loaded, oldest first."""
        return _ids(self._readings)

    def done(self) -> list[str]:
        """Ids of loaded batches that are still kept, oldest first."""
        return _ids(self._done)

    def kept(self) -> Iterator[Path]:
        """Files of loaded batches."""
        return self._done.glob("*.jsonl")

    def half_written(self) -> Iterator[Path]:
        """Files that a write which broke off has left."""
        return (path for folder in (self._raw, self._readings) for path in folder.glob(".*.part"))

    def _path(self, folder: Path, batch_id: str) -> Path:
        if not _ID.fullmatch(batch_id):
            raise InputError(f"{batch_id[:80]!r} is no batch id", "take one that a task of ingest has named")
        return folder / f"{batch_id}.jsonl"


def _ids(folder: Path, aged_s: float = 0) -> list[str]:
    found = []
    latest = time.time_ns() - int(aged_s * 1e9) if aged_s else None
    for path in folder.glob("*.jsonl") if folder.is_dir() else ():
        try:
            found.append((path.stat().st_mtime_ns, path.stem))
        except FileNotFoundError:  # put away by another task meanwhile
            continue
    return [name for moment, name in sorted(found) if latest is None or moment <= latest]


@cache
def _lines(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _read(path: Path, kind: Any) -> Iterator[Any]:
    from pydantic import ValidationError

    try:
        body = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: the batch cannot be read: {error.strerror}", "all workers must see the same DEALWIRE_HOME"
        ) from error
    for number, line in enumerate(body.splitlines(), 1):
        try:
            yield _lines(kind).validate_json(line)
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            raise InputError(f"{path}:{number}: damaged batch: {said}", "move the file away and fetch again") from error
