"""Names from the data files in text: one automaton over all aliases, longest match first, with word edges and guards.

Matching is case-sensitive on length-preserving normalised text. In alphabetic scripts an alias matches whole words, a
genitive s allowed (``Nvidias``); next to Chinese, Japanese or Korean characters a Latin alias needs no space
(``OpenAI社``, ``오픈AI가``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

from models.normal import is_cjk, normalise

_SHOUTED = 5  # a Latin alias of this many letters also matches in capitals


@dataclass(frozen=True, slots=True)
class Guard:
    """When an ambiguous alias counts: one of ``needs`` stands in the text, none of the others touches it."""

    needs: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    def admits(self, text: str, start: int, end: int) -> bool:
        """Whether the alias at ``start:end`` of the whole ``text`` counts."""
        if any(text.startswith(word, end) for word in self.not_before):
            return False
        if any(text.endswith(word, 0, start) for word in self.not_after):
            return False
        return not self.needs or any(word in text for word in self.needs)


@dataclass(frozen=True, slots=True)
class Match:
    """An alias in the text and the id it stands for."""

    start: int
    end: int
    id: str


def guard_of(row: dict[str, Any]) -> Guard:
    """A guard from its table in a data file."""
    return Guard(*(tuple(normalise(word) for word in row.get(key, ())) for key in ("needs", "not_before", "not_after")))


def variants(alias: str) -> set[str]:
    """Spellings that a data file need not list: capitals, katakana words with and without a dot or space between."""
    plain = normalise(alias)
    found = {plain}
    if plain.isascii() and len(plain) >= _SHOUTED:
        found.add(plain.upper())
    if any(is_cjk(c) for c in plain):
        for mark in "・ ＝=":
            if mark in plain.strip():
                found |= {plain.replace(mark, ""), plain.replace(mark, "・"), plain.replace(mark, " ")}
    return {item.strip() for item in found if item.strip()}


class Gazetteer:
    """An automaton over (alias, id, guard) triples; the first owner of an alias without a guard keeps it."""

    def __init__(self, entries: Iterable[tuple[str, str, Guard | None]]) -> None:
        owners: dict[str, list[tuple[str, Guard | None]]] = {}
        for alias, owner, guard in entries:
            for form in variants(alias):
                known = owners.setdefault(form, [])
                if all(owner != other for other, _ in known):
                    known.append((owner, guard))
        self._automaton = ahocorasick.Automaton()
        for form, known in owners.items():
            self._automaton.add_word(form, (len(form), known))
        self._automaton.make_automaton()
        self.size = len(owners)

    def find(self, text: str) -> list[Match]:
        """Matches in normalised ``text``, without overlap, longest first where they compete, by start."""
        options: list[Match] = []
        for last, (length, known) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            if not whole(text, start, end):
                continue
            for owner, guard in known:
                if guard is None or guard.admits(text, start, end):
                    options.append(Match(start, end, owner))
                    break
        return longest(options)


def longest(options: Sequence[Match]) -> list[Match]:
    """Of overlapping matches the longest, of equal ones the first."""
    taken: list[Match] = []
    used = bytearray(max((m.end for m in options), default=0))
    for match in sorted(options, key=lambda m: (m.start - m.end, m.start)):
        if not any(used[match.start : match.end]):
            used[match.start : match.end] = b"\x01" * (match.end - match.start)
            taken.append(match)
    return sorted(taken, key=lambda m: m.start)


def whole(text: str, start: int, end: int) -> bool:
    """Whether an alias at ``start:end`` of normalised ``text`` is a word by itself, a genitive s aside."""
    head, tail = text[start], text[end - 1]
    if head.isalnum() and not is_cjk(head) and start and _latin(text[start - 1]):
        return False
    if tail.isalnum() and not is_cjk(tail) and end < len(text) and _latin(text[end]):
        genitive = text[end] == "s" and tail.isalpha() and end - start >= 4
        return genitive and not (end + 1 < len(text) and _latin(text[end + 1]))
    if is_cjk(head) and is_katakana(head) and start and is_katakana(text[start - 1]):
        return False
    return not (is_cjk(tail) and is_katakana(tail) and end < len(text) and is_katakana(text[end]))


def _latin(char: str) -> bool:
    return char.isalnum() and not is_cjk(char)


def is_katakana(char: str) -> bool:
    """Whether ``char`` can stand inside a katakana word."""
    return "ァ" <= char <= "ヺ" or char == "ー"
