"""Organisations in text: names that ``companies.toml`` knows, and provisional ids for names that it does not.

A name nobody knows yet comes from the tagger (or from a legal form beside it) and gets the id ``~`` + its own letters,
so that two articles on it meet; further mentions of it in the document, and short forms in brackets, share the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from models.data_files import read_toml
from models.facts import Entity
from models.gazetteer import Gazetteer, Guard, Match, guard_of, is_katakana, longest
from models.normal import is_cjk, normalise

PROVISIONAL = "~"


@dataclass(frozen=True, slots=True)
class Company:
    """One row of ``companies.toml``."""

    id: str
    name: str
    kind: str
    country: str
    parent: str | None
    aliases: tuple[str, ...]


@cache
def companies() -> dict[str, Company]:
    """All organisations by id."""
    return {
        row["id"]: Company(
            row["id"],
            row["name"],
            row["kind"],
            row.get("country", ""),
            row.get("parent"),
            (*row.get("aliases", ()), *row.get("nicknames", ())),
        )
        for row in read_toml("companies.toml")["company"]
    }


@cache
def kinds() -> dict[str, str]:
    """Company id to kind (``lab``, ``cloud``, ``fund`` …)."""
    return {company.id: company.kind for company in companies().values()}


@cache
def gazetteer() -> Gazetteer:
    """The automaton over all aliases and nicknames of all companies."""
    entries: list[tuple[str, str, Guard | None]] = []
    for row in read_toml("companies.toml")["company"]:
        guards = {normalise(g["alias"]): guard_of(g) for g in row.get("guards", ())}
        names = (*row.get("aliases", ()), *row.get("nicknames", ()), *(g["alias"] for g in row.get("guards", ())))
        entries += [(alias, row["id"], guards.get(normalise(alias))) for alias in names]
    return Gazetteer(entries)


@cache
def _legal_forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = read_toml("legal_forms.toml")
    before = "|".join(map(re.escape, sorted(table["before"], key=len, reverse=True)))
    after = "|".join(map(re.escape, sorted(table["after"], key=len, reverse=True)))
    return re.compile(rf"^(?:{before})\s*"), re.compile(rf"[\s,]*(?:{after})\.?$")


def provisional_id(name: str) -> str:
    """Id of an organisation that no row knows: its name in its own script, without legal form, case and spaces."""
    before, after = _legal_forms()
    plain = normalise(name).strip()
    core = after.sub("", before.sub("", plain)) or plain
    return PROVISIONAL + "".join(c for c in core.casefold() if c.isalnum())


@cache
def _no_orgs() -> frozenset[str]:
    return frozenset(_letters(word) for words in read_toml("not_orgs.toml").values() for word in words)


def _letters(name: str) -> str:
    return "".join(c for c in normalise(name).casefold() if c.isalnum())


def plausible(text: str, start: int, end: int) -> bool:
    """Whether a span that the tagger offers can be a name: whole words, no known product, place or medium."""
    name = text[start:end]
    letters = _letters(name)
    if len(letters) < 2 or letters.isdigit() or letters in _no_orgs() or name.count("(") != name.count(")"):
        return False
    if not is_cjk(name[0]) and name[0].isalpha() and name[0].islower() and not any(c.isupper() for c in name):
        return False
    return not (_splits(text, start) or _splits(text, end))


def _splits(text: str, at: int) -> bool:
    """Whether an edge cuts a katakana word or a run of Latin letters in two."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    kana = is_katakana(left) and is_katakana(right)
    latin = left.isalpha() and right.isalpha() and not is_cjk(left) and not is_cjk(right)
    return kana or latin


def find_known(text: str) -> list[Match]:
    """Organisations of the gazetteer in normalised ``text``."""
    return gazetteer().find(text)


def find_orgs(content: str, text: str, tagged: Iterable[tuple[int, int]] = ()) -> list[Entity]:
    """Organisations, by start. ``text`` is ``normalise(content)``; ``tagged`` are spans that the tagger calls orgs."""
    known = find_known(text)
    spans = {(m.start, m.end): m.id for m in known}
    taken = bytearray(len(text))
    for match in known:
        taken[match.start : match.end] = b"\x01" * (match.end - match.start)
    fresh = [(s, e) for s, e in tagged if e > s and not any(taken[s:e]) and plausible(text, s, e)]
    names = {provisional_id(text[s:e]): text[s:e] for s, e in fresh}
    spans |= {(s, e): provisional_id(text[s:e]) for s, e in fresh}
    for start, end in fresh:
        taken[start:end] = b"\x01" * (end - start)
    for start, end, owner in _repeats(text, names, taken):
        spans[start, end] = owner
    spans |= _bracketed(text, spans)
    return [Entity(content[s:e], s, e, "org", owner) for (s, e), owner in sorted(spans.items())]


def _repeats(text: str, names: dict[str, str], taken: bytearray) -> list[tuple[int, int, str]]:
    """Further mentions of provisional names: the same letters, or the first word of a longer Latin name."""
    found: list[Match] = []
    for owner, name in names.items():
        if len(name) < 2:
            continue
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            edge = not is_cjk(name[0]) and start and text[start - 1].isalnum() and not is_cjk(text[start - 1])
            tail = not is_cjk(name[-1]) and end < len(text) and text[end].isalnum() and not is_cjk(text[end])
            if not edge and not tail and not any(taken[start:end]):
                found.append(Match(start, end, owner))
    return [(m.start, m.end, m.id) for m in longest(found)]


def _bracketed(text: str, spans: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """Short forms given once in brackets after a provisional name, wherever they stand: ``Escribano M&E (EM&E)``."""
    found: dict[tuple[int, int], str] = {}
    for (_, end), owner in list(spans.items()):
        match = re.compile(r"\s*\(([A-Z][\w&.-]{1,11})[,)]").match(text, end)
        if match is None or not owner.startswith(PROVISIONAL):
            continue
        for again in re.finditer(rf"(?<!\w){re.escape(match.group(1))}(?!\w)", text):
            if (again.start(), again.end()) not in spans:
                found[again.start(), again.end()] = owner
    return found
