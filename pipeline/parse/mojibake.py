"""How much a decoded text looks like language, and the mending of text that was encoded twice."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

_SAMPLE = 20_000
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CYRILLIC = ("ru", "uk", "bg", "sr", "mk", "be", "kk")
_SCRIPTS = {
    "el": "GREEK", "he": "HEBREW", "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "th": "THAI", "hi": "DEVANAGARI",
    **dict.fromkeys(_CYRILLIC, "CYRILLIC"),
}  # fmt: skip
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122]")
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^<>]*>")


def quality(text: str, language: str = "") -> float:
    """Share of the characters beyond ASCII that belong in a text of ``language``, 0 to 1; 1 for plain ASCII.

    Without a language, the best over Korean, Japanese, Chinese and the alphabets. Common characters are those of the
    first level of JIS X 0208, GB 2312, Big5 and KS X 1001, which their authors ordered by use: a wrong charset yields
    rare ones. Kanji without kana are no Japanese, and kana are no Chinese.
    """
    wide = [char for char in _MARKUP.sub("", text) if ord(char) > 127][:_SAMPLE]
    if not wide:
        return 1.0
    if language in _CJK:
        return max(_CJK[language](wide), 0.9 * _alphabetic(wide, ""))
    if language:
        return max(_alphabetic(wide, language), 0.9 * max(score(wide) for score in _CJK.values()))
    return max(_alphabetic(wide, ""), *(score(wide) for score in _CJK.values()))


def repair(text: str, language: str = "") -> str | None:
    """The text as meant, where UTF-8 had been read as Windows-1252 or Latin-1 and encoded again; else None."""
    pairs = len(_TWICE.findall(text))
    wide = sum(1 for char in text if ord(char) > 127)
    if pairs < 3 or pairs < wide / 5:
        return None
    for charset in ("cp1252", "latin-1"):
        try:
            mended = text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
        if quality(mended, language) > quality(text, language) or len(_TWICE.findall(mended)) < pairs / 10:
            return mended
    return None


def _korean(wide: list[str]) -> float:
    return _mean(1.0 if _HANGUL.match(char) and _in(char, "euc_kr") else _shared(char) for char in wide)


def _japanese(wide: list[str]) -> float:
    kana = sum(1 for char in wide if _KANA.match(char))
    score = _mean(
        1.0 if _KANA.match(char) or _level_one(char, "euc_jp", 0xB0, 0xCF) else _shared(char) for char in wide
    )
    return score if kana >= len(wide) * 0.08 else 0.7 * score


def _simplified(wide: list[str]) -> float:
    return _mean(1.0 if _level_one(char, "gb2312", 0xB0, 0xD7) else _shared(char) for char in wide)


def _traditional(wide: list[str]) -> float:
    return _mean(1.0 if _level_one(char, "big5", 0xA4, 0xC6) else _shared(char) for char in wide)


def _chinese(wide: list[str]) -> float:
    return max(_simplified(wide), _traditional(wide))


_CJK = {"ko": _korean, "ja": _japanese, "zh": _chinese}


def _alphabetic(wide: list[str], language: str) -> float:
    """Letters of one alphabet, mostly small ones, beside Latin; capital runs betray KOI8-R read as Windows-1251."""
    script = _SCRIPTS.get(language)
    letters = [char for char in wide if char.isalpha() or unicodedata.category(char)[0] == "M"]
    names = {char: _script(char) for char in set(letters)}
    if script is None and letters:
        counts = {name: sum(1 for char in letters if names[char] == name) for name in set(names.values())}
        best = max(counts, key=lambda name: counts[name])
        script = "LATIN" if language else best
    if script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH", "OTHER"):
        return 0.0
    good = sum(
        1.0 if names.get(char) == script else 0.5 if names.get(char) == "LATIN" else _shared(char) for char in wide
    )
    own = _letters(language) if script == "LATIN" else frozenset()
    if own:
        good -= 0.5 * sum(1 for char in letters if names[char] == "LATIN" and char.lower()[:1] not in own)
    score = good / len(wide)
    capitals = sum(1 for char in letters if char.isupper())
    return score - (0.4 if len(letters) > 10 and capitals > len(letters) * 0.6 else 0.0)


@cache
def _letters(language: str) -> frozenset[str]:
    """Letters beyond a to z of a language in Latin script; empty where unknown."""
    table = tomllib.loads((files("pipeline.parse") / "data" / "languages.toml").read_text("utf-8"))
    return frozenset(table["letters"].get(language, ""))


@lru_cache(maxsize=20_000)
def _script(char: str) -> str:
    name = unicodedata.name(char, "OTHER").split()[0]
    return "LATIN" if char in "ªº" else name


@lru_cache(maxsize=20_000)
def _shared(char: str) -> float:
    """Worth of punctuation and symbols that any language may use."""
    code = ord(char)
    if code == 0xFFFD or 0x80 <= code <= 0x9F or 0xE000 <= code <= 0xF8FF or unicodedata.category(char) == "Cn":
        return -2.0
    if 0xFF61 <= code <= 0xFF9F:
        return -0.2
    if (
        0x2010 <= code <= 0x2044
        or 0x3000 <= code <= 0x301F
        or 0xFF01 <= code <= 0xFF5E
        or char in "\u00a0·×°£¥€§©®«»¿¡₩・ー"
    ):
        return 1.0
    if unicodedata.category(char)[0] in "SP":
        return 0.6
    return 0.2 if char.isalpha() and code < 0x3000 else 0.0


@lru_cache(maxsize=50_000)
def _in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=50_000)
def _level_one(char: str, charset: str, first: int, last: int) -> bool:
    try:
        code = char.encode(charset)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and first <= code[0] <= last


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return max(0.0, sum(numbers) / len(numbers))
