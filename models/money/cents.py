"""Small change behind a sum: cents, and the half of a unit that Japanese and Chinese put behind the currency."""

from __future__ import annotations

import re

from models.money.countries import Countries
from models.money.digits import tidy
from models.money.lexicon import Currency
from models.money.quantity import Quantity, read_quantity
from models.money.tokens import Stream

_CLOSED = re.compile(r"\s*(?:$|[.!?。！？](?!\d))")
_SMALL = 1000  # units; nobody states the cents of a thousand


def with_cents(
    stream: Stream, value: float, last: int, end: int, code: str, countries: Countries
) -> tuple[float, int, int]:
    """Add the cents that follow: "13 dollars and 45 cents", 50元6角. Returns value, tokens taken, end."""
    taken = 0
    while True:
        index = last + taken + 1
        token = stream.at(index)
        if token is not None and (token.get("and") or token.get("glue")) and stream.close(index):
            index += 1
        if (index > last + 1 + taken and not stream.close(index)) or stream.gap(index) not in {"", " "}:
            return value, taken, end
        quantity = read_quantity(stream, index)
        unit = stream.at(quantity.last + 1) if quantity is not None else None
        if quantity is not None and not taken and _bare(stream, value, quantity):
            return tidy(value + quantity.value / 100), quantity.last - last, stream.tokens[quantity.last].end
        if quantity is None or unit is None or not stream.close(quantity.last + 1) or quantity.scale:
            return value, taken, end
        cents: Currency | None = unit.get("tail") or unit.get("currency")
        if cents is None or cents.factor >= 1 or (countries.resolve(cents.code) != code and cents.code != "cent"):
            return value, taken, end
        value, end = tidy(value + quantity.value * cents.factor), unit.end
        taken = quantity.last + 1 - last


def _bare(stream: Stream, value: float, quantity: Quantity) -> bool:
    """Whether a number closes the sentence as the cents of a small sum ("15 dollars 50."); elsewhere it counts."""
    token = stream.tokens[quantity.last]
    cents = quantity.value in range(10, 100) and not quantity.scale
    small = value < _SMALL and value == int(value)
    return cents and small and _CLOSED.match(stream.plain, token.end) is not None


def with_half(stream: Stream, value: float, scale: float, end: int) -> tuple[float, int]:
    """Add the half behind the currency (1兆円半). Returns value and end."""
    half: str | None = stream.lex.table.get("half_after")
    if not half or not scale or not stream.plain.startswith(half, end):
        return value, end
    words = tuple(stream.lex.table.get("not_before", {}).get(half, ()))
    if stream.plain.startswith(words, end + len(half)):
        return value, end
    return tidy(value + scale / 2), end + len(half)
