"""The language of a text: script first, then small words and langdetect among the plausible, hints as a prior.

langdetect alone is not enough: it answers differently from call to call unless seeded, takes Japanese without kana for
Korean or Chinese, and headlines full of brands for Romanian.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_SAMPLE = 6000
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|['’]s\b")
_WORD = re.compile(r"[^\W\d_]+")
_IDEOGRAPHS = ("HAN", "HIRAGANA", "KATAKANA", "HANGUL")


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """An ISO 639-1 code (``und`` where nothing tells), a confidence from 0 to 1, and what decided."""

    lang: str
    confidence: float
    why: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline.parse") / "data" / "languages.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, frozenset[str]]:
    return {lang: frozenset(words.split()) for lang, words in _data()["words"].items()}


def language_code(tag: str | None) -> str | None:
    """``ja`` of ``ja-JP``, ``zh`` of ``zh_Hant``; None for what is no language tag."""
    head = re.split(r"[-_]", (tag or "").strip().lower())[0]
    head = {"jp": "ja", "cn": "zh", "kr": "ko", "nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(head, head)
    return head if re.fullmatch(r"[a-z]{2}", head) else None


def detect_language(text: str, hints: Iterable[str | None] = ()) -> LanguageGuess:
    """Guess the language of ``text`` (title and body together).

    ``hints`` are language tags from the source, feed or page, most trusted first. A hint decides between languages
    that the text itself leaves open; it never outweighs the script or a long text.
    """
    hinted = list(dict.fromkeys(code for code in map(language_code, hints) if code))
    sample = _NOISE.sub(" ", text[:_SAMPLE])
    counts = Counter(script for char in sample if (script := _script(char)))
    if not counts:
        return LanguageGuess(hinted[0], 0.3, "hint; no letters") if hinted else LanguageGuess("und", 0.0, "no letters")
    east_asian = _east_asian(sample, counts, hinted)
    if east_asian:
        return east_asian
    script = counts.most_common(1)[0][0]
    langs = _data()["scripts"].get(script, [])
    if len(langs) == 1:
        return LanguageGuess(langs[0], 0.99, f"{script.lower()} script")
    if not langs:
        return LanguageGuess(hinted[0], 0.3, "hint; unknown script") if hinted else LanguageGuess("und", 0.0, script)
    return _alphabetic(sample, script, langs, hinted)


def known_language(text: str, *hints: str | None) -> str | None:
    """The guessed code alone; None where nothing tells."""
    lang = detect_language(text, hints).lang
    return None if lang == "und" else lang


@lru_cache(maxsize=20_000)
def _script(char: str) -> str:
    code = ord(char)
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF or code == 0x3005:
        return "HAN"
    if char in "ー・" or not char.isalpha():
        return ""
    name = unicodedata.name(char, "").split()
    return name[1] if name[:1] in (["HALFWIDTH"], ["FULLWIDTH"]) and len(name) > 1 else name[0] if name else ""


def _east_asian(sample: str, counts: Counter[str], hinted: list[str]) -> LanguageGuess | None:
    kana, hangul, han = counts["HIRAGANA"] + counts["KATAKANA"], counts["HANGUL"], counts["HAN"]
    dense = kana + hangul + han
    # A syllable or ideograph says about as much as three letters of a brand's name.
    if dense * 3 < sum(counts.values()) - dense or not dense:
        return None
    if hangul >= (kana + han) * 0.5:
        return LanguageGuess("ko", min(0.99, 0.8 + hangul / 100), "Hangul")
    if kana >= dense * 0.06 or (counts["HIRAGANA"] >= 3 and kana >= dense * 0.03):
        return LanguageGuess("ja", min(0.99, 0.8 + kana / 100), "kana")
    return _ideographs(sample, hinted)


def _ideographs(sample: str, hinted: list[str]) -> LanguageGuess:
    """Chinese or Japanese without kana, by characters that only one of them writes."""
    chars = [char for char in sample if _script(char) == "HAN"]
    japanese = sum(1 for char in chars if _only(char) == "ja")
    chinese = sum(1 for char in chars if _only(char) == "zh")
    chinese += sample.count("，") + sample.count("：“")
    if japanese != chinese:
        lang = "ja" if japanese > chinese else "zh"
        margin = abs(japanese - chinese) / (japanese + chinese)
        return LanguageGuess(
            lang, 0.6 + 0.38 * margin * min(1.0, (japanese + chinese) / 3), "characters of one language"
        )
    for lang in hinted:
        if lang in ("ja", "zh"):
            return LanguageGuess(lang, 0.7, "hint; ideographs of both")
    lang = "ja" if "・" in sample or ("、" in sample and "「" in sample) else "zh"
    return LanguageGuess(lang, 0.5, "ideographs of both")


@lru_cache(maxsize=30_000)
def _only(char: str) -> str:
    """``ja`` for a character of Japan's standard in neither Chinese one, ``zh`` for the reverse."""
    japanese, chinese = _encodes(char, "euc_jp", 2), _encodes(char, "gb2312", 2) or _encodes(char, "big5", 2)
    if japanese == chinese:
        return ""
    return "ja" if japanese else "zh"


def _encodes(char: str, charset: str, length: int) -> bool:
    try:
        return len(char.encode(charset)) == length
    except UnicodeEncodeError:
        return False


def _alphabetic(sample: str, script: str, langs: list[str], hinted: list[str]) -> LanguageGuess:
    words = _WORD.findall(sample)
    small = [word for word in words if word.islower()]
    plausible = list(dict.fromkeys([*(lang for lang in hinted if lang in langs), *langs]))
    votes = {lang: sum(_weight(word) for word in small if word in _words().get(lang, ())) for lang in plausible}
    # Brands are capitalised; German nouns are too, but German is told by its small words.
    body = " ".join(small) if len(small) >= 3 else sample
    detected = _langdetect(body if len(body) >= 12 else sample, plausible)
    common = _data()["common"].get(script, langs)
    scores = {lang: _score(lang, votes, len(small), detected, hinted, common) for lang in plausible}
    best = max(plausible, key=lambda lang: scores[lang])
    total = sum(math.exp(score - scores[best]) for score in scores.values())
    why = f"{votes[best]:g} small words, langdetect {detected.get(best, 0.0):.2f}"
    return LanguageGuess(best, round(1 / total, 3), why + ("; hinted" if best in hinted else ""))


def _weight(word: str) -> float:
    """A vowel alone may be a particle of six languages or an initial."""
    return 1.0 if len(word) > 1 else 0.4


def _score(
    lang: str, votes: dict[str, float], small: int, detected: dict[str, float], hinted: list[str], common: list[str]
) -> float:
    """Log of an unnormalised probability: langdetect, small words, hints and how usual the language is."""
    # On names alone langdetect is sure of itself and wrong.
    score = math.log(detected.get(lang, 0.0) + (0.05 if small >= 3 else 0.25))
    score += 1.2 * min(votes[lang], 12) + (2.0 * votes[lang] / small if small else 0.0)
    if lang in hinted:
        score += 2.5 if lang == hinted[0] else 1.5
    # Where nothing tells, as in a headline of brands only, the script's first language is meant.
    return score + (0.7 if lang == common[0] else 0.0 if lang in common else -1.5)


def _langdetect(text: str, plausible: list[str]) -> dict[str, float]:
    factory = _factory()
    known = [lang for lang in plausible if lang in factory.langlist]
    if not known:
        return {}
    from langdetect.lang_detect_exception import LangDetectException

    detector = factory.create()
    detector.set_prior_map({lang: 1.0 / len(known) for lang in known})
    detector.append(text)
    try:
        return {found.lang: float(found.prob) for found in detector.get_probabilities()}
    except LangDetectException:
        return {}


@cache
def _factory() -> Any:
    """langdetect's profiles, loaded once; seeded, or the same headline gets another answer each time."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    factory = DetectorFactory()
    factory.seed = 0
    DetectorFactory.seed = 0
    factory.load_profile(PROFILES_DIRECTORY)
    return factory
