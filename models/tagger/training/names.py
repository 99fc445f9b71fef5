"""Other names for organisations, so that the model learns the sentence and not who stands in it.

Names come from a list of known companies (by script) and from syllables, with the endings that names carry.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from models.tagger.training.data import Item, overlap_free

DATA = tomllib.loads((Path(__file__).parent / "syllables.toml").read_text("utf-8"))
LATIN, WORDS = DATA["latin"]["syllables"].split(), DATA["latin"]["words"].split()
ENDINGS: dict[str, list[str]] = DATA["endings"]
KANA, KANJI, HANGUL, HAN = (DATA["letters"][name] for name in ("kana", "kanji", "hangul", "han"))


class Names:
    """A seeded supply of names for each language."""

    def __init__(self, lists: Iterable[Path]) -> None:
        self.known: dict[str, list[str]] = {"latin": [], "ja": [], "ko": [], "zh": []}
        for path in lists:
            for row in tomllib.loads(path.read_text("utf-8")).get("company", ()):
                for alias in row.get("aliases", ()):
                    self.known[script(alias)].append(alias)

    def draw(self, rng: random.Random, lang: str) -> str:
        """One name that an article in ``lang`` could hold."""
        local = lang if lang in ("ja", "ko", "zh") else "latin"
        pool = self.known[local if rng.random() < 0.7 else "latin"]
        if pool and rng.random() < 0.5:
            return rng.choice(pool)
        return self.invent(rng, lang)

    def invent(self, rng: random.Random, lang: str) -> str:
        """A name that nobody bears."""
        ending = rng.choice(ENDINGS.get(lang, ENDINGS["en"]))
        if lang in ("ja", "ko", "zh") and rng.random() < 0.75:
            if lang == "ja":
                letters, size = (KANA, rng.randint(3, 6)) if rng.random() < 0.6 else (KANJI, 2)
            else:
                letters, size = (HANGUL, rng.randint(2, 4)) if lang == "ko" else (HAN, rng.randint(2, 4))
            stem = "".join(rng.choice(letters) for _ in range(size))
            return stem + ("ー" if lang == "ja" and letters is KANA and rng.random() < 0.3 else "") + ending
        if rng.random() < 0.35:
            stem = rng.choice(WORDS) + rng.choice(["", " "]) + rng.choice(WORDS)
            stem = stem if rng.random() < 0.5 else stem.capitalize()
        else:
            stem = "".join(rng.choice(LATIN) for _ in range(rng.randint(2, 3))).capitalize()
        stem = rng.choice([stem, stem, stem, stem.upper()[:4], stem + rng.choice([".ai", "X", " AI", "io"])])
        return stem + ending


def script(name: str) -> str:
    """The pool that a name belongs to."""
    if re.search("[가-힣]", name):
        return "ko"
    if re.search("[ぁ-ヿ]", name):
        return "ja"
    return "zh" if re.search("[一-鿿]", name) else "latin"


def renamed(item: Item, names: Names, rng: random.Random) -> Item:
    """The item with some organisations consistently under other names; a third of the items stay as they are."""
    spans = item.orgs or [(a, b, item.text[a:b]) for a, b, t in item.tags if t == "ORG"]
    if not spans or rng.random() < 0.33:
        return item
    longest: dict[str, str] = {}
    for a, b, owner in spans:
        if b - a > len(longest.get(owner, "")):
            longest[owner] = item.text[a:b]
    new = {owner: names.draw(rng, item.lang) for owner in sorted(longest) if rng.random() < 0.7}
    edits: list[tuple[int, int, str]] = []
    for a, b, owner in sorted(spans):
        if owner in new and (not edits or a >= edits[-1][1]):
            edits.append((a, b, _surface(item.text[a:b], longest[owner], new[owner])))
    return _apply(item, edits) if edits else item


def _surface(old: str, longest: str, new: str) -> str:
    if old == longest:
        return new
    if old == f"{longest}s" or (longest == f"{old}s"):
        return new + ("s" if old.endswith("s") else "")
    parts = new.split(" ")
    return parts[0] if len(parts) > 1 and len(parts[0]) > 2 else new


def _apply(item: Item, edits: list[tuple[int, int, str]]) -> Item:
    pieces, moves, at, shift = [], [], 0, 0
    for a, b, text in edits:
        pieces += [item.text[at:a], text]
        at, shift = b, shift + len(text) - (b - a)
        moves.append((b, shift))
    text = "".join([*pieces, item.text[at:]])

    def place(position: int) -> int:
        moved = 0
        for end, total in moves:
            if end > position:
                break
            moved = total
        return position + moved

    def span(a: int, b: int) -> tuple[int, int]:
        return place(a), max(place(b), place(a) + 1)

    return replace(
        item, text=text,
        sentences=[(*span(a, b), title) for a, b, title in item.sentences],
        tags=overlap_free([(*span(a, b), kind) for a, b, kind in item.tags]),
        orgs=[(*span(a, b), owner) for a, b, owner in item.orgs],
        amounts=[(*span(a, b), role) for a, b, role in item.amounts],
        chips=[span(a, b) for a, b in item.chips],
    )  # fmt: skip
