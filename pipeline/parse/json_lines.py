"""Documents from JSON lines: ``id``, ``title``, ``text``, and optionally ``lang``, ``published``, ``url``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from models.facts import Document
from pipeline.parse.dates import parse_moment
from pipeline.parse.language import known_language, language_code
from pipeline.parse.problems import InputProblem
from pipeline.parse.text import MAX_TEXT, without_surrogates

_EXAMPLE = 'write a line as {"id": "…", "title": "…", "text": "…"}'


def documents_of_lines(body: bytes, file: str) -> Iterator[Document | InputProblem]:
    """A document or a problem for each line that is not blank. Title and text are kept to the letter: offsets hold."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if encoding == "utf-16":
        body = body.decode(encoding, "replace").encode("utf-8")
    for number, raw in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if raw.strip():
            yield _document(raw, file, number)


def _document(raw: bytes, file: str, number: int) -> Document | InputProblem:
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return InputProblem(file, number, f"not UTF-8 at byte {error.start + 1}", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        return InputProblem(file, number, f"not JSON at column {error.colno}: {error.msg}", _EXAMPLE)
    except (ValueError, RecursionError) as error:
        return InputProblem(file, number, f"not readable JSON: {type(error).__name__}", _EXAMPLE)
    if not isinstance(row, dict):
        return InputProblem(file, number, "not a JSON object", _EXAMPLE)
    return _checked(row, file, number)


def _checked(row: dict[str, Any], file: str, number: int) -> Document | InputProblem:
    def problem(message: str, hint: str = _EXAMPLE) -> InputProblem:
        return InputProblem(file, number, message, hint)

    for key in ("title", "text", "lang", "published", "url"):
        if not isinstance(row.get(key), str | None):
            return problem(f"{key!r} is no string")
    ident = row.get("id")
    if ident is not None and (isinstance(ident, bool) or not isinstance(ident, str | int)):
        return problem("'id' is no string")
    title, text = without_surrogates(row.get("title") or ""), without_surrogates(row.get("text") or "")
    if not title.strip() and not text.strip():
        return problem("neither 'title' nor 'text' holds anything")
    if "\x00" in title or "\x00" in text:
        return problem("a NUL character in 'title' or 'text'", "remove it")
    if len(title) + len(text) > MAX_TEXT:
        return problem(f"longer than {MAX_TEXT:,} characters", "split it into articles")
    lang = row.get("lang")
    if lang and not language_code(lang):
        return problem(f"'lang' {lang[:20]!r} is no ISO 639-1 code", 'write "ja", "en" …, or leave it out')
    published = row.get("published")
    if published and parse_moment(published) is None:
        return problem(
            f"'published' {published[:40]!r} is no date", "write it as 2025-12-17 or 2025-12-17T09:30:00+09:00"
        )
    return Document(
        id=without_surrogates(str(ident)) if ident not in (None, "") else f"{file}:{number}",
        text=text,
        title=title,
        lang=language_code(lang) or known_language(f"{title}\n{text}"),
        published=published or None,
        url=without_surrogates(row.get("url") or "") or None,
    )
