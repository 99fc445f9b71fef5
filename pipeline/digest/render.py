"""A digest as a message: HTML that mail programs keep (tables, inlined styles, nothing remote) and plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2

from pipeline.digest.build import SECTIONS, Digest, DigestLine
from pipeline.digest.phrases import Phrasebook, phrasebook

FOLDER = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A chart that goes with the message. HTML names it ``cid:<cid>`` (no angle brackets), ``alt`` says it in words."""

    cid: str
    png: bytes
    alt: str


def render_html(digest: Digest, images: Sequence[InlineImage] = (), unsubscribe: str = "") -> str:
    """The HTML part, its styles inlined; the dark-mode rules stay in the head.

    ``images`` are those that go with it, ``unsubscribe`` is an http(s) or mailto address for the foot.
    """
    context = {**_context(digest), "images": images, "unsubscribe": unsubscribe}
    return inlined(environment().get_template("digest.html.j2").render(context))


def inlined(html: str) -> str:
    """HTML with its styles where mail programs keep them; the rules for dark mode and phones stay in the head."""
    import css_inline

    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(html)


def render_text(digest: Digest, unsubscribe: str = "") -> str:
    """The plain text part; no line is longer than 78 characters, save addresses and unbroken scripts."""
    context = {**_context(digest), "unsubscribe": unsubscribe}
    return environment().get_template("digest.txt.j2").render(context).strip() + "\n"


def subject(digest: Digest) -> str:
    """The message's subject: its first sentence and how much more there is. One line, but not yet encoded."""
    words = phrasebook(digest.language).words
    if digest.is_empty:
        return str(words["subject_nothing"])
    others = len(digest.lines) + digest.more - 1
    first = " ".join(digest.lines[0].sentence.split())
    return words["subject_more"].format(sentence=first, count=others) if others else first


def write_preview(digest: Digest, path: Path) -> Path:
    """Write the HTML part to ``path`` and the text part beside it (``.txt``); returns ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_html(digest), encoding="utf-8")
    path.with_suffix(".txt").write_text(render_text(digest), encoding="utf-8")
    return path


def _context(digest: Digest) -> dict[str, Any]:
    book = phrasebook(digest.language)
    sections = [
        (name, book.words["sections"][name], list(lines))
        for name, lines in groupby(digest.lines, key=lambda line: line.section)
    ]
    until = book.day(digest.until.date())
    period = (
        book.words["period"].format(since=book.day(digest.since.date()), until=until)
        if digest.since
        else book.words["first_period"].format(until=until)
    )
    counted = [book.counted(name, digest.counts[name], "counted") for name in SECTIONS if digest.counts.get(name)]
    summary = book.words["comma"].join(counted) or book.words["nothing"]
    return {
        "digest": digest, "words": book.words, "sections": sections, "period": period, "summary": summary,
        "more": book.counted("more", digest.more) if digest.more else "",
        "origin": lambda line: _origin(line, book), "day": book.day, "wrap": wrapped,
    }  # fmt: skip


def _origin(line: DigestLine, book: Phrasebook) -> str:
    """Outlet, sources and languages: "The Harbour Ledger · 3 sources, 2 languages"."""
    backing = [book.counted("outlets", line.sources)] if line.sources > 1 else []
    if len(line.languages) > 1:
        backing.append(book.counted("languages", len(line.languages)))
    parts = [line.outlet]
    if line.evidence_lang and line.evidence_lang != book.language:
        parts.append(book.words["written_in"].format(language=book.language_name(line.evidence_lang)))
    if backing:
        parts.append(book.words["comma"].join(backing))
    return " · ".join(parts)


def wrapped(text: str, indent: int = 0) -> str:
    """Text in lines of 78 characters, save addresses and unbroken scripts."""
    blank = " " * indent
    return textwrap.fill(
        text, 78, initial_indent=blank, subsequent_indent=blank, break_long_words=False, break_on_hyphens=False
    )


@cache
def environment() -> jinja2.Environment:
    """Where the templates of mails are; what goes into HTML is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
