"""Local files to documents: ``.txt``, ``.html``, ``.jsonl`` and standard input, for ``extract`` and ``ingest``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from models.facts import Document
from pipeline.parse.charset import decode_body
from pipeline.parse.dates import parse_moment
from pipeline.parse.json_lines import documents_of_lines
from pipeline.parse.language import known_language
from pipeline.parse.problems import InputProblem
from pipeline.parse.saved_text import split_text
from pipeline.parse.text import without_surrogates

MAX_BYTES = 20_000_000
STDIN = "-"
SUFFIXES = {".jsonl": "lines", ".ndjson": "lines", ".html": "html", ".htm": "html", ".xhtml": "html",
            ".txt": "text", ".text": "text", ".md": "text"}  # fmt: skip
_SIGNATURES = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "a ZIP or Office file"), (b"\x1f\x8b", "a gzip file"),
               (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
               (b"\x7fELF", "a program"), (b"PAR1", "a Parquet file"), (b"SQLite format", "a SQLite file"))  # fmt: skip
_CONVERT = "save it as text, HTML or JSON lines"


def read_files(paths: Iterable[Path | str], stdin: BinaryIO | None = None) -> Iterator[Document | InputProblem]:
    """Read each path in order, ``-`` being standard input; what cannot be read is a problem, and the rest goes on.

    A document's id is the file's name without suffix (or ``id`` of its JSON line); the second file of the same name
    gets its path. ``lang`` is given, or detected from title and text; None where
    nothing tells. Never raises over a file.
    """
    seen: set[str] = set()
    for path in paths:
        name = str(path)
        body = _stdin(stdin) if name == STDIN else _bytes(Path(name))
        if isinstance(body, InputProblem):
            yield body
            continue
        kind = SUFFIXES.get(Path(name).suffix.lower()) or _kind_of(body, name)
        if isinstance(kind, InputProblem):
            yield kind
        elif kind == "lines":
            yield from documents_of_lines(body, name)
        else:
            stem = "stdin" if name == STDIN else Path(name).stem
            ident = name if stem in seen else stem
            seen.add(stem)
            yield _document(body, name, ident, kind)


def _stdin(stdin: BinaryIO | None) -> bytes | InputProblem:
    stream = stdin or sys.stdin.buffer
    return _checked(stream.read(MAX_BYTES + 1), STDIN)


def _bytes(path: Path) -> bytes | InputProblem:
    name = str(path)
    try:
        if path.is_dir():
            return InputProblem(name, None, "this is a folder", f"name its files, as in {name}/*.txt")
        if not path.exists():
            return InputProblem(name, None, "no such file", "check the path")
        if not path.is_file():
            return InputProblem(name, None, "this is no regular file", "name a file, or - for standard input")
        with path.open("rb") as stream:
            return _checked(stream.read(MAX_BYTES + 1), name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return InputProblem(
            name.replace("\x00", "\\0"), None, f"cannot be read: {reason}", "check path and permissions"
        )


def _checked(body: bytes, name: str) -> bytes | InputProblem:
    if len(body) > MAX_BYTES:
        return InputProblem(name, None, f"larger than {MAX_BYTES:,} bytes", "split it into smaller files")
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        return InputProblem(name, None, "the file is empty", "remove it from the list")
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            return InputProblem(name, None, f"this is {what}, not text", _CONVERT)
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<\x00" in body[:4] or b"\x00<" in body[:4]
    if b"\x00" in body and not wide:
        line = body.count(b"\n", 0, body.index(b"\x00")) + 1
        return InputProblem(name, line, "a NUL byte: this is no text", _CONVERT)
    return body


def _kind_of(body: bytes, name: str) -> str | InputProblem:
    """The kind of a file that its name does not tell, by its first bytes."""
    suffix = "" if name == STDIN else Path(name).suffix.lower()
    if suffix == ".json":
        return InputProblem(name, None, "JSON is read one document a line", "write one object a line, as .jsonl")
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{"):
        return "lines"
    return "html" if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")) else "text"


def _document(body: bytes, name: str, ident: str, kind: str) -> Document | InputProblem:
    decoded = decode_body(body, "", "")
    text = without_surrogates(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for char in text[:20_000] if ord(char) < 32 and char not in "\n\t\f")
    if controls > 2 or text.count("\ufffd") > max(3, len(text) // 100):
        return InputProblem(name, None, "this is no text in any charset that Dealwire reads", "save it as UTF-8")
    if kind == "html":
        return html_document(text, name, ident)
    title, rest = split_text(text)
    if not (title or rest).strip():
        return InputProblem(name, None, "the file is empty", "remove it from the list")
    return Document(ident, rest, title, known_language(f"{title}\n{rest}"))


def html_document(html: str, name: str, ident: str, url: str = "") -> Document | InputProblem:
    """A page as a document. ``url`` is where it was fetched from, where that is known; else it names itself."""
    from pipeline.parse.addresses import canonical_url
    from pipeline.parse.pages import read_page

    page = read_page(html)
    if page is None or not page.text:
        return InputProblem(name, None, "no article text on this page", "save the whole page, or its text as .txt")
    lang = known_language(f"{page.title}\n{page.text}", page.head.language)
    moment = next((found for raw in page.head.published if (found := parse_moment(raw))), None)
    published = None
    if moment:
        published = moment.at.date().isoformat() if moment.precision == "day" else moment.at.isoformat()
    address = canonical_url(url or page.head.canonical, page.head.canonical)
    return Document(ident, page.text, page.title, lang, published, address or None)
