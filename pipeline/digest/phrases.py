"""Sentences in the reader's language. The words stand in ``templates/digest/<language>.toml``, not here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.digest.money import Sum, write_number, write_sum
from pipeline.errors import ConfigError

FOLDER = Path(__file__).parent.parent / "templates" / "digest"
_PIECE = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
_MOST_NAMES = 4  # of one side; a funding round may have thirty investors
_MOST_CHIPS = 3
_KANA, _HANGUL, _HAN = (re.compile(f"[{span}]") for span in ("\u3040-\u30ff", "\uac00-\ud7a3", "\u4e00-\u9fff"))


def _is_simplified_chinese(name: str) -> bool:
    try:
        name.replace("·", "").encode("gb2312")  # which has no traditional characters
    except UnicodeEncodeError:
        return False
    return all(_HAN.match(char) or char == "·" for char in name)


_SCRIPTS: dict[str, Callable[[str], object]] = {
    "kana": _KANA.search, "hangul": _HANGUL.search, "han": _is_simplified_chinese,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parties:
    """Names of a deal's companies by side (see ``deal_parties.side``)."""

    givers: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    allies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What a sentence is to say of a deal: ``kind``, type and status as in ``ledger_changes.sql`` and its kin.

    ``previous`` is the sum before, or the one that prevails; ``days`` a silence's length, ``day`` when it was due,
    ``source`` who states a disputed sum.
    """

    kind: str
    type: str
    status: str
    amount: Sum | None = None
    previous: Sum | None = None
    days: int | None = None
    day: date | None = None
    source: str = ""


class Phrasebook:
    """The words of one language."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words
        self.language: str = words["language"]
        self._elisions = [(re.compile(found), instead) for found, instead in words.get("elisions", ())]

    def sentence(self, news: News, parties: Parties) -> str:
        """One change of a deal, without a full stop."""
        form, names = _form(parties)
        values: dict[str, Any] = {
            **names,
            "amount": self.money(news.amount) if news.amount else None,
            "previous": self.money(news.previous) if news.previous else None,
            "days": news.days,
            "day": self.day(news.day) if news.day else None,
            "source": news.source,
        }
        kind = "amount_gone" if news.kind == "amount" and news.amount is None else news.kind
        frame = self.words["kinds"].get(kind)
        if frame and "{noun}" in frame:
            values["noun"] = self._fill(self.words[news.type]["noun"][form], values)
        else:
            values["sentence"] = self._fill(self.words[news.type][news.status][form], values)
        return self._fill(frame, values) if frame else str(values["sentence"])

    def money(self, amount: Sum) -> str:
        """A sum to read, with what it is in the reader's currency behind it."""
        return self.elided(write_sum(amount, self.words["money"], self.language))

    def number(self, number: float) -> str:
        """A number as the language writes it, such as "1 million" or "100万"."""
        for size, scale in self.words.get("number_scales", ()):
            if number >= size:
                return write_number(number / size, self.language, grouping=False) + str(scale)
        return write_number(number, self.language)

    def counted(self, key: str, count: int, section: str | None = None) -> str:
        """A count with its noun, such as "3 sources"."""
        forms = self.words[section][key] if section else self.words[key]
        return str(forms.get("one" if count == 1 else "other", forms["other"]).format(count=self.number(count)))

    def day(self, day: date, *, short: bool = False) -> str:
        """A date as the language writes it; ``short`` leaves out the year."""
        from babel.dates import format_date

        return format_date(day, self.words["day_format" if short else "date_format"], locale=self.language)

    def language_name(self, code: str) -> str:
        """The name of a language in this one; its code where CLDR knows none."""
        from babel import Locale

        return str(Locale(self.language).languages.get(code, code))

    def company(self, name: str, aliases: Sequence[str]) -> str:
        """The name that readers of this language know: the first alias in their script (``names_in``), if any.

        What the press writes otherwise stands in ``names``. An acronym such as AMD stays: it is spelt in Latin letters
        everywhere.
        """
        if name in (known := self.words.get("names", {})):
            return str(known[name])
        script = _SCRIPTS.get(self.words.get("names_in", ""))
        if script is None or (name.isascii() and name.isupper()):
            return name
        return next((alias for alias in aliases if script(alias)), name)

    def listed(self, names: Sequence[str]) -> str:
        """Names as a list: "Amazon, Nvidia and others"."""
        if len(names) > _MOST_NAMES:
            return str(self.words["others"].format(list=self.words["comma"].join(names[: _MOST_NAMES - 1])))
        if len(names) < 2:
            return "".join(names)
        return str(self.words["comma"].join(names[:-1]) + self.words["and"] + names[-1])

    def tail(self, chips: Sequence[str], compute: Sequence[str] = ()) -> str:
        """What closes a sentence: chips, power and numbers involved; empty where there are none."""
        told = [*chips[:_MOST_CHIPS], *compute]
        return f" — {self.words['comma'].join(told)}" if told else ""

    def elided(self, text: str) -> str:
        """``text`` with the contractions that the language makes between words, such as French "d’OpenAI"."""
        for found, instead in self._elisions:
            text = found.sub(instead, text)
        return text

    def _fill(self, template: str, values: Mapping[str, Any]) -> str:
        """Put values in; a bracket with an empty one goes; {be} and {have} agree with the party before them."""
        before: Sequence[str] = ()

        def put(match: re.Match[str]) -> str:
            nonlocal before
            optional, name = match.groups()
            if optional is not None:
                wanted = [found[2] for found in _PIECE.finditer(optional)]
                return _PIECE.sub(put, optional) if all(values.get(key) for key in wanted) else ""
            if name in ("be", "have"):
                return str(self.words[name][len(before) > 1])
            value = values[name]
            if isinstance(value, tuple):
                before = value
                return self.listed(value)
            return str(value)

        return self.elided(_PIECE.sub(put, template))


def _form(parties: Parties) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Which sentence fits, and who stands where: an ally beside one side only takes the other's place."""
    givers, takers, allies = parties.givers, parties.takers, parties.allies
    if allies and bool(givers) != bool(takers):
        givers, takers = givers or allies, takers or allies
    elif allies:
        takers = takers + allies if takers else takers
    names = {"givers": givers, "takers": takers, "who": (*givers, *takers, *(allies if not takers else ()))}
    return ("pair" if givers and takers else "who"), names


@cache
def phrasebook(language: str) -> Phrasebook:
    """The words of ``language`` (``en``, ``ja`` …).

    Raises:
        ConfigError: there is no file for it.
    """
    path = FOLDER / f"{language}.toml"
    if language not in languages():
        raise ConfigError(f"no digest in {language!r}", f"one of: {', '.join(languages())}")
    return Phrasebook(tomllib.loads(path.read_text(encoding="utf-8")))


def languages() -> list[str]:
    """Languages that a digest can be written in."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
