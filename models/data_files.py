"""Readers of the knowledge in ``models/data``: parsed once, shared by all engines."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


class DataFileError(ValueError):
    """A file under ``models/data`` is missing or wrong; the message names it."""


@cache
def read_toml(name: str) -> dict[str, Any]:
    """Parse ``models/data/<name>``; raises :class:`DataFileError` with the file's name and the parser's reason."""
    try:
        return tomllib.loads((files("models") / "data" / name).read_text("utf-8"))
    except FileNotFoundError as error:
        raise DataFileError(f"models/data/{name} is missing") from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"models/data/{name}: {error}") from error


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a file in ``models/data/lang``, sorted."""
    folder = files("models") / "data" / "lang"
    return tuple(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml")))


@cache
def language(code: str) -> dict[str, Any]:
    """The tables of one language file."""
    return read_toml(f"lang/{code}.toml")


@cache
def table(code: str, name: str) -> dict[str, Any]:
    """Table ``name`` of a language, or of the one that its file names as ``fallback``, or of English."""
    chain = [code]
    if code in languages():
        chain.append(language(code).get("fallback", "en"))
    for candidate in (*chain, "en"):
        if candidate in languages() and name in language(candidate):
            found: dict[str, Any] = language(candidate)[name]
            return found
    raise DataFileError(f"models/data/lang/{code}.toml: no table [{name}], nor in its fallback")
