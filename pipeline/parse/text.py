"""Plain text from markup and from dirty strings: safe to store, to show and to search."""

from __future__ import annotations

import html
import re
from typing import Any

MAX_TITLE = 500
MAX_TEXT = 2_000_000
# libxml2 cuts a tree off at 256 levels, and with it the text below.
MAX_DEPTH = 250

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_DROPPED = frozenset((
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "form", "button",
    "select", "textarea",
))  # fmt: skip
# Controls, zero-width and bidirectional marks, soft hyphen, tag characters: invisible, and they break matching.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = re.compile("[\u200c\u200d]")
# Joiners spell words in these scripts (Hebrew and Arabic to Khmer) and are noise in all others.
_NEEDS_JOINERS = re.compile("[\u0590-\u0dff\u0e00-\u109f\u1780-\u17ff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_SPACES = re.compile("[^\\S\n]+")
_EDGES = re.compile(" *\n *")
_BLANKS = re.compile("\n{3,}")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_OPENING = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr p li td tr th dd dt".split())


def without_surrogates(text: str) -> str:
    """Lone surrogates as U+FFFD, one for one, so that offsets hold and the text can be encoded."""
    return _SURROGATES.sub("\ufffd", text)


def clean_text(text: str) -> str:
    """Text without control, zero-width and bidirectional characters; lines trimmed, at most one empty line in a row."""
    text = _LINE_ENDS.sub("\n", without_surrogates(text))
    text = _INVISIBLE.sub("", text)
    if not _NEEDS_JOINERS.search(text):
        text = _JOINERS.sub("", text)
    text = _EDGES.sub("\n", _SPACES.sub(" ", text))
    return _BLANKS.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean_text(text).split())


def title_text(markup: str) -> tuple[str, bool]:
    """A headline from feed or page markup, and whether it had to be cut at ``MAX_TITLE`` characters."""
    line = clean_line(html_to_text(markup))
    if len(line) <= MAX_TITLE:
        return line, False
    return line[: MAX_TITLE - 1].rstrip() + "…", True


def html_to_text(markup: str) -> str:
    """Text of an HTML fragment: blocks become lines, scripts and forms vanish, entities are resolved.

    A string without tags only has its entities resolved. Markup nested deeper than ``MAX_DEPTH`` loses its tags by
    pattern, since tree walkers are not safe on it.
    """
    markup = _INVISIBLE.sub("", without_surrogates(markup[: 2 * MAX_TEXT]))
    if not _TAG.search(markup):
        return clean_text(html.unescape(markup))
    if nesting(markup.encode("utf-8")) > MAX_DEPTH:
        return clean_text(html.unescape(_TAG.sub("\n", _without_scripts(markup))))
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as lxml_html

    try:
        root = lxml_html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return clean_text(html.unescape(_TAG.sub("\n", markup)))
    pieces: list[str] = []
    _collect(root, pieces)
    return clean_text("".join(pieces))


def _without_scripts(markup: str) -> str:
    return re.sub(r"(?is)<(script|style)\b.*?(</\1>|\Z)", " ", markup)


def _collect(element: Any, pieces: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    block = tag in _BLOCKS
    if tag and tag not in _DROPPED:
        if block:
            pieces.append("\n")
        pieces.append(element.text or "")
        for child in element:
            _collect(child, pieces)
        if block:
            pieces.append("\n\n" if tag == "p" else "\n")
    pieces.append(element.tail or "")


def nesting(markup: bytes) -> int:
    """Deepest nesting of elements that must be closed, counted by pattern: an upper bound, cheap and without a tree."""
    depth = deepest = 0
    for match in _OPENING.finditer(markup):
        closing, name, self_closed = match.groups()
        if closing:
            depth = max(0, depth - 1) if name.lower() not in _VOID else depth
        elif not self_closed and name.lower() not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
