"""Arrange the findings of one document for the deal engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from models.cues import find_cues
from models.deals.context import Context, Mention
from models.deals.grammar import functions
from models.facts import Amount, ChipMention, Entity
from models.money import Quantity
from models.normal import normalise
from models.sentences import split

MINIMUM_WEIGHT = 2  # mentions (one in the title counts twice) that make a company the article's subject


def build(
    content: str,
    lang: str,
    title_end: int,
    entities: Sequence[Entity],
    amounts: Sequence[Amount],
    chips: Sequence[ChipMention],
    kinds: Mapping[str, str],
    quantities: Sequence[Quantity] = (),
) -> Context:
    """Arrange the findings of one document. ``kinds`` maps company ids to their kind (``lab``, ``cloud`` …)."""
    sentences = split(content, lang, title_end)
    context = Context(normalise(content), lang, sentences)
    count = len(sentences)
    context.by_sentence = [[] for _ in range(count)]
    context.amounts = [[] for _ in range(count)]
    context.chips = [[] for _ in range(count)]
    context.quantities = [[] for _ in range(count)]
    context.cues = [[] for _ in range(count)]
    if not count:
        return context
    for cue in find_cues(content, lang):
        context.cues[context.sentence_at(cue.start)].append(cue)
    for amount in amounts:
        context.amounts[context.sentence_at(amount.start)].append(amount)
    for quantity in quantities:
        context.quantities[context.sentence_at(quantity.start)].append(quantity)
    for chip in chips:
        context.chips[context.sentence_at(chip.start)].append(chip)
    for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
        if entity.type != "org" or entity.id is None:
            continue
        number = context.sentence_at(entity.start)
        seen = {context.mentions[i].id: context.mentions[i].order for i in context.by_sentence[number]}
        order = seen.get(entity.id, len(seen))
        context.by_sentence[number].append(len(context.mentions))
        kind = kinds.get(entity.id, "unknown")
        context.mentions.append(Mention(entity.start, entity.end, entity.id, kind, number, order))
    for mention, name in zip(context.mentions, functions(context), strict=True):
        mention.function = name
    context.mentions += _understood(context)
    return context


def _understood(context: Context) -> list[Mention]:
    """The article's subject at the head of each body sentence that names it not: who "the company" mostly is."""
    weight: Counter[str] = Counter()
    for mention in context.mentions:
        weight[mention.id] += 2 if context.sentences[mention.sentence].title else 1
    if not weight:
        return []
    focus, most = weight.most_common(1)[0]
    if most < MINIMUM_WEIGHT:
        return []
    kind = next(m.kind for m in context.mentions if m.id == focus)
    named = {m.sentence for m in context.mentions if m.id == focus}
    first = min(named)
    return [
        Mention(s.start, s.start, focus, kind, s.index, function="focus", virtual=True)
        for s in context.sentences
        if s.index > first and s.index not in named
    ]
