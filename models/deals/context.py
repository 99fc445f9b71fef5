"""What the deal engine looks at: sentences with their party mentions, cues, amounts and chips, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.cues import Cue
from models.facts import Amount, ChipMention
from models.money import Quantity
from models.sentences import Sentence


@dataclass(slots=True)
class Mention:
    """An organisation named in a sentence. ``order`` counts the different organisations of the sentence so far."""

    start: int
    end: int
    id: str
    kind: str
    sentence: int
    order: int = 0
    function: str = "bare"
    virtual: bool = False  # the article's subject, understood in a sentence that does not name it


@dataclass(slots=True)
class Context:
    """One document, arranged by sentence. Lists are indexed by sentence number unless they say otherwise."""

    text: str
    lang: str
    sentences: list[Sentence]
    mentions: list[Mention] = field(default_factory=list)  # whole document, by start; virtual ones at the end
    by_sentence: list[list[int]] = field(default_factory=list)  # indices into mentions
    cues: list[list[Cue]] = field(default_factory=list)
    amounts: list[list[Amount]] = field(default_factory=list)
    chips: list[list[ChipMention]] = field(default_factory=list)
    quantities: list[list[Quantity]] = field(default_factory=list)

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
