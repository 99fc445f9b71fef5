"""Source files written by us: from a web address or a subscription list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from pathlib import Path
from urllib.parse import urlsplit

import tomli_w

from pipeline.errors import ConfigError
from pipeline.records import Source
from pipeline.sources.catalog import read_source


def write_source(source: Source, folder: Path) -> Source:
    """Write ``<id>.toml`` and return the source as a reader of the file sees it.

    Raises:
        ConfigError: a file of that name stands there already, the folder can't be written, or the source is not valid.
    """
    path = folder / f"{source.id}.toml"
    scalars = ("id", "name", "homepage", "country", "language", "kind", "tier", "poll_minutes")
    tables = [tomli_w.dumps({key: getattr(source, key) for key in scalars})]
    # tomli-w would put short tables on one line; a [[feed]] each is easier to edit.
    tables += ["[[feed]]\n" + tomli_w.dumps({"url": feed.url, "full_text": feed.full_text}) for feed in source.feeds]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(tables))
    except FileExistsError:
        raise ConfigError(f"{path}: the file exists", "choose another id, or edit the file") from None
    except OSError as error:
        raise ConfigError(f"{path}: not written: {error}") from error
    read = read_source(path)
    if isinstance(read, Source):
        return read
    path.unlink()
    raise ConfigError("; ".join(str(problem) for problem in read))


def slug(name: str, url: str, taken: Container[str] = ()) -> str:
    """A readable id from a name, or from the host of ``url`` where the name has no Latin letters; never a taken one."""
    base = _latin(name)
    if len(base) < 3:
        base = _latin(_host(url).removeprefix("www."))
    base = base[:50].rstrip("-") or "source"
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    return candidate


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "source"
    except ValueError:  # brackets that hold no IPv6 address
        return "source"


def _latin(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
