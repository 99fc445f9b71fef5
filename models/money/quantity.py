"""Quantities: the longest run of tokens that spells one number."""

from __future__ import annotations

from dataclasses import dataclass

from models.money.digits import Tally, is_grouped
from models.money.tokens import Stream, Token

MAX_TOKENS = 24
"""Longer runs of numerals are no sums, and would cost quadratic time."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number over tokens ``first`` to ``last``.

    ``scale`` is the last scale word's factor, 0 where there is none; ``qualifier`` is what the number itself says
    ("une vingtaine", "100余"); ``vague`` where it states no number ("tens of billions").
    """

    first: int
    last: int
    value: float
    scale: float = 0.0
    qualifier: str | None = None
    vague: bool = False
    grouped: bool = False


def read_quantity(stream: Stream, first: int) -> Quantity | None:
    """The quantity that starts at token ``first``, or None."""
    start = stream.at(first)
    if start is None:
        return None
    if start.get("vague"):
        return _vague(stream, first)
    tally, qualifier, index, needs_scale = Tally(), None, first, False
    if start.get("multiples") is not None or start.get("rough") is not None:
        value = start.get("multiples") if start.get("multiples") is not None else start.get("rough")
        if not _scale_follows(stream, first + 1):
            if start.number is None:
                return None
            value = start.number
        tally.add(value)
        qualifier = "about" if start.get("rough") is not None and start.get("multiples") is None else None
        index = first + 1
    elif start.number is not None:
        tally.add(start.number)
        index = first + 1
    elif not _counts_alone(stream, start, first):
        return None
    index, more = _continue(stream, tally, index, first)
    if index == first or needs_scale:
        return None
    grouped = start.digits and is_grouped(start.text) and index == first + 1
    return Quantity(first, index - 1, tally.value, tally.last_scale, qualifier or more, grouped=grouped)


def _counts_alone(stream: Stream, start: Token, first: int) -> bool:
    """Whether a scale word may open a number: 百億, 千亿, "mil millones", and 亿 or 억 after a qualifier (近亿元)."""
    factor = start.get("scale")
    if factor is None:
        return False
    alone = stream.lex.table.get("scales_alone", [])
    before = stream.at(first - 1)
    inside = start.start > 0 and "\uac00" <= stream.plain[start.start - 1] <= "\ud7a3"  # the 천 of 추천
    if start.text.lower() in alone:
        return not inside or (before is not None and before.end == start.start)
    cjk = bool(stream.lex.table.get("unspaced"))
    return cjk and before is not None and before.get("before") is not None and stream.gap(first) == ""


def _scale_follows(stream: Stream, index: int) -> bool:
    token = stream.at(index)
    if token is not None and token.get("glue") and stream.close(index):
        index += 1
        token = stream.at(index)
    return token is not None and token.get("scale") is not None and stream.close(index)


def _continue(stream: Stream, tally: Tally, index: int, first: int) -> tuple[int, str | None]:
    """Take all tokens that go on with the number; returns the index after them and what qualifies it from inside."""
    qualifier: str | None = None
    while (token := stream.at(index)) is not None and (index == first or stream.close(index)):
        if index - first >= MAX_TOKENS:
            break
        factor = token.get("scale")
        if factor is not None and _fits(stream, token, index, first) and not _is_cents(stream, token, index, first):
            tally.scale(factor)
        elif token.get("plus") and _scale_or_currency_follows(stream, index + 1):
            qualifier = "over"
        elif token.get("glue") and index > first and stream.tokens[index - 1].get("rough") is not None:
            pass
        elif token.number is not None and _adds_up(stream, tally, token, index):
            if not tally.add(token.number):
                break
        else:
            break
        index += 1
    return index, qualifier


def _fits(stream: Stream, token: Token, index: int, first: int) -> bool:
    """One-letter scales ("5b", "$1T") must touch their number; Chinese ones too, but for Korean's space."""
    tight = len(token.text) == 1 and token.text.isascii()
    return index == first or not tight or stream.gap(index) == "" or (token.text == "M" and stream.gap(index) == " ")


def _is_cents(stream: Stream, token: Token, index: int, first: int) -> bool:
    """French "cent" behind digits is a coin, not a hundred."""
    if index == first or token.get("scale") != 100 or not stream.tokens[index - 1].digits:
        return False
    return token.get("currency") is not None


def _scale_or_currency_follows(stream: Stream, index: int) -> bool:
    token = stream.at(index)
    follows = token is not None and (token.get("scale") is not None or token.get("currency") is not None)
    return follows and stream.close(index)


def _adds_up(stream: Stream, tally: Tally, token: Token, index: int) -> bool:
    """Whether a further number belongs to the same quantity: "1兆5000億", "4 mil 800 millones", "twenty five"."""
    number = token.number or 0.0
    if tally.last_scale == 0.0 or tally.open is not None:
        return not token.digits and not stream.tokens[index - 1].digits
    if number >= tally.last_scale:
        return False
    if stream.lex.table.get("unspaced"):
        return stream.gap(index) in {"", " "}
    if not token.digits:
        return True
    follower = stream.at(index + 1)
    near = follower if follower is not None and stream.close(index + 1) else None
    unit = near.get("currency") if near is not None else None
    further = near.get("scale") or (unit.factor if unit is not None else None) if near is not None else None
    return further is not None and further > tally.last_scale and tally.last_scale == 1000.0


def _vague(stream: Stream, first: int) -> Quantity | None:
    """A sum with no number in it: "tens of billions", 数百億, "several hundred million"."""
    index, scaled = first + 1, False
    while (token := stream.at(index)) is not None and stream.close(index) and index - first < MAX_TOKENS:
        if token.get("scale") is not None:
            scaled = True
        elif not (token.get("glue") or token.get("vague") or token.get("plus") or token.get("multiples") is not None):
            break
        index += 1
    while index - 1 > first and stream.tokens[index - 1].get("glue") and stream.tokens[index - 1].get("scale") is None:
        index -= 1
    own = stream.tokens[first].get("scale") is not None
    return Quantity(first, index - 1, 0.0, 1.0, vague=True) if scaled or own else None
