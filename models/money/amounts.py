"""Sums of money: a quantity with its currency, its range and its qualifier."""

from __future__ import annotations

from dataclasses import replace

from models.facts import Amount, Qualifier
from models.money.cents import with_cents, with_half
from models.money.conversions import mark_conversions
from models.money.countries import Countries
from models.money.digits import tidy
from models.money.elided import Bare, resolve_bare
from models.money.lexicon import Currency, lexicon
from models.money.sides import Side, read_side
from models.money.tokens import Stream, Token, read_tokens

_MOST = 1e18  # more than there is of any currency


def find_amounts(text: str, lang: str) -> list[Amount]:
    """Every sum of money in ``text``, in order.

    Values are in plain units of the currency; offsets count code points of ``text``; a vague sum has the value None.
    ``lang`` is an ISO 639-1 code; a language with no file is read as English. Roles are "other", or "conversion" for a
    sum that restates the one before it in another currency.
    """
    lex = lexicon(lang)
    countries = Countries(lex, text)
    stream = read_tokens(text, lex, countries.decimal)
    amounts: list[Amount] = []
    bare: list[Bare] = []
    index = 0
    while index < len(stream.tokens):
        side = read_side(stream, index)
        if side is None:
            index += 1
            continue
        index = _take(stream, text, side, countries, amounts, bare)
    stated = mark_conversions(stream, amounts)
    plain = [amount for amount in stated if amount.role != "conversion"]
    return sorted(
        [*stated, *resolve_bare(stream, text, bare, plain, countries.resolve(str(lex.table["currency"])))],
        key=lambda amount: amount.start,
    )


def _take(stream: Stream, text: str, side: Side, countries: Countries, amounts: list[Amount], bare: list[Bare]) -> int:
    """Record what starts at ``side``; returns the index of the next token to look at."""
    other, opened = _range_end(stream, side)
    parts = [side] if other is None else [side, other]
    currency = next((part.currency for part in reversed(parts) if part.currency), None)
    if other is not None and side.currency is not None and other.currency is not None:
        currency = side.currency if other.currency.code == "sign" else other.currency
    low = side if other is None else replace(side, quantity=replace(side.quantity, value=side.scaled_by(other)))
    high = None if other is None else other.scaled_by(side)
    if other is not None and (high is None or high <= low.quantity.value):
        other, high, opened = None, None, False
        low, currency = side, side.currency
    last = side.last if other is None else other.last
    start, end, qualifier, last = _qualify(stream, side, last, amounts[-1].end if amounts else 0)
    if currency is None:
        scale = low.quantity.scale or (other.quantity.scale if other is not None else 0.0)
        bare.append(Bare(start, end, side.first, last, replace(low.quantity, scale=scale), high, qualifier))
        return last + 1
    code = countries.resolve(currency.code)
    if max(low.quantity.value, high or 0.0) > _MOST:
        return last + 1
    if side.quantity.vague:
        amounts.append(Amount(text[start:end], start, end, None, code))
        return last + 1
    factor = currency.factor
    value, extra = tidy(low.quantity.value * factor), 0
    if other is None:
        value, extra, end = with_cents(stream, value, last, end, code, countries)
        value, end = with_half(stream, value, low.quantity.scale, end)
    if other is not None and not opened:  # "from 100 to 250 million": two sums
        split = stream.tokens[side.last].end
        amounts.append(Amount(text[start:split], start, split, value, code, _name(qualifier)))
        start = stream.tokens[other.first].start
        amounts.append(Amount(text[start:end], start, end, tidy((high or 0.0) * factor), code))
        return last + 1
    name: Qualifier = "range" if high is not None else _name(qualifier)
    top = None if high is None else tidy(high * factor)
    amounts.append(Amount(text[start:end], start, end, value, code, name, top))
    return last + 1 + extra


def _name(qualifier: str | None) -> Qualifier:
    known: dict[str, Qualifier] = {"about": "about", "over": "over", "under": "under", "up_to": "up_to"}
    return known.get(qualifier or "", "exact")


def _range_end(stream: Stream, side: Side) -> tuple[Side | None, bool]:
    """The upper end of a range that ``side`` opens, and whether the two are one range rather than two sums."""
    joint = stream.at(side.last + 1)
    if side.quantity.vague:
        return None, False
    if joint is None or not stream.close(side.last + 1) or not stream.close(side.last + 2):
        return None, False
    opener = _opener(stream, side.first)
    tight = joint.get("to") is not None
    if not tight and not (joint.get("and") and opener == "between"):
        return None, False
    other = read_side(stream, side.last + 2)
    if other is None or other.quantity.vague:
        return None, False
    if side.currency is None and other.currency is None and not (side.quantity.scale or other.quantity.scale):
        return None, False
    if side.currency and other.currency and not _alike(side.currency, other.currency):
        return None, False
    worded = joint.text[:1].isalpha()
    if worded and side.currency and other.currency is None and not other.quantity.scale:
        return None, False  # "1,840 millones de pesos hasta 2029"
    return other, not (opener == "from" and worded and side.currency is not None)


def _alike(one: Currency, two: Currency) -> bool:
    return one.code == two.code or "sign" in {one.code, two.code}


def _opener(stream: Stream, first: int) -> str | None:
    """The word that opens a range before token ``first``: "between", or "from" where it tells a change."""
    for index in (first - 1, first - 2):
        token = stream.at(index)
        if token is None or not stream.close(index + 1):
            return None
        if token.get("between"):
            return "between"
        if token.get("change"):
            return "from"
        if not (token.get("articles") or token.get("before") or token.get("glue")):
            return None
    return None


def _qualify(stream: Stream, side: Side, last: int, floor: int) -> tuple[int, int, str | None, int]:
    """Start and end of the sum with its qualifiers, the qualifier's name, and the last token taken."""
    first, qualifier = side.first, side.quantity.qualifier
    index = first - 1
    while (token := stream.at(index)) is not None and stream.close(index + 1) and token.start >= floor:
        if token.get("plain_after_noun") and _follows_noun(stream, token):
            break
        if token.get("before") is not None or token.get("between"):
            first, qualifier = index, _stronger(qualifier, token.get("before"))
        elif not (token.get("articles") or token.get("glue") or token.get("convert")) or first - index > 2:
            break
        index -= 1
    end = stream.tokens[last].end
    token = stream.at(last + 1)
    if token is not None and stream.close(last + 1) and token.get("after") is not None:
        last, end = last + 1, token.end
        qualifier = token.get("after") if qualifier in {None, "about"} else qualifier
    return stream.tokens[first].start, end, qualifier, last


def _stronger(near: str | None, far: str | None) -> str | None:
    """Of two qualifiers the nearer counts, but a limit outdoes an estimate ("up to about")."""
    return far if near is None or (near == "about" and far in {"up_to", "under"}) else near


def _follows_noun(stream: Stream, token: Token) -> bool:
    """Whether a capitalised word stands before (German nouns), so that "über" states no limit."""
    before = stream.plain[max(0, token.start - 40) : token.start].split()
    return bool(before) and before[-1][:1].isupper()
