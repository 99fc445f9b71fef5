"""What is held back from training."""

from __future__ import annotations

import json
from pathlib import Path

from models.deals.training.dataset import documents
from models.deals.training.held_back import PARTS, WRITTEN, annotated_files, is_held_back, main


def files(tmp_path: Path) -> tuple[Path, Path]:
    articles, snippets = tmp_path / "articles", tmp_path / "shared/gold/snippets"
    for folder, kind in ((articles, "a"), (snippets, "s")):
        folder.mkdir(parents=True)
        rows = [json.dumps({"id": f"en-{kind}{n}", "lang": "en"}) for n in range(48)]
        (folder / "en.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    return articles, tmp_path / "shared"


def ids(file: Path) -> list[str]:
    return [json.loads(line)["id"] for line in file.read_text("utf-8").splitlines()]


def test_every_document_is_in_one_part_and_the_parts_do_not_change(tmp_path, capsys):
    articles, shared = files(tmp_path)
    runs = []
    for name in ("one", "two"):
        assert main(["--articles", str(articles), "--shared", str(shared), "--out", str(tmp_path / name)]) == 0
        runs.append((ids(tmp_path / name / "train.jsonl"), ids(tmp_path / name / "held.jsonl")))
    assert runs[0] == runs[1]
    train, held = runs[0]
    given = [doc["id"] for paths in annotated_files(articles, shared).values() for p in paths for doc in documents(p)]
    assert sorted(train + held) == sorted(given)
    assert "articles: " in capsys.readouterr().out


def test_about_as_many_are_held_back_as_promised():
    written = [doc["id"] for file in sorted(WRITTEN.glob("*.txt")) for doc in documents(file)]
    held = sum(is_held_back("written", key) for key in written)
    expected = len(written) / PARTS["written"]
    assert 0.7 * expected < held < 1.3 * expected
