"""Lines of plain text that end where they should, in any script."""

from __future__ import annotations

import unicodedata


def wrapped(text: str, indent: int = 0, width: int = 72) -> str:
    """``text`` in lines of at most ``width`` columns; East Asian characters take two and may part from each other.

    No line starts with a closing mark, and no word of other scripts is broken; a no-break space breaks nothing.
    """
    blank = " " * indent
    lines, line, used = [], "", indent
    for piece in _pieces(text):
        size = columns(piece)
        if line and used + size > width and piece != " ":
            lines.append(blank + line.rstrip())
            line, used = "", indent
        if line or piece != " ":
            line += piece
            used += size
    return "\n".join([*lines, blank + line.rstrip()]) if line.strip() else "\n".join(lines)


def columns(text: str) -> int:
    """Width in a terminal's columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


_SPACES = " \t\n"
_CLOSING = frozenset("、。，．・：；？！」』）】》〉〕］｝ーゝ々〜”’,.;:!?)]}…")
_OPENING = frozenset("「『（【《〈〔［｛“‘([{")


def _pieces(text: str) -> list[str]:
    """What may stand on a line of its own: a word, a space, an East Asian character with the marks that cling to it."""
    pieces: list[str] = []
    for char in text:
        last = pieces[-1] if pieces else ""
        clings = last and last != " " and char not in _SPACES
        wide = columns(char) == 2
        apart = wide or (last and columns(last[-1]) == 2)
        if clings and (not apart or char in _CLOSING or last[-1] in _OPENING):
            pieces[-1] += char
        elif char in _SPACES and last == " ":
            continue
        else:
            pieces.append(" " if char in _SPACES else char)
    return pieces
