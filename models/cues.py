"""Cue words: which of a language's words speak of what kind of deal, and how far along it is.

The words stand in ``models/data/lang/*.toml`` under ``[deals.cues]`` and ``[deals.status]``. In alphabetic scripts a
cue matches whole words, ``*`` any ending; in Chinese, Japanese and Korean it matches anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick

from models.data_files import table
from models.normal import is_cjk, normalise


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue word in the text. ``group`` is its class (``acquire``, ``talks`` …)."""

    start: int
    end: int
    group: str


@dataclass(frozen=True, slots=True)
class _Entry:
    group: str
    open_start: bool
    rest: re.Pattern[str] | None


def _entry(group: str, word: str) -> tuple[str, _Entry]:
    open_start = word.startswith("*")
    word = normalise(word.removeprefix("*")).lower()
    key, star, tail = word.partition("*")
    rest = None
    if star:
        rest = re.compile(r"\w*" + (re.escape(tail) + r"(?!\w)" if tail else ""))
    return key, _Entry(group, open_start, rest)


@cache
def _automaton(lang: str) -> Any:
    deals = table(lang, "deals")
    by_key: dict[str, list[_Entry]] = {}
    for part in ("cues", "status"):
        for group, words in deals[part].items():
            for word in words:
                key, entry = _entry(group, word)
                if key:
                    by_key.setdefault(key, []).append(entry)
    automaton = ahocorasick.Automaton()
    for key, entries in by_key.items():
        automaton.add_word(key, (len(key), entries))
    automaton.make_automaton()
    return automaton


def find_cues(text: str, lang: str) -> list[Cue]:
    """All cues in ``text``, by start; overlapping cues of different groups all count, of one group the longest."""
    lowered = normalise(text).lower()
    if len(lowered) != len(text):  # a rare letter changes length in lower case (İ)
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in normalise(text))
    best: dict[tuple[int, str], int] = {}
    for last, (length, entries) in _automaton(lang).iter(lowered):
        start, end = last + 1 - length, last + 1
        for entry in entries:
            stop = _stop(lowered, start, end, entry)
            if stop is not None and best.get((start, entry.group), 0) < stop:
                best[start, entry.group] = stop
    return sorted((Cue(start, end, group) for (start, group), end in best.items()), key=lambda c: (c.start, -c.end))


def _stop(text: str, start: int, end: int, entry: _Entry) -> int | None:
    """Where the cue ends, or None where it stands inside another word."""
    wordlike = not is_cjk(text[start])
    if wordlike and not entry.open_start and start and _joins(text[start - 1], text[start]):
        return None
    if entry.rest is not None:
        match = entry.rest.match(text, end)
        return match.end() if match else None
    if wordlike and end < len(text) and not is_cjk(text[end - 1]) and _joins(text[end - 1], text[end]):
        return None
    return end


def _joins(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_cjk(left) and not is_cjk(right)
