"""Other people's sets as items, and all sources together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from models.deals.labels import MENTION_CLASSES, NONE, PAIR_CLASSES
from models.deals.training.held_back import PARTS, annotated_files, share
from models.sentences import split
from models.tagger.decode import TYPES
from models.tagger.training.data import Item, gold, overlap_free

Sources = dict[str, list[Item]]


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


def load_all(articles: Path, shared: Path, extra: Path, written: Path) -> tuple[Sources, Sources]:
    """All sources: (for training, held back). Of articles a quarter is held back, of texts for training a twelfth."""
    files = annotated_files(articles, shared, extra, written)
    found: dict[str, Any] = {
        **{kind: gold(paths) for kind, paths in files.items()},
        "stockmark": stockmark(shared / "data/stockmark-ner/train.jsonl"),
        "klue": klue(shared / "data/klue-ner/first4000.tsv"),
        "smartdata": smartdata(shared / "data/smartdata/train.jsonl"),
        "fewfc": fewfc(sorted((shared / "data/fewfc").glob("*.json"))),
    }
    parts = {kind: PARTS.get(kind, 20) for kind in found}
    train = {kind: [i for i in items if share(i.id, parts[kind])] for kind, items in found.items()}
    held = {kind: [i for i in items if not share(i.id, parts[kind])] for kind, items in found.items()}
    return train, held
