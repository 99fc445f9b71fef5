"""Features of statements, for the status of a deal, and of sums of money, for what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from models.deals.context import Context
from models.deals.features import STATUS_GROUPS, groups_beside, groups_of, marker_after, marker_before, nearest
from models.facts import Amount

NEAR = 40  # code points around a sum in which a cue is close


def sentence_features(context: Context, number: int, focus: int) -> Iterator[str]:
    """Features for the status of what a sentence says at ``focus`` (an offset near the deal's cue)."""
    cues = context.cues[number]
    for cue in cues:
        side = "<" if cue.end <= focus else ">"
        yield f"s:has={cue.group}"
        yield f"s:has={cue.group}{side}"
        yield f"s:w={context.lang}:{context.text[cue.start : cue.end].lower()}" if cue.group in STATUS_GROUPS else "s:x"
    groups = sorted(groups_of(cues) & STATUS_GROUPS)
    for i, group in enumerate(groups):
        for other in groups[i + 1 :]:
            yield f"s:both={group}+{other}"
    for offset in (-1, 1):
        if 0 <= number + offset < len(context.sentences):
            for group in groups_of(context.cues[number + offset]) & STATUS_GROUPS:
                yield f"s:near{offset}={group}"
    yield f"s:title={context.sentences[number].title}"
    yield f"s:lang={context.lang}"
    yield "s:bias"


def amount_features(context: Context, amount: Amount) -> Iterator[str]:
    """Features of one sum of money for its role."""
    number = context.sentence_at(amount.start)
    cues = context.cues[number]
    lang = context.lang
    left, right = nearest(cues, amount.start, amount.end, STATUS_GROUPS)
    before, after = marker_before(context, amount.start), marker_after(context, amount.end)
    yield "a:bias"
    yield f"a:lang={lang}"
    yield f"a:mb={lang}:{before}"
    yield f"a:ma={lang}:{after}"
    yield f"a:q={amount.qualifier}"
    yield f"a:cur={amount.currency}"
    value = amount.value or 0.0
    size = next(
        (name for limit, name in ((1e3, "tiny"), (1e7, "small"), (1e9, "mid"), (3e10, "big")) if value < limit), "huge"
    )
    yield f"a:size={size}"
    yield f"a:converted={amount.converted_from is not None or amount.role == 'conversion'}"
    others = context.amounts[number]
    rank = sum(other.start < amount.start for other in others)
    yield f"a:rank={min(rank, 3)}|n={min(len(others), 4)}"
    for rank_, group in enumerate(left):
        yield f"a:L{rank_}={group}"
        yield f"a:L={group}"
    for rank_, group in enumerate(right):
        yield f"a:R{rank_}={group}"
        yield f"a:R={group}"
    if left and right:
        yield f"a:L0={left[0]}|R0={right[0]}"
    close = [c for c in cues if c.end > amount.start - NEAR and c.start < amount.end + NEAR]
    for cue in close:
        side = "<" if cue.end <= amount.start else ">"
        gap = amount.start - cue.end if side == "<" else cue.start - amount.end
        step = "0" if gap <= 3 else "1" if gap <= 12 else "2"
        yield f"a:near={cue.group}{side}{step}"
        yield f"a:near={cue.group}{side}|size={size}"
    for group in groups_of(cues):
        yield f"a:has={group}"
        yield f"a:has={group}|size={size}"
    for name, group in groups_beside(context, number):
        yield f"a:{name}={group}"
    inside = context.by_sentence[number]
    yield f"a:orgs={min(len({context.mentions[i].id for i in inside}), 3)}"
    for i in inside:
        yield f"a:kind={context.mentions[i].kind}"
