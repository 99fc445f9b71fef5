"""Text files: a plain article is kept to the letter; a saved page loses its furniture (``saved/NAME.json``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.facts import Document
from pipeline.parse import read_files
from pipeline.parse.saved_text import split_text

SAVED = sorted((Path(__file__).parent / "saved").glob("*.txt"))
PLAIN = [
    "Harbor Compute signs chip order\n\nHarbor Compute will buy chips, it said. OK.\n\n- first point\n- second point",
    "Harbor Compute signs chip order\nThe company said on Wednesday it will buy chips.\nMore follows",
    "港湾計算、半導体を発注\n港湾計算は17日、半導体を発注したと発表した。\n\n納入は来年に始まる。",
    "Quarry | Harbor: what the two companies want from each other now\n\nThe companies said they would talk.",
    "The benchmark is out. Everybody won! Again\n\nHarbor Compute and Quarry both claimed first place on Wednesday.",
    "하버컴퓨트, 반도체 발주\n\n하버컴퓨트는 17일 반도체를 발주했다고 밝혔다.\n\n표: 발주 내역",
]
UNTITLED = [
    "Harbor Compute will buy chips, the company said on Wednesday. Shares rose 4%.\nDeliveries start next year.",
    "港湾計算は17日、半導体を発注したと発表した。納入は来年に始まる。",
    "A line alone",
    "the company said that it would buy a very large number of chips from it\nand that shares rose. It said more.",
]


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_saved_page(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    document = next(read_files([path]))
    assert isinstance(document, Document)
    assert (document.title, document.lang, document.id) == (expected["title"], expected["lang"], path.stem)
    assert document.text.startswith(expected["starts"])
    assert document.text.endswith(expected["ends"])
    assert [part for part in expected["holds"] if part not in document.text] == []
    assert [part for part in expected["lacks"] if part in document.content] == []


@pytest.mark.parametrize("content", PLAIN)
def test_a_plain_article_is_kept_to_the_letter(content: str) -> None:
    title, text = split_text(content)
    assert f"{title}\n{text}" == content
    assert title == content.split("\n")[0]


@pytest.mark.parametrize("content", UNTITLED)
def test_a_first_paragraph_is_no_title(content: str) -> None:
    assert split_text(content) == ("", content)
