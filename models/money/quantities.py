"""Quantities that are no money: power in gigawatts and counts of chips, read with the numerals of the money grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.data_files import language
from models.money.countries import Countries
from models.money.digits import tidy
from models.money.lexicon import LATIN, Lexicon, lexicon
from models.money.quantity import Quantity as Numeral
from models.money.quantity import read_quantity
from models.money.tokens import Stream, read_tokens

_LEAST_COUNTED = 100  # fewer, with a general counter, are rarely the chips ("11个项目")
_POWER = ((1.0, "gigawatts"), (1e-3, "megawatts"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated capacity: ``value`` gigawatts, or that many chips; offsets in the text, end exclusive."""

    start: int
    end: int
    value: float
    unit: Literal["gigawatts", "units"]


@dataclass(frozen=True, slots=True)
class _Units:
    """Patterns that match right behind a number: power units by their factor, counters, and chip words near it."""

    power: tuple[tuple[float, re.Pattern[str]], ...]
    counter: re.Pattern[str]
    chip: re.Pattern[str]


def find_quantities(text: str, lang: str) -> list[Quantity]:
    """Power capacities and chip counts in ``text``, in order.

    A count is a number with a chip word at most a few words behind it ("40,000 Nvidia GPUs"), or with a counter where a
    chip word stands near (``1万8000基``). ``lang`` is an ISO 639-1 code; a language with no file is read as English.
    """
    lex = lexicon(lang)
    units = _units(lex.code)
    stream = read_tokens(text, lex, Countries(lex, text).decimal)
    return [found for numeral in _numerals(stream) if (found := _measure(stream, lex, units, numeral)) is not None]


def _numerals(stream: Stream) -> Iterator[Numeral]:
    index = 0
    while index < len(stream.tokens):
        numeral = read_quantity(stream, index)
        if numeral is None:
            index += 1
            continue
        if not numeral.vague:
            yield numeral
        index = numeral.last + 1


def _measure(stream: Stream, lex: Lexicon, units: _Units, numeral: Numeral) -> Quantity | None:
    start, end = stream.tokens[numeral.first].start, stream.tokens[numeral.last].end
    for factor, pattern in units.power:
        if match := pattern.match(stream.plain, end):
            return Quantity(start, match.end(), tidy(numeral.value * factor), "gigawatts")
    behind = stream.at(numeral.last + 1)
    if behind is not None and behind.get("currency") and stream.close(numeral.last + 1):
        return None
    if numeral.value < 2 or numeral.value != int(numeral.value) or _is_dated(stream, numeral, start):
        return None
    if match := units.chip.match(stream.plain, end):
        return Quantity(start, match.end(), numeral.value, "units")
    match = units.counter.match(stream.plain, end)
    if match and numeral.value >= _LEAST_COUNTED and _chip_near(stream, lex, start, match.end()):
        return Quantity(start, match.end(), numeral.value, "units")
    return None


def _is_dated(stream: Stream, numeral: Numeral, start: int) -> bool:
    """Years and sums are no counts: "2026 chips", "$500 chips"."""
    token = stream.tokens[numeral.first]
    year = numeral.first == numeral.last and len(token.text) == 4 and token.text[:2] in {"19", "20"}
    return year or stream.plain[start - 1 : start] in {"$", "€", "£", "¥"}


def _chip_near(stream: Stream, lex: Lexicon, start: int, end: int) -> bool:
    window = stream.plain[max(0, start - 40) : end + 25]
    return any(word in window for word in lex.table["quantities"]["chips"])


@cache
def _units(code: str) -> _Units:
    english: dict[str, Any] = language("en")["money"]["quantities"]
    own: dict[str, Any] = language(code)["money"]["quantities"]
    power = tuple((factor, _behind({*own[name], *english[name]})) for factor, name in _POWER)
    gap, spaced = int(own["chip_gap"]), not language(code)["money"].get("unspaced", False)
    chips = _choice({*own["chips"], *english["chips"]})
    # Names and a few small words may stand between the number and the chip; Chinese characters need a counter instead.
    between = _choice({*own["chip_fillers"], *english["chip_fillers"]})
    filler = rf"(?:[ -](?:{between}|[A-Z][\w.+'/-]*)){{0,{gap}}}?" if spaced else ""
    near = rf"{filler}[ -]?(?<![{LATIN}])(?:{chips})(?![{LATIN}])"
    counters = _choice(own["chip_counters"])
    return _Units(power, re.compile(rf" ?(?:{counters})"), re.compile(near))


def _behind(words: set[str]) -> re.Pattern[str]:
    return re.compile(rf"[ -]?(?:{_choice(words)})(?![{LATIN}])", re.IGNORECASE)


def _choice(words: set[str] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or "(?!)"
