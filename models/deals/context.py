"""What the deal engine looks at: sentences with their party mentions, cues, amounts and chips, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.cues import Cue, find_cues
from models.facts import Amount, ChipMention, Entity
from models.normal import normalise
from models.sentences import Sentence, split


@dataclass(slots=True)
class Mention:
    """An organisation named in a sentence. ``order`` counts the different organisations of the sentence so far."""

    start: int
    end: int
    id: str
    kind: str
    sentence: int
    order: int = 0


@dataclass(slots=True)
class Context:
    """One document, arranged by sentence. Lists are indexed by sentence number unless they say otherwise."""

    text: str
    lang: str
    sentences: list[Sentence]
    mentions: list[Mention] = field(default_factory=list)  # whole document, by start
    by_sentence: list[list[int]] = field(default_factory=list)  # indices into mentions
    cues: list[list[Cue]] = field(default_factory=list)
    amounts: list[list[Amount]] = field(default_factory=list)
    chips: list[list[ChipMention]] = field(default_factory=list)

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds ``offset`` (the nearest before it, where it falls between two)."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.sentences[middle].start <= offset:
                low = middle
            else:
                high = middle - 1
        return low


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
    return context
