"""A digest as a message: HTML that mail programs keep (tables, inlined styles, nothing remote) and plain text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from pipeline.digest.build import Digest, DigestLine
from pipeline.digest.images import InlineImage, described, inline_images
from pipeline.digest.phrases import Phrasebook, phrasebook
from pipeline.digest.wrap import columns, wrapped
from pipeline.plain import one_line

FOLDER = Path(__file__).parent.parent / "templates"
MAX_FULL = 24  # lines told with their evidence; the rest with a sentence and a link each
MAX_SUBJECT = 140
_OTHER_MARKS = (("“", "”"), ("‘", "’"))


def render_html(digest: Digest, images: Sequence[InlineImage] = (), unsubscribe: str = "") -> str:
    """The HTML part, its styles inlined; the dark-mode rules stay in the head.

    ``images`` are those that go with it, ``unsubscribe`` is an http(s) or mailto address for the foot.
    """
    return _html(digest, [(image, f"cid:{image.cid}") for image in images], unsubscribe)


def render_text(digest: Digest, unsubscribe: str = "") -> str:
    """The plain text part; no line is wider than 72 columns, save addresses."""
    context = {**_context(digest), "charts": described(digest), "unsubscribe": one_line(unsubscribe)}
    text = environment().get_template("digest.txt.j2").render(context)
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def subject(digest: Digest) -> str:
    """The message's subject: its first sentence and how much more there is. One line, but not yet encoded."""
    words = phrasebook(digest.language).words
    if digest.is_empty:
        return str(words["subject_nothing"])
    others = len(digest.lines) + digest.more - 1
    first = one_line(digest.lines[0].sentence, MAX_SUBJECT)
    return words["subject_more"].format(sentence=first, count=others) if others else first


def write_preview(digest: Digest, path: Path) -> Path:
    """Write the HTML part to ``path``, its charts within, and the text part beside it (``.txt``); returns ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    images = [(image, f"data:image/png;base64,{b64encode(image.png).decode()}") for image in inline_images(digest)]
    path.write_text(_html(digest, images, ""), encoding="utf-8")
    path.with_suffix(".txt").write_text(render_text(digest), encoding="utf-8")
    return path


def _html(digest: Digest, images: Sequence[tuple[InlineImage, str]], unsubscribe: str) -> str:
    context = {**_context(digest), "images": images, "unsubscribe": one_line(unsubscribe)}
    return inlined(environment().get_template("digest.html.j2").render(context))


def inlined(html: str) -> str:
    """HTML with its styles where mail programs keep them; the rules for dark mode and phones stay in the head."""
    import css_inline

    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(html)


def _context(digest: Digest) -> dict[str, Any]:
    book = phrasebook(digest.language)
    words = book.words
    full, brief = digest.lines[:MAX_FULL], digest.lines[MAX_FULL:]
    counted = [(name, count) for name, count in digest.counts.items() if count]
    summary = words["comma"].join(book.counted(name, count, "counted") for name, count in counted)
    active = words["comma"].join(words["active_item"].format(name=name, count=count) for name, count in digest.active)
    return {
        "digest": digest, "words": words,
        "sections": [(words["sections"][name], list(of)) for name, of in groupby(full, lambda line: line.section)],
        "brief": brief, "chips": _chips(digest), "period": _period(digest, book),
        "figures": [(book.number(count), words["sections"][name]) for name, count in counted],
        "summary": summary or words["nothing"],
        "active": words["active"].format(list=active) if active else "",
        "health": words["health"].format(list=words["comma"].join(digest.troubled)) if digest.troubled else "",
        "more": book.counted("more", digest.more) if digest.more else "",
        "origin": lambda line: _origin(line, book), "tail": lambda line: book.tail(line.chips, line.compute),
        "quoted": lambda text: _quoted(text, words["quote"]),
        "day": book.day, "wrap": wrapped, "columns": columns,
    }  # fmt: skip


def _period(digest: Digest, book: Phrasebook) -> str:
    until = book.day(digest.day)
    if digest.since is None:
        return str(book.words["first_period"].format(until=until))
    since = digest.since.astimezone(ZoneInfo(digest.zone)).date()
    return until if since == digest.day else book.words["period"].format(since=book.day(since), until=until)


def _origin(line: DigestLine, book: Phrasebook) -> str:
    """Who says so and who else: "The Harbour Ledger, tier 2, in French · 3 sources, 2 languages"."""
    words = book.words
    outlet = [line.outlet, words["tier"].format(tier=line.tier)]
    if line.evidence_lang and line.evidence_lang != book.language:
        outlet.append(words["written_in"].format(language=book.language_name(line.evidence_lang)))
    backing = [book.counted("outlets", line.sources), book.counted("languages", len(line.languages))]
    parts = [words["comma"].join(outlet)]
    if line.sources > 1:
        parts.append(words["comma"].join(backing if len(line.languages) > 1 else backing[:1]))
    if line.first and line.first != line.outlet:
        parts.append(words["first"].format(source=line.first))
    return " · ".join(parts)


def _quoted(text: str, marks: Sequence[str]) -> str:
    """``text`` in the language's marks, or in others where it has those itself."""
    opening, closing = next((pair for pair in (marks, *_OTHER_MARKS) if pair[0].strip() not in text), marks)
    return f"{opening}{text}{closing}"


def _chips(digest: Digest) -> list[tuple[str, str, str]]:
    """Chips and power in the deals told of: names, power and numbers, who is involved; each deal once."""
    found: dict[str, tuple[str, str, str]] = {}
    for line in digest.lines:
        if line.section in ("new", "status", "amount") and line.compute:
            found.setdefault(line.deal_id, (" · ".join(line.chips[:3]), " · ".join(line.compute), line.parties))
    return list(found.values())[:8]


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
