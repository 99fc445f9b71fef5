"""Arrange the findings of one document for the deal engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.cues import find_cues
from models.deals.context import Context, Mention
from models.deals.grammar import functions
from models.facts import Amount, ChipMention, Entity
from models.normal import normalise
from models.sentences import split


def build(
    content: str,
    lang: str,
    title_end: int,
    entities: Sequence[Entity],
    amounts: Sequence[Amount],
    chips: Sequence[ChipMention],
    kinds: Mapping[str, str],
) -> Context:
    """Arrange the findings of one document. ``kinds`` maps company ids to their kind (``lab``, ``cloud`` …)."""
    sentences = split(content, lang, title_end)
    context = Context(normalise(content), lang, sentences)
    count = len(sentences)
    context.by_sentence = [[] for _ in range(count)]
    context.amounts = [[] for _ in range(count)]
    context.chips = [[] for _ in range(count)]
    context.cues = [[] for _ in range(count)]
    if not count:
        return context
    for cue in find_cues(content, lang):
        context.cues[context.sentence_at(cue.start)].append(cue)
    for amount in amounts:
        context.amounts[context.sentence_at(amount.start)].append(amount)
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
    return context
