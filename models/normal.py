"""Length-preserving normalisation: offsets found in the result hold in the original text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u2009": " "})


@lru_cache(maxsize=65536)
def _char(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def normalise(text: str) -> str:
    """Full-width forms, typographic quotes and odd spaces as plain ones, character for character.

    Characters whose NFKC form is longer (``㈱``, ``½``) stay as they are, so ``len(normalise(t)) == len(t)``.
    """
    if text.isascii():
        return text
    return "".join(char if char.isascii() else _char(char) for char in text).translate(_QUOTES)


def is_cjk(char: str) -> bool:
    """Whether ``char`` belongs to a script that is written without spaces between words, or is Hangul."""
    code = ord(char)
    return (
        0x3040 <= code <= 0x30FF  # kana
        or 0x3400 <= code <= 0x9FFF  # ideographs
        or 0xAC00 <= code <= 0xD7AF  # Hangul syllables
        or 0xF900 <= code <= 0xFAFF
        or code in (0x3005, 0x3007)
    )
