"""Training items from the annotated articles, the passages and other people's sets, all in one shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, NONE, PAIR_CLASSES, STATUSES
from models.deals.training.dataset import Example, deal_sentences, gold_example, mention_label, pair_label
from models.sentences import split
from models.tagger.decode import TYPES

APART = 1
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


def share(key: str, parts: int) -> int:
    """A stable number below ``parts`` for an id: what is held back does not depend on order."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % parts


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
    mentions = context.mentions
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
    """Items of JSONL files in the annotation's shape; a line that cannot be used is named and left out."""
    items = []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                try:
                    row = json.loads(line)
                    item = from_example(gold_example({**row, "lang": CUES.get(row["lang"], row["lang"])}, {}))
                    item.lang = row["lang"]
                    items.append(item)
                except (KeyError, ValueError, TypeError, AttributeError) as error:
                    print(f"{path}:{number}: left out: {error!r}")
    return items


def _plain(id_: str, lang: str, text: str, tags: list[tuple[int, int, str]], known: Iterable[str]) -> Item:
    sentences = [(s.start, s.end, False) for s in split(text, lang)]
    return Item(id_, lang, text, sentences, overlap_free(tags), frozenset(known))


STOCKMARK = {
    "法人名": "ORG",
    "政治的組織名": "ORG",
    "その他の組織名": "ORG",
    "人名": "PERSON",
    "地名": "PLACE",
    "製品名": "PRODUCT",
    "施設名": "PLACE",
}


def stockmark(path: Path) -> list[Item]:
    """Japanese sentences with typed names (CC BY-SA 3.0)."""
    items = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        tags = [(e["start"], e["end"], STOCKMARK[e["type"]]) for e in row["entities"] if e["type"] in STOCKMARK]
        items.append(_plain(f"stockmark-{number}", "ja", row["text"], tags, TYPES))
    return items


def klue(path: Path) -> list[Item]:
    """Korean sentences with a tag for each character (CC BY-SA 4.0); products are not tagged there."""
    names = {"OG": "ORG", "PS": "PERSON", "LC": "PLACE"}
    items: list[Item] = []
    for number, block in enumerate(path.read_text("utf-8").split("\n\n")):
        rows = [line.split("\t") for line in block.split("\n") if "\t" in line and not line.startswith("##")]
        text, tags, opened = "", [], None
        for char, tag in [*rows, [" ", "O"]]:
            way, _, kind = tag.strip().partition("-")
            if opened and way != "I":
                tags.append((opened[0], len(text), opened[1]))
                opened = None
            if way == "B" and kind in names:
                opened = (len(text), names[kind])
            text += char
        if text.strip():
            items.append(_plain(f"klue-{number}", "ko", text[:-1], tags, ("ORG", "PERSON", "PLACE")))
    return items


def smartdata(path: Path) -> list[Item]:
    """German texts with companies, persons and places (CC BY 4.0)."""
    items = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        tags = []
        for e in row["entities"]:
            kind = e["type"]
            name = "ORG" if kind in ("organization", "organization-company") else "PERSON" if kind == "person" else ""
            name = name or ("PLACE" if kind.startswith("location") else "")
            if name:
                tags.append((e["start"], e["end"], name))
        items.append(_plain(f"smartdata-{number}", "de", row["text"], tags, ("ORG", "PERSON", "PLACE")))
    return items


FEWFC = {"收购": ("acquisition", "acquirer", "target"), "投资": ("equity_investment", "investor", "investee")}


def fewfc(paths: Iterable[Path]) -> list[Item]:
    """Chinese financial sentences (CC BY-SA 4.0): purchases and investments as roles, all other events as no deal.

    Only the parties of events are marked there, so nothing is learned from what is not marked.
    """
    items = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            item = _plain(f"fewfc-{row['id']}", "zh", row["content"], [], ())
            sides: dict[tuple[int, int], tuple[str, str]] = {}
            open_spans: dict[tuple[int, int], set[str]] = {}
            doubtful = any(event["type"] in ("股份股权转让", "签署合同", "中标") for event in row["events"])
            for event in row["events"]:
                kind = FEWFC.get(event["type"])
                for m in event["mentions"]:
                    at, role = (m["span"][0], m["span"][1]), m["role"]
                    if "per" in role.split("-"):
                        item.tags.append((*at, "PERSON"))
                    elif (
                        "org" in role.split("-")
                        or role == "target-company"
                        or (event["type"] == "投资" and role == "sub")
                    ):
                        item.tags.append((*at, "ORG"))
                        open_spans.setdefault(at, set())
                        if kind and role[:3] in ("sub", "obj"):
                            sides[at] = (kind[0], kind[1] if role.startswith("sub") else kind[2])
            item.tags = overlap_free(item.tags)
            item.orgs = [(a, b, row["content"][a:b]) for a, b in sorted(open_spans)]
            _fewfc_labels(item, sides, doubtful)
            items.append(item)
    return items


def _fewfc_labels(item: Item, sides: dict[tuple[int, int], tuple[str, str]], doubtful: bool) -> None:
    acts = {"acquirer", "investor"}
    for a, b, _ in item.orgs:
        side = sides.get((a, b))
        known = side is not None or not doubtful
        item.roles.append(np.array([c == side for c in MENTION_CLASSES], np.float32) if known else None)
        item.org_status.append(-1)
    for i, (a, b, one) in enumerate(item.orgs):
        for j in range(i + 1, len(item.orgs)):
            c, d, two = item.orgs[j]
            x, y = sides.get((a, b)), sides.get((c, d))
            if one == two or doubtful:
                continue
            name = NONE
            if x and y and x[0] == y[0]:
                name = "same" if x[1] == y[1] else f"{x[0]}>" if x[1] in acts else f"{x[0]}<"
            item.pairs[i, j] = (PAIR_CLASSES.index(name), -1)


def overlap_free(tags: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop spans that overlap a longer one."""
    taken: list[tuple[int, int, str]] = []
    for span in sorted(tags, key=lambda t: t[0] - t[1]):
        if all(span[1] <= s or span[0] >= e for s, e, _ in taken):
            taken.append(span)
    return sorted(taken)


def load_all(articles: Path, shared: Path, extra: Path) -> tuple[dict[str, list[Item]], dict[str, list[Item]]]:
    """All sources: (for training, held back). A quarter of the articles and a twelfth of the passages are held back."""
    found: dict[str, Any] = {
        "articles": gold(sorted(articles.glob("*.jsonl"))),
        "snippets": gold(sorted((shared / "gold/snippets").glob("*.jsonl"))),
        "passages": gold(sorted(extra.glob("*.jsonl"))),
        "stockmark": stockmark(shared / "data/stockmark-ner/train.jsonl"),
        "klue": klue(shared / "data/klue-ner/first4000.tsv"),
        "smartdata": smartdata(shared / "data/smartdata/train.jsonl"),
        "fewfc": fewfc(sorted((shared / "data/fewfc").glob("*.json"))),
    }
    parts = {"articles": 4, "snippets": 12, "passages": 12}
    train = {name: [i for i in items if share(i.id, parts.get(name, 20))] for name, items in found.items()}
    held = {name: [i for i in items if not share(i.id, parts.get(name, 20))] for name, items in found.items()}
    return train, held
