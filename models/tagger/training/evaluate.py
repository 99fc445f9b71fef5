"""Figures on held-back items, through the run-time code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import numpy as np

from models.sentences import Sentence
from models.tagger.inference import Tagger
from models.tagger.training.data import Item
from models.tagger.windows import prepare


def f1(hit: int, found: int, wanted: int) -> float:
    """F1; 0 where nothing was found or wanted."""
    return 2 * hit / (found + wanted) if found + wanted else 0.0


def count(tagger: Tagger, item: Item, seen: Collection[str], counts: Counter[str]) -> None:
    """Add one item's hits to ``counts`` under ``task.what``."""
    sentences = [Sentence(a, b, n, title) for n, (a, b, title) in enumerate(item.sentences)]
    [encoded] = tagger.run([prepare(tagger._tokenizer, item.text, sentences=sentences)])
    wanted = {(a, b) for a, b, kind in item.tags if kind == "ORG"}
    found = {(s.start, s.end) for s in tagger.tag(encoded) if s.label == "ORG"}
    counts["org.hit"] += len(wanted & found)
    counts["org.found"] += len(found)
    counts["org.wanted"] += len(wanted)
    unseen = {(a, b) for a, b in wanted if item.text[a:b] not in seen}
    counts["new.wanted"] += len(unseen)
    counts["new.hit"] += len(unseen & found)
    counts["new.found"] += sum(item.text[a:b] not in seen for a, b in found)
    if not item.orgs:
        return
    relations = tagger.relate(encoded, [o[:2] for o in item.orgs], [a[:2] for a in item.amounts], item.chips)
    for key, (label, status) in item.pairs.items():
        guess = int(relations.pairs[key].argmax()) if key in relations.pairs else 0
        counts["pair.hit"] += label == guess != 0
        counts["pair.loose"] += label != 0 and guess != 0
        counts["pair.found"] += guess != 0
        counts["pair.wanted"] += label != 0
        if status >= 0 and key in relations.pair_status:
            counts["status.n"] += 1
            counts["status.hit"] += int(relations.pair_status[key].argmax()) == status
    for row, label in zip(relations.roles, item.roles, strict=True):
        if label is not None:
            counts["role.hit"] += int(((row > 0) & (label > 0)).sum())
            counts["role.found"] += int((row > 0).sum())
            counts["role.wanted"] += int(label.sum())
    for row, (_, _, role) in zip(relations.amount_roles, item.amounts, strict=True):
        counts["amount.n"] += 1
        counts["amount.hit"] += int(row.argmax()) == role
    for kind, links, scores in (
        ("alink", item.amount_links, relations.amount_links),
        ("clink", item.chip_links, relations.chip_links),
    ):
        if links is not None:
            near = scores > -19
            counts[f"{kind}.hit"] += int(((scores > 0) & (links > 0) & near).sum())
            counts[f"{kind}.found"] += int((scores > 0).sum())
            counts[f"{kind}.wanted"] += int(((links > 0) & near).sum())


def figures(counts: Counter[str]) -> dict[str, float]:
    """F1 of each task, accuracy of status and amounts' roles."""
    out = {
        name: f1(counts[f"{name}.hit"], counts[f"{name}.found"], counts[f"{name}.wanted"])
        for name in ("pair", "role", "org", "new", "alink", "clink")
    }
    out["detect"] = f1(counts["pair.loose"], counts["pair.found"], counts["pair.wanted"])
    for name in ("status", "amount"):
        out[name] = counts[f"{name}.hit"] / max(1, counts[f"{name}.n"])
    return {name: float(np.round(value, 3)) for name, value in out.items()}


def evaluate(tagger: Tagger, items: Sequence[Item], seen: Collection[str]) -> dict[str, dict[str, float]]:
    """Figures over all items and for each language. ``seen`` holds the organisation names of the training set."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        own: Counter[str] = Counter()
        count(tagger, item, seen, own)
        counts["all"].update(own)
        counts[item.lang].update(own)
    return {name: figures(value) for name, value in sorted(counts.items())}
