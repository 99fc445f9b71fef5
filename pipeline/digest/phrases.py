"""Sentences and sums in the reader's language. The words stand in ``templates/digest/<language>.toml``, not here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError

FOLDER = Path(__file__).parent.parent / "templates" / "digest"
_PIECE = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
_MOST_NAMES = 4  # of one side; a funding round may have thirty investors


@dataclass(frozen=True, slots=True)
class Sum:
    """Money as the ledger keeps it: plain units of ``currency``, how exact, and the value in US dollars."""

    value: float
    currency: str
    bound: str | None = "exact"
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Names of a deal's companies by side (see ``deal_parties.side``)."""

    givers: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    allies: tuple[str, ...] = ()


class Phrasebook:
    """The words of one language."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words
        self.language: str = words["language"]

    def sentence(self, kind: str, deal_type: str, status: str, parties: Parties, amount: Sum | None,
                 previous: Sum | None = None) -> str:  # fmt: skip
        """One event of a deal: ``kind``, type and status as in the view ``timeline``."""
        form, names = _form(parties)
        values: dict[str, Any] = {**names, "amount": self.money(amount) if amount else None}
        if kind == "amount":
            values["noun"] = self._fill(self.words[deal_type]["noun"][form], values)
            values["previous"] = self.money(previous) if previous else None
            return self._fill(self.words["kinds"]["amount" if amount else "amount_gone"], values)
        text = self._fill(self.words[deal_type][status][form], values)
        frame = self.words["kinds"].get(kind)
        return self._fill(frame, {"sentence": text}) if frame else text

    def money(self, amount: Sum, *, bare: bool = False) -> str:
        """A sum to read: three digits or so, the scale that reads best, the bound in words, dollars in brackets.

        ``bare`` leaves out the dollars.
        """
        money = self.words["money"]
        size, scale = next(((size, scale) for size, scale in money["scales"] if abs(amount.value) >= size), (1, ""))
        number = f"{amount.value / size:.2f}".rstrip("0").rstrip(".")
        known = amount.currency in money["currencies"]
        text = money["sum" if known else "spaced"].format(
            currency=money["currencies"].get(amount.currency, amount.currency), number=number, scale=scale
        ).strip()  # fmt: skip
        text = money["bounds"].get(amount.bound or "exact", "{sum}").format(sum=text)
        if amount.currency != "USD" and amount.usd and not bare:
            dollars = self.money(Sum(_rounded(amount.usd), "USD"))
            text += money["in_dollars"].format(sum=dollars)
        return str(text)

    def counted(self, key: str, count: int, section: str | None = None) -> str:
        """A count with its noun, such as "3 sources"."""
        forms = self.words[section][key] if section else self.words[key]
        return str(forms.get("one" if count == 1 else "other", forms["other"]).format(count=count))

    def day(self, day: date) -> str:
        """A date as the language writes it."""
        from babel.dates import format_date

        return format_date(day, self.words["date_format"], locale=self.language)

    def language_name(self, code: str) -> str:
        """The name of a language in this one; its code where CLDR knows none."""
        from babel import Locale

        return str(Locale(self.language).languages.get(code, code))

    def company(self, name: str, aliases: Sequence[str]) -> str:
        """The name that readers of this language know: in Japanese the first alias written in kana, if any."""
        if self.language == "ja":
            return next((alias for alias in aliases if _KANA.search(alias)), name)
        return name

    def _names(self, names: Sequence[str]) -> str:
        if len(names) > _MOST_NAMES:
            names = [*names[: _MOST_NAMES - 1], self.words["others"]]
        if len(names) < 2:
            return "".join(names)
        return str(self.words["comma"].join(names[:-1]) + self.words["and"] + names[-1])

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
                return self._names(value)
            return str(value)

        return _PIECE.sub(put, template)


_KANA = re.compile("[\u30a0-\u30ff\u3040-\u309f]")


def _form(parties: Parties) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Which sentence fits, and who stands where: an ally beside one side only takes the other's place."""
    givers, takers, allies = parties.givers, parties.takers, parties.allies
    if allies and bool(givers) != bool(takers):
        givers, takers = givers or allies, takers or allies
    elif allies:
        takers = takers + allies if takers else takers
    names = {"givers": givers, "takers": takers, "who": (*givers, *takers, *(allies if not takers else ()))}
    return ("pair" if givers and takers else "who"), names


def _rounded(value: float) -> float:
    """Two significant digits: a converted sum must not look exact."""
    return float(f"{value:.2g}")


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
