"""Sums that leave their currency, or even their scale, to the reader: "14,75 Mrd. für Wisconsin", "por 7.000"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from models.facts import Amount, Qualifier
from models.money.digits import tidy
from models.money.quantity import Quantity
from models.money.tokens import Stream

_NEXT = re.compile(r"[ ]?([^\W\d_]+)(?: ([^\W\d_]+))?")
_NEAR = 400
_FAR = 4000
_CLAUSE_END = re.compile(r"[,;:.!?]\s|[，。、；：！？\n]")
_STOPS = frozenset(",.;:!?)]»\"'\n—–、，。；：！？）」』…・")


@dataclass(frozen=True, slots=True)
class Bare:
    """A quantity with no currency beside it, from token ``first`` to ``last`` with its qualifiers."""

    start: int
    end: int
    first: int
    last: int
    quantity: Quantity
    high: float | None
    qualifier: str | None


@cache
def _cues(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words) or "(?!)")


def resolve_bare(stream: Stream, text: str, bare: list[Bare], known: list[Amount], home: str) -> list[Amount]:
    """The bare quantities that are money: those that count nothing else, near a full sum or a word about paying.

    Their currency is that of the nearest sum of ``known``, else ``home``.
    """
    rules = stream.lex.table.get("bare", {})
    if not rules or not bare:
        return []
    found: list[Amount] = []
    stated = [amount for amount in known if amount.currency is not None]
    position, millions = 0, -_FAR
    for item in bare:
        while position < len(stated) and stated[position].start < item.start:
            position += 1
        if item.quantity.vague:
            continue
        if item.quantity.scale >= rules.get("least", 1e6):
            scale = 1.0
            if not _counts_nothing_else(stream, item, rules) or not _near_money(stream, item, stated, position, rules):
                continue
            millions = item.end
        elif _is_elided(stream, item, rules, max(millions, stated[position - 1].end if position else -10_000)):
            scale = float(rules["elided_scale"])
        else:
            continue
        found.append(_amount(text, item, scale, _currency(item, stated, position, home)))
    return found


def _currency(item: Bare, stated: list[Amount], position: int, home: str) -> str | None:
    before, after = stated[position - 1 : position] if position else [], stated[position : position + 1]
    if before and item.start - before[0].end < _FAR:
        return before[0].currency
    return after[0].currency if after and after[0].start - item.end < _FAR else home


def _amount(text: str, item: Bare, scale: float, currency: str | None) -> Amount:
    qualifiers: dict[str, Qualifier] = {"about": "about", "over": "over", "under": "under", "up_to": "up_to"}
    name: Qualifier = "range" if item.high is not None else qualifiers.get(item.qualifier or "", "exact")
    value = tidy(item.quantity.value * scale)
    high = None if item.high is None else tidy(item.high * scale)
    return Amount(text[item.start : item.end], item.start, item.end, value, currency, name, high)


def _clause(stream: Stream, item: Bare) -> str:
    """The clause around a quantity, in lower case, at most 80 characters either way."""
    before = _CLAUSE_END.split(stream.folded[max(0, item.start - 80) : item.start])[-1]
    after = _CLAUSE_END.split(stream.folded[item.end : item.end + 80])[0]
    return before + after


def _near_money(stream: Stream, item: Bare, stated: list[Amount], position: int, rules: dict[str, object]) -> bool:
    vetoes = rules.get("vetoes", [])
    window = _clause(stream, item)
    if isinstance(vetoes, list) and any(str(word) in window for word in vetoes):
        return False
    if position and item.start - stated[position - 1].end < _NEAR:
        return True
    if rules.get("assume_money"):
        return True
    if rules.get("needs_sum_before"):
        return False
    if position < len(stated) and stated[position].start - item.end < _NEAR // 2:
        return True
    cues = rules.get("cues", [])
    words = tuple(str(cue).lower() for cue in cues) if isinstance(cues, list) else ()
    window = stream.folded[max(0, item.start - 160) : item.end + 100]
    return _cues(words).search(window) is not None


def _counts_nothing_else(stream: Stream, item: Bare, rules: dict[str, object]) -> bool:
    """Whether what follows the number is no counted thing: "60 Millionen legen" but not "60 Millionen Nutzer"."""
    following = stream.plain[item.end : item.end + 1]
    if following in {"", *_STOPS}:
        return not stream.plain[item.end + 1 : item.end + 2].isdigit() or following not in ".,:"
    if rules.get("only_before_stops") or following != " ":
        return False
    match = _NEXT.match(stream.plain, item.end)
    if match is None:
        return stream.plain[item.end + 1 : item.end + 2] in {"(", "–", "—", "-", "«", '"'}
    word, second = match.group(1), match.group(2) or ""
    return _word_is_no_noun(word, second, stream, match.end(1), rules)


def _word_is_no_noun(word: str, second: str, stream: Stream, at: int, rules: dict[str, object]) -> bool:
    lowered = word.lower()
    functions, nouns, counters = (_set(rules, name) for name in ("function_words", "nouns", "counters"))
    if lowered in counters:
        return False
    linked = lowered in _set(rules, "of") or (len(lowered) == 1 and stream.plain[at : at + 1] == "'")
    if linked:
        target = second.lower() or re.sub(r"[\W\d_].*", "", stream.folded[at + 1 : at + 25])
        return target in nouns
    if rules.get("nouns_need_of"):
        return True
    if lowered in functions or lowered in nouns:
        return True
    endings = rules.get("adjective_endings", [])
    adjective = isinstance(endings, list) and lowered.endswith(tuple(map(str, endings)))
    open_class = bool(rules.get("lower_case_is_no_noun")) and word[0].islower()
    return open_class and not (adjective and second[:1].isupper())


def _set(rules: dict[str, object], name: str) -> frozenset[str]:
    words = rules.get(name, [])
    return frozenset(map(str, words)) if isinstance(words, list) else frozenset()


def _is_elided(stream: Stream, item: Bare, rules: dict[str, object], last_scaled: int) -> bool:
    """Spanish papers drop "millones" too: "comprada en 2019 por 7.000 y"."""
    if not rules.get("elided_scale") or not item.quantity.grouped or item.start - last_scaled > _NEAR:
        return False
    before = re.search(r"([^\W\d_]+) $", stream.folded[max(0, item.start - 20) : item.start])
    led = item.qualifier is not None or (before is not None and before.group(1) in _set(rules, "elided_after"))
    match = _NEXT.match(stream.plain, item.end)
    following = stream.plain[item.end : item.end + 1]
    free = following in {"", *_STOPS} or (match is not None and match.group(1).lower() in _set(rules, "elided_before"))
    return led and free
