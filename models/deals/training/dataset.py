"""Annotated documents as contexts with labels: gold mentions are found by their surfaces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.deals.arrange import build
from models.deals.context import Context, Mention
from models.deals.labels import NONE, pair_class
from models.deals.training.markup import read_markup
from models.facts import Amount, ChipMention, Entity
from models.normal import is_cjk, normalise

NEAR = 1  # sentences between two mentions of which one may stand outside the evidence


@dataclass(slots=True)
class Example:
    """One annotated document: its context and the gold deals."""

    id: str
    lang: str
    context: Context
    gold: dict[str, Any]
    evidence: list[list[tuple[int, int]]] = field(default_factory=list)  # a deal may be told in several places


def occurrences(text: str, surface: str) -> Iterator[tuple[int, int]]:
    """Spans of ``surface`` in ``text``; in alphabetic scripts only whole words, a genitive s allowed."""
    surface = normalise(surface)
    for match in re.finditer(re.escape(surface), text):
        start, end = match.span()
        head, tail = surface[0], surface[-1]
        if not is_cjk(head) and head.isalnum() and start and text[start - 1].isalnum() and not is_cjk(text[start - 1]):
            continue
        rest = text[end : end + 2]
        goes_on = not is_cjk(tail) and tail.isalnum() and rest[:1].isalnum() and not is_cjk(rest[0])
        if goes_on and (rest[0] != "s" or rest[1:2].isalnum()):
            continue
        yield start, end


def _spans(text: str, surfaces: dict[str, list[str]], wanted: set[str]) -> list[tuple[int, int, str]]:
    options = [
        (start, end, owner)
        for owner, strings in surfaces.items()
        if owner in wanted
        for surface in set(strings)
        if surface
        for start, end in occurrences(text, surface)
    ]
    taken: list[tuple[int, int, str]] = []
    for start, end, owner in sorted(options, key=lambda o: (o[0] - o[1], o[0])):
        if all(end <= s or start >= e for s, e, _ in taken):
            taken.append((start, end, owner))
    return sorted(taken)


def gold_example(doc: dict[str, Any], kinds: dict[str, str]) -> Example:
    """Build the context of one annotated document from its gold organisations, chips and amounts."""
    title = doc.get("title") or ""
    content = f"{title}\n{doc['text']}" if title else doc["text"]
    plain = normalise(content)
    surfaces = doc.get("surfaces") or {}
    entities = [Entity(content[s:e], s, e, "org", o) for s, e, o in _spans(plain, surfaces, set(doc["orgs"]))]
    chips = [ChipMention(content[s:e], s, e, o) for s, e, o in _spans(plain, surfaces, set(doc["chips"]))]
    amounts = []
    for row in doc["amounts"]:
        at = plain.find(normalise(row.get("text") or "\0"))
        if at >= 0:
            amounts.append(
                Amount(row["text"], at, at + len(row["text"]), row["value"], row["currency"], row["qualifier"],
                       row["value_max"], row["role"])
            )  # fmt: skip
    context = build(content, doc["lang"], len(title), entities, amounts, chips, kinds)
    example = Example(doc["id"], doc["lang"], context, doc)
    for deal in doc["deals"]:
        places = [deal.get("evidence") or "\0", *deal.get("further", ())]
        found = [(plain.find(normalise(place)), len(place)) for place in places]
        example.evidence.append([(at, at + size) for at, size in found if at >= 0])
    return example


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """Annotated documents of a JSONL file, or of a text file with marks (:mod:`models.deals.training.markup`)."""
    if path.suffix == ".txt":
        yield from read_markup(path)
        return
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def read(paths: list[Path], kinds: dict[str, str]) -> list[Example]:
    """Read files of annotated documents; see :func:`documents`."""
    return [gold_example(doc, kinds) for path in paths for doc in documents(path)]


def deal_sentences(example: Example, index: int) -> set[int]:
    """Numbers of the sentences where deal ``index`` is stated; all of them where gold gives no evidence."""
    spans = example.evidence[index]
    if not spans:
        return set(range(len(example.context.sentences)))
    return {s.index for s in example.context.sentences for low, high in spans if s.start < high and s.end > low}


def pair_label(example: Example, one: Mention, two: Mention) -> str | None:
    """Gold class of two mentions; None where it cannot be told (a deal of theirs is stated elsewhere)."""
    doubtful = False
    for index, deal in enumerate(example.gold["deals"]):
        roles = {p["id"]: p["role"] for p in deal["parties"]}
        if one.id not in roles or two.id not in roles:
            continue
        where = deal_sentences(example, index)
        titled = where | {s.index for s in example.context.sentences if s.title}
        near = two.sentence - one.sentence <= NEAR
        if (near and titled & {one.sentence, two.sentence}) or {one.sentence, two.sentence} <= titled:
            return pair_class(deal["type"], roles[one.id], roles[two.id])
        doubtful = True
    return None if doubtful else NONE


def mention_label(example: Example, mention: Mention) -> set[tuple[str, str]] | None:
    """Gold (type, role) of a mention in its sentence; None where a deal of it is stated elsewhere only."""
    found: set[tuple[str, str]] = set()
    doubtful = False
    for index, deal in enumerate(example.gold["deals"]):
        for party in deal["parties"]:
            if party["id"] == mention.id:
                if mention.sentence in deal_sentences(example, index):
                    found.add((deal["type"], party["role"]))
                else:
                    doubtful = True
    if found or not doubtful:
        return found
    return None
