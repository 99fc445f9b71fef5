"""Text files: the title and body of an article, also where a page was saved as text with its menus and lists.

A file that is nothing but an article is kept to the letter, so that offsets into it hold: title, newline, text are then
the file. Furniture goes only on evidence, by rules that name no site:

- the headline is what stands twice near the top; what is above the second one is menu, date and section;
- a menu line is short words between bars or arrows;
- lines after the last full sentence are furniture where they open with a known label, string tags together, or are in
  characters that the article's language does not write.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

_TOP_LINES = 14
_TITLE_WIDTH = 240
_SENTENCE = re.compile(r"[.!?。！？｡…][\"'”’」』）)\]]*\s*$|다\.?\s*$")
_INNER_SENTENCE = re.compile(r"[。！？]|[.!?]\s")
_LIST_MARK = re.compile(r"^\s*(?:[•・·*\-–—▪■◆●○※]|\(?\d{1,2}[.)、．]|[①-⑳])\s*")
_BARS = re.compile(r"\s*[|｜›»▸>/]\s*")
_NUMBERS = re.compile(r"[\d:：()（）\[\]#]+")


@cache
def _labels() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("pipeline.parse") / "data" / "page_labels.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def split_text(content: str) -> tuple[str, str]:
    """Title and text of a text file's content (line ends already ``\\n``); the title is empty where none stands out."""
    lines = content.split("\n")
    start, saved = _skip_top(lines)
    end = _skip_bottom(lines, start, saved)
    lines = lines[start:end]
    title, rest = _title(lines)
    if saved:
        rest = _drop_labels(rest)
        return title, "\n".join(rest).strip("\n")
    return title, "\n".join(rest).rstrip() if title else "\n".join(lines).strip()


def is_sentence(line: str) -> bool:
    """Whether a line holds running text rather than a label, headline or menu entry."""
    text = line.strip()
    return _width(text) >= 24 and bool(_SENTENCE.search(text) or _INNER_SENTENCE.search(text))


def _skip_top(lines: list[str]) -> tuple[int, bool]:
    """Index of the headline, and whether the file shows signs of a saved page."""
    filled = [index for index, line in enumerate(lines) if line.strip()][:_TOP_LINES]
    texts = {index: " ".join(lines[index].split()) for index in filled}
    for position, index in enumerate(filled):
        repeats = [
            other for other in filled[position + 1 :] if texts[other] == texts[index] and _width(texts[index]) >= 12
        ]
        between = [texts[other] for other in filled if repeats and index < other < repeats[-1]]
        if repeats and not any(is_sentence(text) for text in between):
            return repeats[-1], True
    start = filled[0] if filled else 0
    for index in filled[:-1]:
        if not (_is_menu(texts[index]) or _label(texts[index]) in _labels()["labels"]):
            return index, index != start
    return start, False


def _skip_bottom(lines: list[str], start: int, saved: bool) -> int:
    """Index after the article's last line."""
    filled = [index for index in range(start, len(lines)) if lines[index].strip()]
    sentences = [index for index in filled if is_sentence(lines[index])]
    if not sentences:
        return len(lines)
    ends = _labels()["related"] | _labels()["share"]
    for index in filled:
        tail = [lines[other] for other in filled if other > index]
        if _label(lines[index]) in ends and index > sentences[0] and all(_width(line) <= 160 for line in tail):
            sentence_tail = sum(1 for line in tail if is_sentence(line))
            if sentence_tail <= len(tail) // 3:
                return _trim_tail(lines, filled, sentences, index, start, saved)
    return _trim_tail(lines, filled, sentences, len(lines), start, saved)


def _trim_tail(lines: list[str], filled: list[int], sentences: list[int], end: int, start: int, saved: bool) -> int:
    kept = [index for index in filled if index < end]
    last = max((index for index in sentences if index < end), default=start)
    body = "".join(lines[index] for index in sentences[:40])
    while kept and kept[-1] > last:
        line = lines[kept[-1]]
        if _LIST_MARK.match(line) and not line.strip().startswith("#"):
            break
        if not (_is_tags(line) or _foreign(line, body) or _is_menu(line) or (saved and _width(line) <= 24)):
            break
        end = kept.pop()
    return end


def _title(lines: list[str]) -> tuple[str, list[str]]:
    if not lines:
        return "", []
    first, rest = lines[0].strip(), lines[1:]
    body = [line for line in rest if line.strip()]
    if not body or not first or _width(first) > _TITLE_WIDTH:
        return "", lines
    closed = re.search(r"[.。]\s*$", first) is not None or (_width(first) > 120 and _INNER_SENTENCE.search(first[:-1]))
    if closed or (_LIST_MARK.match(first) and not first[0].isdigit()):
        return "", lines
    # A wrapped paragraph goes on in the next line; a title is followed by an empty line or by a longer one.
    wrapped = rest[0].strip() and rest[0].strip()[0].islower() and _width(first) > 60
    return ("", lines) if wrapped else (first, rest)


def _drop_labels(lines: list[str]) -> list[str]:
    """Without short lines before the first paragraph: section, source, byline and date of a saved page."""
    first = next((index for index, line in enumerate(lines) if is_sentence(line)), 0)
    head = [line for line in lines[:first] if _width(line) > 40 or _LIST_MARK.match(line) or "#" in line]
    return head + lines[first:]


def _is_menu(line: str) -> bool:
    parts = [part for part in _BARS.split(line.strip()) if part]
    return len(parts) > 1 and all(len(part.split()) <= 3 and _width(part) <= 22 for part in parts)


def _label(line: str) -> str:
    return " ".join(_NUMBERS.sub(" ", line).split()).casefold()


def _is_tags(line: str) -> bool:
    """Hash tags, or words of several scripts run together without space or sentence (``AIOpenAIクラウドAmazon``)."""
    text = line.strip()
    if text.count("#") >= 1 and all(word.startswith("#") for word in text.split()):
        return True
    if is_sentence(text) or " " in text or re.search(r"[、。,.:：]", text):
        return False
    changes = len(re.findall(r"(?<=[a-z])[A-Z]", text))
    kinds = [_latin(char) for char in text if char.isalpha()]
    return changes + sum(1 for one, two in pairwise(kinds) if one != two) >= 3 and len(text) >= 12


def _foreign(line: str, body: str) -> bool:
    """Whether most letters of the line do not occur in the article, or belong to a script that it does not use."""
    letters = [char for char in line if char.isalpha()]
    if not letters or len(letters) > 60 or len(body) < 200:
        return False
    known, scripts = set(body), {_kind(char) for char in body if char.isalpha()}
    if any(_kind(char) not in scripts for char in letters):
        return True
    ideographs = [char for char in letters if _kind(char) == "CJK"]
    return len(ideographs) == len(letters) and sum(1 for char in letters if char not in known) > len(letters) * 0.4


@cache
def _kind(char: str) -> str:
    return unicodedata.name(char, "OTHER").split()[0]


def _latin(char: str) -> bool:
    return _kind(char) == "LATIN"


def _width(text: str) -> int:
    """Columns: an East Asian character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text.strip())
