"""Conversions: sums that restate the one beside them in another currency."""

from __future__ import annotations

import re
from dataclasses import replace

from models.facts import Amount
from models.money.tokens import Stream

_OPENS_BRACKET = re.compile(r"[(\[]\s?$")
_REACH = 40


def mark_conversions(stream: Stream, amounts: list[Amount]) -> list[Amount]:
    """``amounts`` with role and ``converted_from`` set where one restates its neighbour."""
    signals = [token for token in stream.tokens if token.get("convert")]
    marked: list[Amount] = []
    position = 0
    for index, amount in enumerate(amounts):
        while position < len(signals) and signals[position].end <= amount.start - _REACH:
            position += 1
        cue = (
            position < len(signals)
            and signals[position].start < amount.end
            and _leads(stream, signals[position].end, amount)
        )
        before = _stated(marked)
        if before is not None and before.currency != amount.currency and _restates(stream, before, amount, cue=cue):
            marked.append(replace(amount, role="conversion", converted_from=(before.start, before.end)))
        elif cue and _is_strong(stream, amount):
            after = amounts[index + 1] if index + 1 < len(amounts) else None
            near = after is not None and after.currency != amount.currency and after.start - amount.end < 60
            origin = (after.start, after.end) if near and after is not None else None
            marked.append(replace(amount, role="conversion", converted_from=origin))
        else:
            marked.append(amount)
    return marked


def _stated(marked: list[Amount]) -> Amount | None:
    return next((amount for amount in reversed(marked[-3:]) if amount.role != "conversion"), None)


def _leads(stream: Stream, cue_end: int, amount: Amount) -> bool:
    between = stream.plain[cue_end : amount.start]
    return cue_end >= amount.start or (len(between) <= 12 and not re.search(r"[.;。；]", between))


def _restates(stream: Stream, before: Amount, amount: Amount, *, cue: bool) -> bool:
    between = stream.plain[before.end : amount.start]
    if len(between) > _REACH or "\n" in between:
        return False
    if _OPENS_BRACKET.search(between) and len(between) <= 12:
        return True
    inside = re.fullmatch(r"[^()]{0,12}\([^()]{0,16}", between) is not None
    return (cue and not re.search(r"[.;。；]\s", between)) or (inside and cue)


def _is_strong(stream: Stream, amount: Amount) -> bool:
    """Whether the words right before the sum can only announce a conversion ("umgerechnet 86 Millionen Euro")."""
    strong = stream.lex.table.get("convert_always", [])
    window = stream.folded[max(0, amount.start - 24) : amount.end]
    return any(str(word) in window for word in strong)
