"""Strangers' text made harmless: titles and evidence go to terminals, mails, feeds and calendars."""

from __future__ import annotations

import re
import unicodedata

# ANSI/VT sequences whole (CSI, OSC with its terminator, two-byte ones), so that no parameters stay behind as text.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?"
)
_KEPT = "\n\t"
_DROPPED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")


def line(text: str) -> str:
    """``text`` as :func:`clean` leaves it, on one line."""
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """``text`` without escape sequences, control characters and marks that turn the direction of writing.

    Printed raw, a title could recolour, retitle or rewrite an analyst's terminal. What XML has no room for goes too.
    """
    plain = _ESCAPES.sub("", text)
    return "".join(c for c in plain if c in _KEPT or not (unicodedata.category(c) in ("Cc", "Cs") or c in _DROPPED))
