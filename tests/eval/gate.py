"""The public benchmark: annotated articles, what the reader makes of them, and the floors under its figures.

The articles stand in ``gold/`` (see ``GUIDELINES.md`` there). A hash of the id parts them: the models were fitted on
``fitted`` ones, never on ``held_out`` ones. ``floors.toml`` holds what each figure must not fall below, by part,
language and measure, and a hash of the corpus for which that was settled; ``python -m tests.eval.pin`` writes it.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from models.evaluation import evaluate
from models.facts import Document, Reading
from models.reader import Reader

GOLD = Path(__file__).parent / "gold"
FLOORS = Path(__file__).parent / "floors.toml"
PARTS = ("fitted", "held_out")
SLACK = 0.01

Article = dict[str, Any]
Figures = dict[str, dict[str, dict[str, float]]]  # part, language (or "all"), measure


class LoweredFloorsError(ValueError):
    """New floors would stand below the pinned ones, or for another corpus; the message lists where."""


def articles() -> list[Article]:
    """All annotated articles."""
    files = sorted(GOLD.glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").split("\n") if line]


def corpus_hash() -> str:
    """SHA-256 over the names and bytes of the annotated files."""
    digest = hashlib.sha256()
    for path in sorted(GOLD.glob("*.jsonl")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def part_of(article_id: str) -> str:
    """``held_out`` for every third article by the hash of its id, else ``fitted``."""
    return "held_out" if int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % 3 == 0 else "fitted"


def document(article: Article) -> Document:
    """What the reader gets to see of an article."""
    return Document(
        article["id"], article["text"], article.get("title") or "", article["lang"], article.get("published")
    )


def read_all(gold: Iterable[Article]) -> dict[str, Reading]:
    """Readings by id, made with whatever is installed (the tagger too, where its artefact is there)."""
    return {reading.id: reading for reading in Reader().read(map(document, gold))}


def measure(gold: Iterable[Article], readings: Mapping[str, Reading]) -> Figures:
    """Figures of both parts; a measure with nothing to find in a language is left out."""
    rows = {key: reading.to_json() for key, reading in readings.items()}
    found: Figures = {}
    for part in PARTS:
        scores = evaluate((a for a in gold if part_of(a["id"]) == part), rows)
        found[part] = {
            lang: {name: value for name, value in score.figures().items() if value is not None}
            for lang, score in sorted(scores.items())
        }
    return found


def floors_under(figures: Figures) -> Figures:
    """Floors for ``figures``: a hundredth below each, rounded down to three decimals, never below zero."""
    return {
        part: {
            lang: {name: max(0.0, math.floor((value - SLACK) * 1000 + 1e-9) / 1000) for name, value in row.items()}
            for lang, row in langs.items()
        }
        for part, langs in figures.items()
    }


def read_floors(path: Path = FLOORS) -> dict[str, Any]:
    """The pinned floors; an empty table where there are none yet."""
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def settle(pinned: Mapping[str, Any], corpus: str, new: Figures, allow_lower: bool = False) -> dict[str, Any]:
    """The table to write.

    Raises:
        LoweredFloorsError: a floor would sink or vanish, or the corpus is another one, and ``allow_lower`` is not set.
    """
    lowered = [] if pinned.get("corpus", corpus) == corpus else ["the corpus has changed: figures do not compare"]
    for part in PARTS:
        for lang, row in pinned.get(part, {}).items():
            for name, old in row.items():
                now = new[part].get(lang, {}).get(name)
                if now is None or now < old:
                    lowered.append(f"{part}.{lang}.{name}: {old} -> {now}")
    if lowered and not allow_lower:
        raise LoweredFloorsError("\n".join(lowered))
    return {"corpus": corpus, **new}
