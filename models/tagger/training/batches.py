"""Rows for the network: one window of an item with its targets, and batches of them as arrays."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.sentences import Sentence
from models.tagger.decode import TAGS, TYPES
from models.tagger.heads import between, pair_numbers
from models.tagger.training.data import Item
from models.tagger.training.join import joined
from models.tagger.training.names import Names, renamed
from models.tagger.windows import Range, Window, prepare

Ranged = tuple[Range, ...]
FAR_NONE = 0.35  # of the unrelated pairs that do not stand in neighbouring sentences
JOIN = 0.4  # of the passages that are joined with one or two others


@dataclass(slots=True)
class Row:
    """One window. Each list holds (ranges to pool, target); ``tags`` [pieces, 9] marks the tags that are allowed."""

    ids: np.ndarray
    tags: np.ndarray
    roles: list[tuple[Ranged, np.ndarray | None, int]] = field(default_factory=list)
    pairs: list[tuple[Ranged, int, int, list[float]]] = field(default_factory=list)
    amounts: list[tuple[Ranged, int]] = field(default_factory=list)
    amount_links: list[tuple[Ranged, float]] = field(default_factory=list)
    chip_links: list[tuple[Ranged, float]] = field(default_factory=list)


def allowed_tags(item: Item, window: Window) -> np.ndarray:
    """Which tags each piece may have. Where a type is not marked in the source, its tags are allowed everywhere."""
    size = len(window.pieces)
    free = [TAGS[0], *(f"{w}-{t}" for t in TYPES if t not in item.known for w in "BI")]
    row = np.array([not item.known or tag in free for tag in TAGS])
    marks = np.tile(row, (size, 1))
    for start, end, _ in item.amounts:
        place = window.range_of(start, end)
        if place:
            marks[place[0] : place[1]] = [tag == "O" for tag in TAGS]
    for start, end, kind in item.tags:
        place = window.range_of(start, end)
        if place:
            marks[place[0] : place[1]] = [tag == f"I-{kind}" for tag in TAGS]
            marks[place[0]] = [tag == f"B-{kind}" for tag in TAGS]
    return marks


def _apart(item: Item, i: int, j: int) -> int:
    low, high = sorted((item.orgs[i][0], item.orgs[j][0]))
    return sum(low < start <= high for start, _, _ in item.sentences)


def make_row(tokenizer: Any, item: Item, rng: random.Random) -> Row | None:
    """A random window of the item, or None where it has no pieces."""
    sentences = [Sentence(a, b, n, title) for n, (a, b, title) in enumerate(item.sentences)]
    encoded = prepare(tokenizer, item.text, sentences=sentences)
    if not encoded.windows:
        return None
    window = rng.choice(encoded.windows)
    row = Row(np.concatenate([[0], encoded.ids[window.pieces], [2]]), allowed_tags(item, window))

    def places(spans: Sequence[tuple[int, ...]]) -> dict[int, Range]:
        found = {n: window.range_of(s[0], s[1]) for n, s in enumerate(spans)}
        return {n: r for n, r in found.items() if r}

    orgs, amounts, chips = places(item.orgs), places(item.amounts), places(item.chips)
    around = {r: window.sentence_range(int(window.sentences[r[0]])) for r in [*orgs.values(), *amounts.values()]}
    for n, r in orgs.items():
        row.roles.append(((r, around[r]), item.roles[n], item.org_status[n]))
    for (i, j), (name, status) in item.pairs.items():
        if i in orgs and j in orgs and orgs[i] != orgs[j]:
            if name == 0 and _apart(item, i, j) > 1 and rng.random() > FAR_NONE:
                continue
            a, b = orgs[i], orgs[j]
            numbers = pair_numbers(window, a, b, list(orgs.values()))
            row.pairs.append(((a, b, between(a, b), around[a], around[b]), name, status, numbers))
    for k, r in amounts.items():
        row.amounts.append(((r, around[r]), item.amounts[k][2]))
    for links, marks, out in ((item.amount_links, amounts, row.amount_links), (item.chip_links, chips, row.chip_links)):
        if links is not None:
            out += [((r, s, between(r, s)), float(links[i, k])) for i, r in orgs.items() for k, s in marks.items()]
    return row


class Sampler:
    """Endless batches: the source is drawn by weight, then the language, then the item, then its names and window."""

    def __init__(self, sources: dict[str, list[Item]], weights: dict[str, float], tokenizer: Any, names: Names) -> None:
        self.tokenizer, self.names = tokenizer, names
        self.load(sources, weights)

    def load(self, sources: dict[str, list[Item]], weights: dict[str, float]) -> None:
        """Draw from these sources from now on."""
        self.sources: dict[str, dict[str, list[Item]]] = {}
        for name, items in sources.items():
            for item in items:
                self.sources.setdefault(name, {}).setdefault(item.lang, []).append(item)
        self.weights = {name: weights[name] for name in self.sources}
        texts = {name: len(sources.get(name, ())) for name in ("snippets", "passages")}
        for name in texts.keys() & self.weights.keys():  # of one kind: each text counts the same
            self.weights[name] = (weights["snippets"] + weights["passages"]) * texts[name] / sum(texts.values())

    def draw(self, rng: random.Random) -> Row:
        """One row."""
        while True:
            [source] = rng.choices(list(self.weights), list(self.weights.values()))
            languages = self.sources[source]
            [lang] = rng.choices(list(languages), [len(items) ** 0.5 for items in languages.values()])
            item = renamed(rng.choice(languages[lang]), self.names, rng)
            if source in ("snippets", "passages") and rng.random() < JOIN:
                more = [renamed(rng.choice(languages[lang]), self.names, rng) for _ in range(rng.choice((1, 1, 2)))]
                item = joined([item, *more])
            row = make_row(self.tokenizer, item, rng)
            if row is not None:
                return row

    def batches(self, seed: int, size: int) -> Iterator[list[Row]]:
        """Batches of rows of like length."""
        rng = random.Random(seed)
        while True:
            rows = sorted((self.draw(rng) for _ in range(size * 6)), key=lambda row: len(row.ids))
            groups = [rows[at : at + size] for at in range(0, len(rows), size)]
            rng.shuffle(groups)
            yield from groups
