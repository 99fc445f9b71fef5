"""A quantity with the currency before or behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.money.lexicon import Currency
from models.money.quantity import Quantity, read_quantity
from models.money.tokens import Stream


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


def read_side(stream: Stream, index: int) -> Side | None:
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
