"""The sources: one TOML file a publisher, checked key by key. One bad file is a problem, and the rest loads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import ConfigError
from pipeline.explain import FileProblem, explained, parsed_toml
from pipeline.nearest import nearest
from pipeline.records import Feed, Source
from pipeline.sources.schema import FeedEntry, SourceFile

_NO_FEED = "a source needs at least one [[feed]] with a url"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The sources that can be used, by id, and the problems of the files that can't."""

    sources: tuple[Source, ...]
    problems: tuple[FileProblem, ...] = ()

    def get(self, source_id: str) -> Source:
        """The source with this id.

        Raises:
            ConfigError: there is none; the hint names the nearest.
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        near = nearest(source_id, [source.id for source in self.sources])
        raise ConfigError(f"no source has the id {source_id!r}", f"did you mean {near!r}?" if near else "")


def packaged_folder() -> Path:
    """Where the sources stand that come with Dealwire."""
    return Path(__file__).parent


def load_sources(folder: Path | None = None) -> Catalog:
    """All ``*.toml`` of ``folder`` (the packaged sources by default), sorted by id.

    Raises:
        ConfigError: the folder does not exist. What is wrong inside it is in ``Catalog.problems``.
    """
    folder = folder or packaged_folder()
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder of sources", "set DEALWIRE_SOURCES_DIR, or leave it out")
    sources: dict[str, Source] = {}
    problems: list[FileProblem] = []
    polled: dict[str, Source] = {}
    for path in sorted(folder.glob("*.toml")):
        read = read_source(path)
        found = _clashes(read, sources, polled) if isinstance(read, Source) else read
        problems += found
        if isinstance(read, Source) and not found:
            sources[read.id] = read
            polled |= {feed_key(feed.url): read for feed in read.feeds}
    return Catalog(tuple(sources[key] for key in sorted(sources)), tuple(problems))


def read_source(path: Path) -> Source | list[FileProblem]:
    """One file as a source, or all that is wrong with it."""
    try:
        data = parsed_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return [FileProblem(path, "", f"not readable: {error}", "the file must be UTF-8 text")]
    except tomllib.TOMLDecodeError as error:
        return [FileProblem(path, "", f"not TOML: {error}")]
    try:
        file = SourceFile.model_validate(data)
    except ValidationError as error:
        return [_problem(path, detail) for detail in error.errors()]
    if file.id != path.stem:
        return [FileProblem(path, "id", f"{file.id!r} is not the name of the file", f"call it {file.id}.toml")]
    feeds = tuple(Feed(entry.url, entry.full_text) for entry in file.feed)
    fields = file.model_dump(exclude={"feed"})
    return Source(**fields, feeds=feeds, path=str(path))


def feed_key(url: str) -> str:
    """Equal for addresses of one feed: scheme, ``www.``, letter case of the host and last slash don't count."""
    host, slash, rest = url.split("#")[0].partition("://")[2].partition("/")
    return (host.lower().removeprefix("www.") + slash + rest).rstrip("/")


def _clashes(source: Source, sources: dict[str, Source], polled: dict[str, Source]) -> list[FileProblem]:
    path = Path(source.path)
    keys = [feed_key(feed.url) for feed in source.feeds]
    problems = []
    for number, key in enumerate(keys, 1):
        if key in polled:
            problems.append(FileProblem(path, f"feed[{number}].url", f"{polled[key].path} polls this feed already"))
        elif key in keys[: number - 1]:
            problems.append(FileProblem(path, f"feed[{number}].url", "the file names this feed twice"))
    return problems


def _problem(path: Path, detail: ErrorDetails) -> FileProblem:
    known = (FeedEntry if detail["loc"][0] == "feed" else SourceFile).model_fields
    return explained(path, detail, known, _NO_FEED if detail["type"] == "too_short" else "")
