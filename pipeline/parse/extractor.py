"""The body text of a news page: trafilatura, with a second opinion where it finds next to nothing.

Why trafilatura and which options: docs/article-extraction.md, measured by benchmarks/article_extraction.py.
"""

from __future__ import annotations

from typing import Any

from pipeline.parse.text import MAX_DEPTH, MAX_TEXT, clean_line, clean_text, html_to_text, nesting

MIN_TEXT = 80
# Extraction time grows faster than the page. The largest real pages seen have a tenth of this.
_MAX_TAGS = 100_000


def parse_tree(html: str) -> Any | None:
    """The page as an lxml tree; None where it holds no element."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(html.replace("\x00", " ").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def extract_body(html: str, structured: str = "") -> str:
    """Paragraphs of the article, one a line, without comments and furniture; empty where none are found.

    ``structured`` is the body that the page itself states as data (JSON-LD ``articleBody``), if any: it is taken where
    the markup yields less than half as much. Precision first; recall only where that leaves less than a paragraph.
    """
    text = ""
    if html.count("<") <= _MAX_TAGS and nesting(html.encode("utf-8", "replace")) <= MAX_DEPTH:
        text = _trafilatura(html, precise=True)
        if len(text) < MIN_TEXT:
            text = max(text, _trafilatura(html, precise=False), key=len)
    else:
        text = html_to_text(html)
    stated = html_to_text(structured) if structured else ""
    if len(stated) > 2 * len(text):
        text = stated
    return clean_text(text)[:MAX_TEXT]


def _trafilatura(html: str, *, precise: bool) -> str:
    from trafilatura import extract

    try:
        found = extract(
            html, include_comments=False, include_tables=True, favor_precision=precise, favor_recall=not precise
        )
        return found or ""
    except Exception:  # whatever a broken page does to the extractor, the feed's own text is still there
        return ""


def without_headline(text: str, title: str) -> str:
    """``text`` without first lines that only repeat the title."""
    wanted = clean_line(title).casefold()
    lines = text.split("\n")
    while lines and wanted and clean_line(lines[0]).casefold() in (wanted, ""):
        lines.pop(0)
    return "\n".join(lines)
