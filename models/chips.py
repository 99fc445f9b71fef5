"""AI chips in text: rows of ``chips.toml``, patterns for generations that nobody has listed yet, and plain GPUs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from models.data_files import read_toml
from models.facts import ChipMention, Entity
from models.gazetteer import Gazetteer, Guard, Match, guard_of, longest
from models.normal import normalise
from models.sentences import Sentence


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in read_toml("chips.toml")["chip"]}


@cache
def _gazetteer() -> Gazetteer:
    entries: list[tuple[str, str, Guard | None]] = []
    for row in _rows().values():
        if row.get("kind") == "memory":
            continue
        guard = guard_of(row) if row.get("needs") or row.get("not_before") or row.get("not_after") else None
        entries += [(alias, row["id"], guard) for alias in row.get("aliases", ())]
    return Gazetteer(entries)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, Guard], ...]:
    return tuple(
        (re.compile(rf"(?<![A-Za-z0-9])(?:{row['regex']})(?![A-Za-z0-9])"), row["id"], guard_of(row))
        for row in read_toml("chips.toml").get("pattern", ())
    )


@cache
def _generic() -> tuple[re.Pattern[str], dict[str, str], str, int]:
    table = read_toml("chips.toml")["generic"]
    words = "|".join(re.escape(normalise(w)) for w in sorted(table["words"], key=len, reverse=True))
    return (
        re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])"),
        table["vendor_ids"],
        table.get("id", "gpu"),
        int(table.get("absorbed_within", 0)),
    )


def chip_names(text: str) -> list[Match]:
    """Chips that rows know, by name alone: what no tagger may take for a company."""
    return _gazetteer().find(text)


def find_chips(content: str, text: str, orgs: Sequence[Entity], sentences: Sequence[Sentence]) -> list[ChipMention]:
    """Chips by start; a plain GPU takes the vendor named in its sentence. ``text`` is ``normalise(content)``."""
    options = _gazetteer().find(text)
    for pattern, template, guard in _patterns():
        for match in pattern.finditer(text):
            if guard.admits(text, *match.span()):
                options.append(Match(match.start(), match.end(), _fill(template, match)))
    found = longest(options)
    taken = {at for m in found for at in range(m.start, m.end)}
    generic, vendor_ids, plain_id, absorbed = _generic()
    ends = sorted(m.end for m in found)
    for match in generic.finditer(text):
        if match.start() in taken or any(0 <= match.start() - end <= absorbed for end in ends):
            continue
        found.append(
            Match(match.start(), match.end(), _vendor_id(match.start(), orgs, sentences, vendor_ids) or plain_id)
        )
    return [ChipMention(content[m.start : m.end], m.start, m.end, m.id) for m in sorted(found, key=lambda m: m.start)]


def _fill(template: str, match: re.Match[str]) -> str:
    for number, group in enumerate(match.groups(), 1):
        template = template.replace(f"{{{number}}}", (group or "").lower())
    return template.strip("-")


def _vendor_id(
    at: int, orgs: Sequence[Entity], sentences: Sequence[Sentence], vendor_ids: dict[str, str]
) -> str | None:
    home = next((s for s in sentences if s.start <= at < s.end), None)
    if home is None:
        return None
    for org in orgs:
        if home.start <= org.start < home.end and org.id in vendor_ids:
            return vendor_ids[org.id]
    return None
