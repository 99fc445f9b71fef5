"""Strangers' text made harmless: titles and evidence go to terminals, mails, feeds and calendars."""

from __future__ import annotations

import re
import unicodedata

# ANSI/VT sequences whole (CSI, OSC with its terminator, two-byte ones), so that no parameters stay behind as text.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?"
)
_KEPT = "\n\t"
_DROPPED = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")
_JOINERS = "\u200c\u200d"  # without them words of some scripts, and some emoji, fall apart


def clean(text: str) -> str:
    """``text`` without escape sequences, control characters and marks that turn the direction of writing.

    Printed raw, a title could recolour, retitle or rewrite an analyst's terminal. What XML has no room for goes too.
    """
    plain = _ESCAPES.sub("", text)
    return "".join(c for c in plain if c in _KEPT or not (unicodedata.category(c) in ("Cc", "Cs") or c in _DROPPED))


def one_line(text: str | None, most: int | None = None) -> str:
    """``text`` cleaned and on one line, as headers, titles and quotations need it, without any character that is not
    seen; longer than ``most`` it ends in "…".
    """
    spaced = "".join(_within_a_line(c) for c in _ESCAPES.sub("", text or ""))
    line = " ".join(clean(spaced).split())
    return line if most is None or len(line) <= most else line[: most - 1].rstrip() + "…"


def _within_a_line(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category == "Cf" and char not in _JOINERS else char
