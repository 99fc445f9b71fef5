"""Language-neutral features of mentions, pairs, amounts and sentences, as strings for a linear model.

The words are gone by the time a feature is made: what remains is which class of cue stands on which side, the particle
or preposition that touches a name, the kind of company, the order of names. So one model serves all languages, and
each language lends the others its examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from models.cues import Cue
from models.data_files import table
from models.deals.context import Context, Mention
from models.normal import is_cjk

_WORD_BEFORE = re.compile(r"([\w'/-]+|[^\w\s])\s*$")
_WORD_AFTER = re.compile(r"\s*(\w+(?:'\w+)?|'s|[^\w\s])")


@cache
def _markers(lang: str, side: str) -> tuple[str, ...]:
    words = table(lang, "deals")["markers"][side]
    return tuple(sorted((word.lower() for word in words), key=len, reverse=True))


def marker_before(context: Context, start: int) -> str:
    """The word or particle right before ``start`` if the language file lists it, else ``""``."""
    window = context.text[max(0, start - 16) : start].lower()
    stripped = window.rstrip(" \"'「『“‘(")
    if not stripped:
        return "^"
    return _listed(stripped, context.lang, "before") or ("(" if window.rstrip().endswith("(") else "")


def _listed(window: str, lang: str, side: str) -> str:
    for marker in _markers(lang, side):
        if side == "before" and window.endswith(marker):
            edge = len(window) - len(marker) - 1
            if edge < 0 or is_cjk(marker[0]) or not (window[edge].isalnum() and marker[0].isalnum()):
                return marker
        elif side == "after" and window.startswith(marker):
            edge = len(marker)
            if edge >= len(window) or is_cjk(marker[-1]) or not (window[edge].isalnum() and marker[-1].isalnum()):
                return marker
    return ""


def marker_after(context: Context, end: int) -> str:
    """The word or particle right after ``end`` if the language file lists it, else ``""``."""
    window = context.text[end : end + 16].lower().lstrip(" \"'」』”’)")
    return _listed(window, context.lang, "after")


def _distance(context: Context, left: int, right: int) -> str:
    size = max(0, right - left)
    step = 4 if context.lang in ("ja", "zh") else 8
    return "0" if size <= step else "1" if size <= 3 * step else "2" if size <= 8 * step else "3"


def groups_beside(context: Context, number: int) -> Iterator[tuple[str, str]]:
    """Cue groups of the sentences before (``prev``) and after (``next``) one, those of status left out."""
    for offset, name in ((-1, "prev"), (1, "next")):
        if 0 <= number + offset < len(context.sentences):
            for group in groups_of(context.cues[number + offset]) - STATUS_GROUPS:
                yield name, group


def groups_of(cues: list[Cue]) -> set[str]:
    return {cue.group for cue in cues}


def nearest(cues: list[Cue], start: int, end: int, banned: frozenset[str]) -> tuple[list[str], list[str]]:
    """Groups of the nearest cues on the left and on the right, three of each, nearest first."""
    left = [c.group for c in sorted((c for c in cues if c.end <= start), key=lambda c: start - c.end)]
    right = [c.group for c in sorted((c for c in cues if c.start >= end), key=lambda c: c.start - end)]

    def first(groups: list[str]) -> list[str]:
        seen: list[str] = []
        for group in groups:
            if group not in seen and group not in banned:
                seen.append(group)
            if len(seen) == 3:
                break
        return seen

    return first(left), first(right)


STATUS_GROUPS = frozenset(
    [
        "talks",
        "planned",
        "signed",
        "completed",
        "ended",
        "denied",
        "conditional",
        "vague",
        "official",
        "anonymous",
        "outlet",
    ]
)


def mention_features(context: Context, mention: Mention) -> Iterator[str]:
    """Features of one mention in its sentence. Strings; order carries no meaning."""
    number = mention.sentence
    cues = context.cues[number]
    sentence = context.sentences[number]
    others = [context.mentions[i] for i in context.by_sentence[number] if context.mentions[i].id != mention.id]
    distinct = len({o.id for o in others})
    before, after = marker_before(context, mention.start), marker_after(context, mention.end)
    mb, ma = f"{context.lang}:{before}", f"{context.lang}:{after}"
    left, right = nearest(cues, mention.start, mention.end, STATUS_GROUPS)
    order = min(mention.order, 3)
    base = [
        "bias",
        f"f={mention.function}",
        f"f={mention.function}|ord={order}",
        f"kind={mention.kind}",
        f"mb={mb}",
        f"ma={ma}",
        f"mb={mb}|ma={ma}",
        f"ord={order}",
        f"n={min(distinct, 4)}",
        f"ord={order}|n={min(distinct, 4)}",
        f"title={sentence.title}",
        f"lang={context.lang}",
        f"amt={min(len(context.amounts[number]), 2)}",
        f"chip={bool(context.chips[number])}",
        f"kind={mention.kind}|ord={order}",
    ]
    yield from base
    yield from _cue_crosses(left, right, mention, mb, ma, order)
    for group in groups_of(cues):
        yield f"has={group}"
        yield f"has={group}|kind={mention.kind}"
        yield f"has={group}|ord={order}"
        yield f"has={group}|f={mention.function}"
        yield f"has={group}|ma={ma}"
        yield f"has={group}|mb={mb}"
    for kind in {o.kind for o in others}:
        yield f"okind={kind}"
        yield f"okind={kind}|kind={mention.kind}"
    for name, group in groups_beside(context, number):
        yield f"{name}={group}"
    if any(mention.end <= c.start <= mention.end + 12 for c in context.chips[number]):
        yield "chipnext"
    if any(c.start <= mention.start < c.end for c in context.chips[number]):
        yield "inchip"


def _cue_crosses(left: list[str], right: list[str], mention: Mention, mb: str, ma: str, order: int) -> Iterator[str]:
    for rank, group in enumerate(left):
        yield f"L{rank}={group}"
        yield f"L={group}|mb={mb}"
        yield f"L={group}|f={mention.function}"
        yield f"L{rank}={group}|f={mention.function}"
        yield f"L={group}|kind={mention.kind}"
        if rank == 0:
            yield f"L0={group}|ma={ma}"
            yield f"L0={group}|ord={order}"
    for rank, group in enumerate(right):
        yield f"R{rank}={group}"
        yield f"R={group}|ma={ma}"
        yield f"R={group}|f={mention.function}"
        yield f"R{rank}={group}|f={mention.function}"
        yield f"R={group}|kind={mention.kind}"
        if rank == 0:
            yield f"R0={group}|mb={mb}"
            yield f"R0={group}|ord={order}"
    if left and right:
        yield f"L0={left[0]}|R0={right[0]}"


def pair_features(context: Context, one: Mention, two: Mention) -> Iterator[str]:
    """Features of two mentions, ``one`` standing first; they share a sentence or stand in sentences close by."""
    apart = two.sentence - one.sentence
    left_cues, right_cues = context.cues[one.sentence], context.cues[two.sentence]
    pool = left_cues if apart == 0 else [*left_cues, *right_cues]
    b1, a1 = marker_before(context, one.start), marker_after(context, one.end)
    b2, a2 = marker_before(context, two.start), marker_after(context, two.end)
    lang = context.lang
    between = [c for c in pool if one.end <= c.start and c.end <= two.start]
    outside_left = [c for c in pool if c.end <= one.start]
    outside_right = [c for c in pool if c.start >= two.end]
    kinds = f"{one.kind}>{two.kind}"
    gap = context.text[one.end : two.start]
    middle = {m.id for m in context.mentions if one.end <= m.start and m.end <= two.start} - {one.id, two.id}
    listed = apart == 0 and not groups_of(between) and len(gap) < 12
    f1, f2 = one.function, two.function
    ff = f"{f1}>{f2}"
    base = [
        "bias",
        f"ff={ff}",
        f"f1={f1}",
        f"f2={f2}",
        f"ff={ff}|kinds={kinds}",
        f"apart={apart}",
        f"kinds={kinds}",
        f"mid={min(len(middle), 3)}",
        f"lang={lang}",
        f"a1={lang}:{a1}",
        f"b1={lang}:{b1}",
        f"a2={lang}:{a2}",
        f"b2={lang}:{b2}",
        f"a1={lang}:{a1}|a2={lang}:{a2}",
        f"b1={lang}:{b1}|b2={lang}:{b2}",
        f"a1={lang}:{a1}|b2={lang}:{b2}",
        f"dist={_distance(context, one.end, two.start)}",
        f"listed={listed}",
        f"ords={min(one.order, 3)}{min(two.order, 3)}",
        f"apart={apart}|mid={min(len(middle), 3)}",
        f"title={context.sentences[one.sentence].title}",
        f"k1={one.kind}",
        f"k2={two.kind}",
        f"amt={any(context.amounts[s] for s in range(one.sentence, two.sentence + 1))}",
        f"chip={any(context.chips[s] for s in range(one.sentence, two.sentence + 1))}",
        f"known={one.kind != 'unknown'}{two.kind != 'unknown'}",
    ]
    for name in base:
        yield "p:" + name
    for name, mention in (("v1", one), ("v2", two)):
        if any(mention.start <= c.end and c.start <= mention.end + 12 for c in context.chips[mention.sentence]):
            yield f"p:{name}"
            for group in groups_of(pool):
                yield f"p:{name}|{group}"
    for name, cues in (("in", between), ("out<", outside_left), ("out>", outside_right)):
        for group in groups_of(cues):
            yield f"p:{name}={group}"
            yield f"p:{name}={group}|kinds={kinds}"
            yield f"p:{name}={group}|k1={one.kind}"
            yield f"p:{name}={group}|k2={two.kind}"
            yield f"p:{name}={group}|a1={lang}:{a1}"
            yield f"p:{name}={group}|a2={lang}:{a2}"
            yield f"p:{name}={group}|b2={lang}:{b2}"
            yield f"p:{name}={group}|b1={lang}:{b1}"
            yield f"p:{name}={group}|a1={lang}:{a1}|a2={lang}:{a2}"
            yield f"p:{name}={group}|ff={ff}"
            yield f"p:{name}={group}|f1={f1}"
            yield f"p:{name}={group}|f2={f2}"
            yield f"p:{name}={group}|ff={ff}|mid={min(len(middle), 2)}"
            yield f"p:{name}={group}|listed={listed}"
            yield f"p:{name}={group}|apart={apart}"
            yield f"p:{name}={group}|lang={lang}"
            yield f"p:{name}={group}|mid={min(len(middle), 2)}"
    yield from _frames(context, one, two, between, outside_left, outside_right, ff)
    content_cues = [c for c in pool if c.group not in STATUS_GROUPS]
    for name, cues in (("in", between), ("out>", outside_right), ("out<", outside_left)):
        ordered = [c for c in cues if c.group not in STATUS_GROUPS]
        if ordered:
            closest = ordered[0] if name != "out<" else ordered[-1]
            yield f"p:near{name}={closest.group}"
            yield f"p:near{name}={closest.group}|ff={ff}"
            yield f"p:near{name}={closest.group}|f2={f2}"
            yield f"p:near{name}={closest.group}|kinds={kinds}"
            yield f"p:near{name}={closest.group}|a2={lang}:{a2}"
            yield f"p:near{name}={closest.group}|b2={lang}:{b2}"
            yield f"p:near{name}={closest.group}|a1={lang}:{a1}"
    groups = sorted(groups_of(content_cues))
    for i, group in enumerate(groups):
        for other in groups[i + 1 :]:
            yield f"p:both={group}+{other}"
            yield f"p:both={group}+{other}|ff={ff}"


def _frames(
    context: Context, one: Mention, two: Mention, between: list[Cue], left: list[Cue], right: list[Cue], ff: str
) -> Iterator[str]:
    """Which cue the pair could be the arguments of: how many other names and cues stand between it and each of them."""
    others = [
        m for m in context.mentions if m.sentence in (one.sentence, two.sentence) and m.id not in (one.id, two.id)
    ]

    def names(start: int, end: int) -> int:
        return min(2, sum(start <= m.start and m.end <= end for m in others))

    for cue in between:
        if cue.group not in STATUS_GROUPS:
            shape = f"{names(one.end, cue.start)}{names(cue.end, two.start)}"
            yield f"p:fr-in={cue.group}|{shape}"
            yield f"p:fr-in={cue.group}|{shape}|{ff}"
    content = [c for c in right if c.group not in STATUS_GROUPS]
    starts = sorted({c.start for c in content})
    for cue in content:
        shape = f"{names(two.end, cue.start)}{min(2, starts.index(cue.start))}"
        yield f"p:fr-right={cue.group}|{shape}"
        yield f"p:fr-right={cue.group}|{shape}|{ff}"
    content = [c for c in left if c.group not in STATUS_GROUPS]
    starts = sorted({c.start for c in content}, reverse=True)
    for cue in content:
        shape = f"{names(cue.end, one.start)}{min(2, starts.index(cue.start))}"
        yield f"p:fr-left={cue.group}|{shape}"
        yield f"p:fr-left={cue.group}|{shape}|{ff}"
