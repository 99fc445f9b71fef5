"""From scores of windows to findings of the text: averages over windows, and piece tags to spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.normal import is_cjk
from models.tagger.heads import Floats, log_softmax

TYPES: Final = ("ORG", "PERSON", "PRODUCT", "PLACE")
TAGS: Final = ("O", *(f"{way}-{name}" for name in TYPES for way in "BI"))
UNSEEN: Final = -20.0  # log-odds of a span, or of a link, that no window holds


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A name in the text. ``label`` is one of :data:`TYPES`; ``score`` the mean probability of its pieces' type."""

    start: int
    end: int
    label: str
    score: float


class Means:
    """Sums of rows by kind and key, to be averaged over the windows that hold the key."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[int, ...]], tuple[Floats, int]] = {}

    def add(self, kind: str, row: Floats, *key: int) -> None:
        old, count = self._found.get((kind, key), (np.zeros_like(row), 0))
        self._found[kind, key] = (old + row, count + 1)

    def of(self, kind: str, *key: int, size: int, empty: float) -> Floats:
        if (kind, key) not in self._found:
            return np.full(size, empty, np.float32)
        total, count = self._found[kind, key]
        return total / np.float32(count)

    def keys(self, kind: str) -> list[tuple[int, int]]:
        return [(key[0], key[1]) for name, key in self._found if name == kind]


def rows_of(rows: list[Floats], width: int) -> Floats:
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, width), np.float32)


def even(row: Floats) -> Floats:
    return log_softmax(row) if len(row) else row


def grid_of(means: Means, kind: str, rows: int, columns: int) -> Floats:
    grid = np.full((rows, columns), UNSEEN, np.float32)
    for i in range(rows):
        for k in range(columns):
            grid[i, k] = means.of(kind, i, k, size=1, empty=UNSEEN)[0]
    return grid


def spans_of(
    text: str, chances: Floats, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> list[TaggedSpan]:
    """BIO by piece to spans: a type's chance is that of its B and I together, so that a stray I opens a name too."""
    kinds = np.concatenate([chances[:, :1], chances[:, 1::2] + chances[:, 2::2]], 1)
    best = kinds.argmax(1)
    found: list[TaggedSpan] = []
    at = 0
    while at < len(best):
        if best[at] == 0 or ends[at] <= starts[at]:
            at += 1
            continue
        kind, end = int(best[at]), at + 1
        while (
            end < len(best)
            and best[end] == kind
            and (ends[end] <= starts[end] or chances[end, 2 * kind] >= chances[end, 2 * kind - 1])
        ):
            end += 1
        last = end - 1
        while ends[last] <= starts[last]:
            last -= 1
        score = float(kinds[at:end, kind].mean())
        found.append(TaggedSpan(*_widened(text, int(starts[at]), int(ends[last])), TYPES[kind - 1], score))
        at = end
    return _merged(found)


def _in_word(text: str, at: int) -> bool:
    """Whether a word of an alphabet goes on across position ``at``: pieces may end inside it, names do not."""
    return (
        0 < at < len(text)
        and all(c.isalnum() and not is_cjk(c) for c in text[at - 1 : at + 1])
        and not (text[at - 1].isdigit() and text[at].isdigit())
    )


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    while _in_word(text, start):
        start -= 1
    while _in_word(text, end):
        end += 1
    return start, end


def _merged(spans: list[TaggedSpan]) -> list[TaggedSpan]:
    """Spans that share characters as one, with the label of the better one."""
    merged: list[TaggedSpan] = []
    for span in spans:
        if merged and span.start < merged[-1].end:
            last = merged.pop()
            best = max(last, span, key=lambda s: s.score)
            span = TaggedSpan(last.start, max(last.end, span.end), best.label, best.score)
        merged.append(span)
    return merged
