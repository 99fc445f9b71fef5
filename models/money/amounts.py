"""Sums of money: a quantity with its currency, its range and its qualifier."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.facts import Amount, Qualifier
from models.money.countries import Countries
from models.money.digits import tidy
from models.money.elided import Bare, resolve_bare
from models.money.conversions import mark_conversions
from models.money.lexicon import Currency, lexicon
from models.money.quantity import Quantity, read_quantity
from models.money.tokens import Stream, read_tokens


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a range, or the whole sum: a quantity and the currency that stands with it."""

    quantity: Quantity
    currency: Currency | None
    first: int
    last: int

    def scaled_by(self, other: Side) -> float:
        """Its value, taking the scale of the other side where only that one states it ("$25-30 billion")."""
        scale = other.quantity.scale if self.quantity.scale == 0.0 else 1.0
        return self.quantity.value * (scale or 1.0)


def find_amounts(text: str, lang: str) -> list[Amount]:
    """Every sum of money in ``text``, in order.

    Values are in plain units of the currency; offsets count code points of ``text``; a vague sum has the value None. ``lang`` is
    an ISO 639-1 code; a language with no file is read as English. Roles are "other", or "conversion" for a sum that restates
    the one before it in another currency.
    """
    lex = lexicon(lang)
    countries = Countries(lex, text)
    stream = read_tokens(text, lex, countries.decimal)
    amounts: list[Amount] = []
    bare: list[Bare] = []
    index = 0
    while index < len(stream.tokens):
        side = _side(stream, index)
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
    start, end, qualifier, last = _qualify(stream, side, last)
    if currency is None:
        scale = low.quantity.scale or (other.quantity.scale if other is not None else 0.0)
        bare.append(Bare(start, end, side.first, last, replace(low.quantity, scale=scale), high, qualifier))
        return last + 1
    code = countries.resolve(currency.code)
    if side.quantity.vague:
        amounts.append(Amount(text[start:end], start, end, None, code))
        return last + 1
    factor = currency.factor
    value, extra = tidy(low.quantity.value * factor), 0
    if other is None:
        value, extra, end = _with_cents(stream, value, last, end, code, countries)
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


def _side(stream: Stream, index: int) -> Side | None:
    """A quantity at ``index`` with the currency before or behind it; None where no quantity starts here."""
    before, number_at = _prefix(stream, index)
    quantity = read_quantity(stream, number_at)
    if quantity is None:
        return None
    after, last = _suffix(stream, quantity, has_prefix=before is not None)
    late = stream.at(last + 1)
    if after is not None and not quantity.scale and late is not None and stream.close(last + 1):
        factor = late.get("scale")
        if factor is not None and factor >= 1e6:  # "75 USD million"
            quantity, last = replace(quantity, value=quantity.value * factor, scale=factor), last + 1
    currency = after if before is None or (after is not None and before.code in {"sign", "bracketed"}) else before
    return Side(quantity, currency, index, last)


def _prefix(stream: Stream, index: int) -> tuple[Currency | None, int]:
    """The currency that leads a number, and where the number starts ("US$ 5bn", 人民币 90亿)."""
    token = stream.at(index)
    found: Currency | None = token.get("currency") if token is not None else None
    if found is None or not found.prefix or not stream.close(index + 1):
        return None, index
    following = stream.at(index + 1)
    if following is not None and (second := following.get("currency")) is not None and stream.close(index + 2):
        return (found if second.code == "sign" else second), index + 2  # "mxn$ 15", "人民元八千元"
    return found, index + 1


def _suffix(stream: Stream, quantity: Quantity, *, has_prefix: bool) -> tuple[Currency | None, int]:
    """The currency behind a quantity and the last token it takes ("38 milliards de dollars", 3800亿元人民币)."""
    index = quantity.last + 1
    token = stream.at(index)
    if token is not None and token.get("plus") and stream.close(index):
        index += 1
        token = stream.at(index)
    if token is not None and token.get("glue") and token.get("currency") is None and stream.close(index):
        index += 1
        token = stream.at(index)
    found: Currency | None = token.get("currency") if token is not None and stream.close(index) else None
    if found is None or _leads_next(stream, quantity, index, has_prefix=has_prefix):
        return None, quantity.last
    further = stream.at(index + 1)
    second: Currency | None = further.get("currency") if further is not None else None
    if second is not None and stream.close(index + 1) and not _number_follows(stream, index + 2):
        general = found.code in {"sign", "dollar", "yuan"} or found.code == second.code
        return (replace(second, factor=found.factor) if general else found), index + 1 if general else index
    return found, index


def _number_follows(stream: Stream, index: int) -> bool:
    token = stream.at(index)
    return token is not None and token.number is not None and stream.close(index)


def _leads_next(stream: Stream, quantity: Quantity, index: int, *, has_prefix: bool) -> bool:
    """Whether the currency at ``index`` belongs to the number behind it ("in 2024 $5 billion", "1 $10")."""
    token = stream.tokens[index]
    if not token.get("currency").prefix or not _number_follows(stream, index + 1):
        return False
    touches_next, touches_this = stream.gap(index + 1) == "", stream.gap(index) == ""
    if has_prefix:
        return True
    return (touches_next and not touches_this) or (
        quantity.scale == 0.0 and not touches_this and not touches_next and _plain_year(stream, quantity)
    )


def _plain_year(stream: Stream, quantity: Quantity) -> bool:
    text = stream.tokens[quantity.last].text
    return len(text) == 4 and text.startswith(("19", "20"))


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
    other = _side(stream, side.last + 2)
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


def _qualify(stream: Stream, side: Side, last: int) -> tuple[int, int, str | None, int]:
    """Start and end of the sum with its qualifiers, the qualifier's name, and the last token taken."""
    first, qualifier = side.first, side.quantity.qualifier
    index = first - 1
    while (token := stream.at(index)) is not None and stream.close(index + 1):
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


def _with_cents(
    stream: Stream, value: float, last: int, end: int, code: str, countries: Countries
) -> tuple[float, int, int]:
    """Add the cents that follow: "13 dollars and 45 cents", 50元6角. Returns value, tokens taken, end."""
    taken = 0
    while True:
        index = last + taken + 1
        token = stream.at(index)
        if token is not None and (token.get("and") or token.get("glue")) and stream.close(index):
            index += 1
        if index > last + 1 + taken and not stream.close(index) or stream.gap(index) not in {"", " "}:
            return value, taken, end
        quantity = read_quantity(stream, index)
        unit = stream.at(quantity.last + 1) if quantity is not None else None
        if quantity is None or unit is None or not stream.close(quantity.last + 1) or quantity.scale:
            return value, taken, end
        cents: Currency | None = unit.get("tail") or unit.get("currency")
        if cents is None or cents.factor >= 1 or countries.resolve(cents.code) != code and cents.code != "cent":
            return value, taken, end
        value, end = tidy(value + quantity.value * cents.factor), unit.end
        taken = quantity.last + 1 - last
