"""Times to come that a text names: "by the end of 2027", "2027年末までに". The words are in ``data/horizons.toml``."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from models.data_files import read_toml

Relation = Literal["until", "from", "in"]
_RELATIONS: tuple[Relation, ...] = ("until", "from", "in")
_FARTHEST = 15  # years; what is farther is a forecast or a name


@dataclass(frozen=True, slots=True)
class Horizon:
    """A time to come: its first and last day, and its place in the text (code points).

    ``relation`` is ``until`` or ``from`` where the text names an end or a start, else ``in``.
    """

    first: date
    last: date
    relation: Relation
    start: int
    end: int


def horizons(text: str, language: str, today: date) -> list[Horizon]:
    """What the text names that is not over on ``today``, the day it was published; empty for unknown languages."""
    if language not in read_toml("horizons.toml"):
        return []
    return [found for found in _all(text, language) if _is_ahead(found, today)]


def _is_ahead(found: Horizon, today: date) -> bool:
    day = found.first if found.relation == "from" else found.last
    return day > today and found.last.year <= today.year + _FARTHEST


def _all(text: str, language: str) -> Iterator[Horizon]:
    pattern, parts, relations = _grammar(language)
    for match in pattern.finditer(text):
        cue = match["cue"]
        months = _months(match, parts)
        if cue is None and months is None:
            continue
        relation = relations[cue.casefold()] if cue else "in"
        try:
            first, last = _days(int(match["year"]), months or (1, 12), match["day"] or match["day_after"])
        except ValueError:  # 31 February is a slip of the text
            continue
        yield Horizon(first, last, relation, match.start(), match.end())


def _months(match: re.Match[str], parts: Mapping[str, tuple[int, int]]) -> tuple[int, int] | None:
    number = match.groupdict().get("month")
    if number:
        return int(number), int(number)
    return parts[match["part"].casefold()] if match["part"] else None


def _days(year: int, months: tuple[int, int], day: str | None) -> tuple[date, date]:
    if day and months[0] == months[1]:
        exact = date(year, months[0], int(day))
        return exact, exact
    return date(year, months[0], 1), date(year, months[1], calendar.monthrange(year, months[1])[1])


@cache
def _grammar(language: str) -> tuple[re.Pattern[str], dict[str, tuple[int, int]], dict[str, Relation]]:
    """The pattern of a language; months by part of the year, relations by cue, both by folded words."""
    words: dict[str, Any] = read_toml("horizons.toml")[language]
    relations = {cue.casefold(): relation for relation in _RELATIONS for cue in words[relation]}
    parts = {name.casefold(): (span[0], span[1]) for name, span in words["parts"].items()}
    if "year" in words:
        return re.compile(_year_first(words, parts, relations)), parts, relations
    parts |= _month_names(language)
    return re.compile(_year_last(words, parts, relations), re.IGNORECASE), parts, relations


def _year_first(words: Mapping[str, Any], parts: Iterable[str], cues: Iterable[str]) -> str:
    """2027年3月31日までに, 2027年末までに."""
    year, month, day = (_either(words[unit]) for unit in ("year", "month", "day"))
    exact = rf"(?P<month>1[0-2]|0?[1-9])\s*{month}\s*(?:(?P<day>\d{{1,2}})\s*{day})?(?P<day_after>(?!))?"
    return rf"(?<!\d)(?P<year>20\d\d)\s*{year}\s*(?:{exact}|(?P<part>{_either(parts)}))?\s*(?P<cue>{_either(cues)})?"


def _year_last(words: Mapping[str, Any], parts: Iterable[str], cues: Iterable[str]) -> str:
    """By 31 March 2027, by March 31, 2027, by the end of 2027."""
    join, ordinal = _either(words["joins"]), _either(words["ordinals"])
    cue = rf"(?:(?<!\w)(?P<cue>{_either(cues)})[\s-]+)?(?:{join}[\s-]+)*"
    day = rf"(?:(?P<day>\d{{1,2}}){ordinal}?\s+(?:{join}\s+)*)?"
    day_after = rf"(?:(?P<day_after>\d{{1,2}}){ordinal}?,?\s+)?"
    part = rf"(?:(?<!\w)(?P<part>{_either(parts)})\.?[\s-]+{day_after}(?:{join}[\s-]+)*)?"
    return rf"{cue}{day}{part}(?<![\w.,/])(?P<year>20\d\d)(?![\w%]|[.,]\d)"


def _month_names(language: str) -> dict[str, tuple[int, int]]:
    from babel.dates import get_month_names

    return {
        name.rstrip(".").casefold(): (number, number)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
