"""Sentence boundaries from the marks and abbreviations that a language file lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from models.data_files import table
from models.normal import is_cjk

_CLOSERS = "\"'”’»」』）)]】"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a span of the content; ``title`` marks the headline."""

    start: int
    end: int
    index: int
    title: bool = False


@cache
def _rules(lang: str) -> tuple[re.Pattern[str], frozenset[str], bool]:
    rules = table(lang, "text")
    marks = re.escape(rules["sentence_end"])
    pattern = re.compile(rf"[{marks}]+[{re.escape(_CLOSERS)}]*|\n+")
    return pattern, frozenset(rules["abbreviations"]), bool(rules.get("ordinals"))


def _is_boundary(text: str, match: re.Match[str], abbreviations: frozenset[str], ordinals: bool) -> bool:
    mark = match.group()
    if "\n" in mark or mark[0] != ".":
        return True
    end = match.end()
    if end < len(text) and not (text[end].isspace() or is_cjk(text[end])):
        return False
    word = re.search(r"[^\s(\"'«“]*$", text[max(0, match.start() - 12) : match.start()])
    before = word.group() if word else ""
    if before in abbreviations or (len(before) == 1 and before.isalpha() and before.isupper()):
        return False
    return not (ordinals and before.isdigit() and len(before) <= 2)


def split(text: str, lang: str, title_end: int = 0) -> list[Sentence]:
    """Sentences of ``text`` in order, without white space around; the first ``title_end`` code points are a title."""
    pattern, abbreviations, ordinals = _rules(lang)
    found: list[Sentence] = []
    start = 0
    cuts = [m.end() for m in pattern.finditer(text) if _is_boundary(text, m, abbreviations, ordinals)]
    for cut in [*cuts, len(text)]:
        piece = text[start:cut]
        lead = len(piece) - len(piece.lstrip())
        body = piece.strip()
        if body:
            first = start + lead
            found.append(Sentence(first, first + len(body), len(found), title=first < title_end))
        start = cut
    return found
