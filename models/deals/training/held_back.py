"""Which annotated documents are held back from the models, for the judges to be fitted on; and both parts as files.

    python -m models.deals.training.held_back --articles DIR --shared DIR --out DIR

``--articles`` holds annotated articles (JSONL), ``--shared`` the folder ``gold/snippets``; the passages and written
articles of this repository come by themselves. Writes ``train.jsonl`` and ``held.jsonl`` to ``--out``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.deals.training.dataset import documents

PARTS: Mapping[str, int] = {"articles": 4, "snippets": 12, "passages": 12, "written": 12}  # one of so many is held back
PASSAGES = Path(__file__).parents[2] / "tagger" / "training" / "passages"
WRITTEN = Path(__file__).parent / "articles"


def share(key: str, parts: int) -> int:
    """A stable number below ``parts`` for an id: what is held back does not depend on order."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % parts


def is_held_back(kind: str, key: str) -> bool:
    """Whether the document ``key`` of a kind of :data:`PARTS` is held back."""
    return share(key, PARTS[kind]) == 0


def annotated_files(
    articles: Path, shared: Path, passages: Path = PASSAGES, written: Path = WRITTEN
) -> dict[str, list[Path]]:
    """Files of annotated documents by kind, in a stable order."""
    return {
        "articles": sorted(articles.glob("*.jsonl")),
        "snippets": sorted((shared / "gold/snippets").glob("*.jsonl")),
        "passages": sorted(passages.glob("*.jsonl")),
        "written": sorted(written.glob("*.txt")),
    }


def write_parts(files: Mapping[str, Sequence[Path]], folder: Path) -> dict[str, tuple[int, int]]:
    """Write ``train.jsonl`` and ``held.jsonl``; numbers of documents in the two, by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, tuple[int, int]] = {}
    with (
        (folder / "train.jsonl").open("w", encoding="utf-8") as train,
        (folder / "held.jsonl").open("w", encoding="utf-8") as held,
    ):
        for kind, paths in files.items():
            found = [doc for path in paths for doc in documents(path)]
            apart = [is_held_back(kind, doc["id"]) for doc in found]
            for doc, away in zip(found, apart, strict=True):
                (held if away else train).write(json.dumps(doc, ensure_ascii=False) + "\n")
            counts[kind] = (len(found) - sum(apart), sum(apart))
    return counts


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    for kind, (fitted, held) in write_parts(annotated_files(args.articles, args.shared), args.out).items():
        print(f"{kind}: {fitted} to fit, {held} held back")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
