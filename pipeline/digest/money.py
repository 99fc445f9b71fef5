"""Sums as a language writes them: number, scale, currency, how exact it is, and what it is in another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.rates import usd_rate


@dataclass(frozen=True, slots=True)
class Sum:
    """Money as the ledger keeps it: plain units of ``currency``, and how exact.

    ``beside`` is the same in the reader's currency, where that is another: plain units and its code.
    """

    value: float
    currency: str
    bound: str | None = "exact"
    beside: tuple[float, str] | None = None


def in_currency(usd: float | None, currency: str, day: date) -> float | None:
    """US dollars in ``currency`` by the rate of ``day``; None where the sum or the rate is not known."""
    rate = usd_rate(currency, day)
    return None if usd is None or rate is None else usd / rate[0]


def write_sum(amount: Sum, money: Mapping[str, Any], language: str) -> str:
    """``amount`` in words, such as "more than $10 bn (about ¥1.6 tn)".

    ``money`` is that section of a language's file: scales, names of currencies, phrases for bounds.
    """
    text = _plain_sum(amount.value, amount.currency, money, language)
    text = money["bounds"].get(amount.bound or "exact", "{sum}").format(sum=text)
    if amount.beside is None:
        return str(text)
    other = _plain_sum(_rounded(amount.beside[0]), amount.beside[1], money, language)
    return str(text + money["beside"].format(sum=other))


def _plain_sum(value: float, currency: str, money: Mapping[str, Any], language: str) -> str:
    size, scale, *singular = next((entry for entry in money["scales"] if abs(value) >= entry[0]), (1, ""))
    number = value / size
    if singular and (number == 1 or number < money.get("singular_below", 0)):
        scale = singular[0]
    shown = write_number(number, language, grouping=money.get("grouping", True))
    known = currency in money["currencies"]
    return str(
        money["sum" if known else "spaced"]
        .format(currency=money["currencies"].get(currency, currency), number=shown, scale=scale)
        .strip()
    )


def write_number(number: float, language: str, *, grouping: bool = True) -> str:
    """At most two decimals, with the marks that the language has."""
    from babel.numbers import format_decimal

    return str(format_decimal(round(number, 2), format="#,##0.##" if grouping else "0.##", locale=language))


def _rounded(value: float) -> float:
    """Two significant digits: a converted sum must not look exact."""
    return float(f"{value:.2g}")
