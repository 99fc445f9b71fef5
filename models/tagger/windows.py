"""Cutting a text into the windows that the encoder reads, with the place of every piece in the text.

A window is the title and as many consecutive sentences as fit; the next one starts with the last sentence of the one
before, so that neighbouring sentences meet in some window. Training and run time share this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.normal import normalise
from models.sentences import Sentence, split

LIMIT: Final = 320  # most articles fit into one
TITLE_LIMIT: Final = 64
FIRST_LINE: Final = 200  # a longer first line is no title
Range = tuple[int, int]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Window:
    """One encoder input: ``pieces`` index the text's pieces, ``sentences`` gives each one's sentence number."""

    pieces: Ints
    sentences: Ints
    starts: Ints
    ends: Ints

    def range_of(self, start: int, end: int) -> Range | None:
        """Positions (half-open) in the window of the pieces that share a character with the span."""
        found = np.flatnonzero((self.starts < end) & (self.ends > start))
        return (int(found[0]), int(found[-1]) + 1) if len(found) else None

    def sentence_range(self, number: int) -> Range:
        """Positions of the pieces of one sentence; empty where the window has none of it."""
        found = np.flatnonzero(self.sentences == number)
        return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)


@dataclass(slots=True)
class Encoded:
    """A text with its pieces, its windows and, after the encoder ran, the hidden states of each window's pieces."""

    text: str
    sentences: list[Sentence]
    ids: Ints
    windows: list[Window]
    hidden: list[npt.NDArray[np.float32]] = field(default_factory=list)


def title_length(text: str) -> int:
    """Length of the first line where more lines follow and it is short enough to be a title; else 0."""
    at = text.find("\n")
    return at if 0 < at <= FIRST_LINE else 0


def pieces_of(tokenizer: Any, text: str) -> tuple[Ints, Ints]:
    """Piece ids [n] and their spans in ``text`` [n, 2] without leading spaces; a piece of spaces has an empty span."""
    plain = normalise(text)
    found = tokenizer(plain, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    spans = []
    for start, end in found["offset_mapping"]:
        while start < end and plain[start].isspace():
            start += 1
        spans.append((start, end))
    return np.array(found["input_ids"], np.int64), np.array(spans, np.int64).reshape(-1, 2)


def prepare(tokenizer: Any, text: str, lang: str | None = None, title_end: int | None = None,
            sentences: list[Sentence] | None = None) -> Encoded:  # fmt: skip
    """Tokenise ``text`` and cut it into windows. Without ``title_end`` a short first line counts as the title."""
    if sentences is None:
        sentences = split(text, lang or "en", title_length(text) if title_end is None else title_end)
    ids, spans = pieces_of(tokenizer, text)
    encoded = Encoded(text, sentences, ids, [])
    if not len(ids) or not sentences:
        return encoded
    starts = np.array([s.start for s in sentences], np.int64)
    numbers = np.maximum(np.searchsorted(starts, spans[:, 0], side="right") - 1, 0)
    segments = [np.flatnonzero(numbers == s.index) for s in sentences]
    heads = [segments[s.index] for s in sentences if s.title]
    title = np.concatenate(heads)[:TITLE_LIMIT] if heads else np.zeros(0, np.int64)
    room = LIMIT - len(title)
    body: list[Ints] = []
    for sentence in sentences:
        pieces = segments[sentence.index]
        if not sentence.title or len(title) == TITLE_LIMIT:
            body += [pieces[at : at + room] for at in range(0, len(pieces), room)]
    for group in _groups(body, room) or [[]]:
        pieces = np.unique(np.concatenate([title, *group]))
        if len(pieces):
            encoded.windows.append(Window(pieces, numbers[pieces], spans[pieces, 0], spans[pieces, 1]))
    return encoded


def _groups(body: Sequence[Ints], room: int) -> list[list[Ints]]:
    groups: list[list[Ints]] = []
    at = 0
    while at < len(body):
        size, end = 0, at
        while end < len(body) and (size + len(body[end]) <= room or end == at):
            size += len(body[end])
            end += 1
        groups.append(list(body[at:end]))
        if end == len(body):
            break
        again = end - 1 > at and len(body[end - 1]) + len(body[end]) <= room
        at = end - 1 if again else end
    return groups
