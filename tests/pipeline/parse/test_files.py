"""Local files to documents; each thing that cannot be read is named with what to do, and the rest goes on."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest

from models.facts import Document
from pipeline.parse import InputProblem, read_files

ARTICLE = "Harbor Compute signs chip order\n\nHarbor Compute will buy 40,000 chips, the company said on Wednesday.\n"


def lines(*rows: object) -> bytes:
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "body", "message", "line"),
    [
        ("empty.txt", b"", "empty", None),
        ("blank.txt", b"\xef\xbb\xbf \n\t\n", "empty", None),
        ("nul.txt", b"first line\nsecond\x00line\n", "NUL byte", 2),
        ("noise.txt", random.Random(7).randbytes(5000).replace(b"\x00", b"\x01"), "no text in any charset", None),
        ("paper.txt", b"%PDF-1.7\n%\xe2\xe3", "a PDF", None),
        ("deck.txt", b"PK\x03\x04\x14\x00", "a ZIP", None),
        ("huge.html", b"<p>" + b"x" * 20_000_000, "larger than", None),
        ("hollow.html", b"<html><head><title>t</title></head><body></body></html>", "no article text", None),
        ("rows.json", b"[]", "one document a line", None),
        ("bad.jsonl", b"\n{]\n", "not JSON at column 2", 2),
        ("list.jsonl", b"[1]", "not a JSON object", 1),
        ("types.jsonl", lines({"id": "a", "text": 5}), "'text' is no string", 1),
        ("id.jsonl", lines({"id": ["a"], "text": "x"}), "'id' is no string", 1),
        ("void.jsonl", lines({"id": "a", "title": " ", "text": ""}), "neither", 1),
        ("null.jsonl", lines({"id": "a", "text": "x\x00y"}), "NUL character", 1),
        ("lang.jsonl", lines({"id": "a", "text": "x", "lang": "klingon"}), "'lang'", 1),
        ("date.jsonl", lines({"id": "a", "text": "x", "published": "soon"}), "'published'", 1),
        ("latin.jsonl", '{"text": "é"}'.encode("latin-1"), "not UTF-8 at byte 11", 1),
        ("deep.jsonl", b'{"text": ' + b"[" * 100_000, "not readable JSON", 1),
    ],
)  # fmt: skip
def test_problem(name: str, body: bytes, message: str, line: int | None, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(ARTICLE)
    (tmp_path / name).write_bytes(body)
    problem, after = read_files([tmp_path / name, good])
    assert isinstance(problem, InputProblem)
    assert message in problem.message
    assert (problem.file, problem.line) == (str(tmp_path / name), line)
    assert problem.hint
    assert isinstance(after, Document)


def test_missing_and_folder(tmp_path: Path) -> None:
    missing, folder = read_files([tmp_path / "no.txt", tmp_path])
    assert isinstance(missing, InputProblem)
    assert isinstance(folder, InputProblem)
    assert str(missing).startswith(f"{tmp_path / 'no.txt'}: no such file")
    assert "folder" in folder.message


def test_json_lines_are_kept_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    title, text = "  Odd \u200b title", "Two\r\n spaces  and\u00a0more \ud83d\ude00"
    row = {
        "id": "x1",
        "title": title,
        "text": text,
        "lang": "en-GB",
        "published": "2025-12-17",
        "url": "https://a.example/",
    }
    file.write_bytes(
        b"\xef\xbb\xbf"
        + lines(row, b"broken", b"", {"text": "アマゾンが出資する", "lang": None}, b'{"id": 7, "text": "a\\ud800b"}')
    )
    first, problem, second, third = read_files([file])
    assert first == Document(
        "x1", text.encode("utf-16", "surrogatepass").decode("utf-16"), title, "en", "2025-12-17", "https://a.example/"
    )
    assert isinstance(problem, InputProblem)
    assert problem.line == 2
    assert isinstance(second, Document)
    assert (second.id, second.lang) == (f"{file}:4", "ja")
    assert isinstance(third, Document)
    assert (third.id, third.text) == ("7", "a\ufffdb")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (lines({"id": "q", "title": "T", "text": "OpenAI raises money"}), "T"),
        (ARTICLE.encode(), "Harbor Compute signs chip order"),
        (ARTICLE.encode("utf-16"), "Harbor Compute signs chip order"),
        (ARTICLE.replace("\n", "\r\n").encode(), "Harbor Compute signs chip order"),
    ],
    ids=["jsonl", "text", "utf-16", "windows"],
)
def test_standard_input_is_told_by_its_content(body: bytes, title: str) -> None:
    (document,) = read_files(["-"], io.BytesIO(body))
    assert isinstance(document, Document)
    assert document.title == title


def test_html_file(tmp_path: Path) -> None:
    paragraphs = "<p>Harbor Compute will buy 40,000 accelerators for $2 billion, the company said on Wednesday.</p>" * 4
    page = (
        '<html lang="en"><head><title>Harbor Compute signs | Example</title>'
        '<meta property="og:site_name" content="Example">'
        '<link rel="canonical" href="https://news.example/a?utm_source=x">'
        '<meta property="article:published_time" content="2025-12-17T09:30:00+09:00"></head>'
        f"<body><article><h1>Harbor Compute signs</h1>{paragraphs}</article></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    (document,) = read_files([tmp_path / "a.html"])
    assert isinstance(document, Document)
    assert (document.title, document.lang, document.url) == ("Harbor Compute signs", "en", "https://news.example/a")
    assert document.published == "2025-12-17T00:30:00+00:00"
    assert document.text.count("40,000 accelerators") >= 1


@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "iso2022_jp", "utf-8-sig", "utf-16"])
def test_text_charsets(charset: str, tmp_path: Path) -> None:
    content = "港湾計算、半導体を発注\n\n港湾計算は17日、半導体を発注したと発表した。\n"
    (tmp_path / "a.txt").write_bytes(content.encode(charset))
    (document,) = read_files([tmp_path / "a.txt"])
    assert isinstance(document, Document)
    assert (document.title, document.lang) == ("港湾計算、半導体を発注", "ja")
    assert document.content == content.rstrip("\n")


def test_files_of_one_name_keep_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(ARTICLE)
    first, second = read_files([tmp_path / "one" / "a.txt", tmp_path / "two" / "a.txt"])
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, second.id) == ("a", str(tmp_path / "two" / "a.txt"))
