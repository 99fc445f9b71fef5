"""Training items from the annotated articles, the passages and other people's sets, all in one shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, NONE, PAIR_CLASSES, STATUSES
from models.deals.training.dataset import Example, deal_sentences, documents, gold_example, mention_label, pair_label
from models.tagger import inference

APART = inference.APART
CUES = {"pt": "es"}  # labels do not depend on cues; sentence ends are the same


@dataclass(slots=True)
class Item:
    """One text with what is known of it. Spans are code points; ``known`` names the types whose absence means no."""

    id: str
    lang: str
    text: str
    sentences: list[tuple[int, int, bool]]
    tags: list[tuple[int, int, str]] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    orgs: list[tuple[int, int, str]] = field(default_factory=list)
    roles: list[np.ndarray | None] = field(default_factory=list)
    org_status: list[int] = field(default_factory=list)  # -1: not known
    pairs: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # to class and status (or -1)
    amounts: list[tuple[int, int, int]] = field(default_factory=list)  # with the role's number
    chips: list[tuple[int, int]] = field(default_factory=list)
    amount_links: np.ndarray | None = None
    chip_links: np.ndarray | None = None


def _status(example: Example, ids: tuple[str, ...], numbers: set[int]) -> int:
    found = [
        STATUSES.index(deal["status"])
        for index, deal in enumerate(example.gold["deals"])
        if set(ids) <= {p["id"] for p in deal["parties"]} and (numbers & deal_sentences(example, index))
    ]
    return found[0] if found and len(set(found)) == 1 else -1


def from_example(example: Example) -> Item:
    """An annotated article or passage as an item."""
    context = example.context
    item = Item(
        example.id, example.lang, context.text, [(s.start, s.end, s.title) for s in context.sentences],
        known=frozenset({"ORG"}),
    )  # fmt: skip
    mentions = [m for m in context.mentions if m.end > m.start]  # the engine adds some that stand for an unnamed topic
    for mention in mentions:
        item.orgs.append((mention.start, mention.end, mention.id))
        item.tags.append((mention.start, mention.end, "ORG"))
        label = mention_label(example, mention)
        item.roles.append(None if label is None else np.array([c in label for c in MENTION_CLASSES], np.float32))
        item.org_status.append(_status(example, (mention.id,), {mention.sentence}))
    for i, one in enumerate(mentions):
        for j in range(i + 1, len(mentions)):
            two = mentions[j]
            if two.sentence - one.sentence > APART:
                break
            label = pair_label(example, one, two) if one.id != two.id else None
            if label is not None:
                name = label if label in PAIR_CLASSES else NONE
                status = _status(example, (one.id, two.id), {one.sentence, two.sentence}) if name != NONE else -1
                item.pairs[i, j] = (PAIR_CLASSES.index(name), status)
    amounts = [a for row in context.amounts for a in row]
    item.amounts = [(a.start, a.end, AMOUNT_ROLES.index(a.role)) for a in amounts]
    chips = [c for row in context.chips for c in row]
    item.chips = [(c.start, c.end) for c in chips]
    item.tags += [(c.start, c.end, "PRODUCT") for c in chips]
    item.amount_links = np.zeros((len(mentions), len(amounts)), np.float32)
    item.chip_links = np.zeros((len(mentions), len(chips)), np.float32)
    for deal in example.gold["deals"]:
        parties = {p["id"] for p in deal["parties"]}
        total = deal.get("amount")
        for m, mention in enumerate(mentions):
            if mention.id in parties:
                for k, a in enumerate(amounts):
                    if total and a.value == total["value"] and a.currency == total["currency"]:
                        item.amount_links[m, k] = 1.0
                for k, chip in enumerate(chips):
                    item.chip_links[m, k] = max(item.chip_links[m, k], float(chip.id in (deal.get("chips") or ())))
    return item


def gold(paths: Iterable[Path]) -> list[Item]:
    """Items of annotated files; a document that cannot be used is named and left out."""
    items = []
    for path in paths:
        for row in documents(path):
            try:
                item = from_example(gold_example({**row, "lang": CUES.get(row["lang"], row["lang"])}, {}))
                item.lang = row["lang"]
                items.append(item)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                print(f"{path}: {row.get('id')}: left out: {error!r}")
    return items


def overlap_free(tags: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop spans that overlap a longer one."""
    taken: list[tuple[int, int, str]] = []
    for span in sorted(tags, key=lambda t: t[0] - t[1]):
        if all(span[1] <= s or span[0] >= e for s, e, _ in taken):
            taken.append(span)
    return sorted(taken)
