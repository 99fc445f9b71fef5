"""Triage: one pass decides whether a text names a tracked party, a chip or a large sum at all.

What names none is not read further and costs next to nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ahocorasick

from models.data_files import read_toml
from models.gazetteer import variants, whole
from models.normal import normalise


@cache
def _automaton() -> Any:
    """Length of each word, and whether it is a name."""
    automaton = ahocorasick.Automaton()
    for row in read_toml("companies.toml")["company"]:
        for alias in row.get("aliases", ()):
            for form in variants(alias):
                automaton.add_word(form, (len(form), True))
    for row in read_toml("chips.toml")["chip"]:
        for alias in row.get("aliases", ()):
            for form in variants(alias):
                automaton.add_word(form, (len(form), True))
    for word in read_toml("triage.toml")["words"]:
        automaton.add_word(normalise(word), (len(word), False))
    automaton.make_automaton()
    return automaton


def is_relevant(content: str) -> bool:
    """Whether anything in ``content`` can be the start of a deal; guards of ambiguous names are not asked.

    Names count as whole words; the words of ``triage.toml`` count inside others too ("reinvested").
    """
    text = normalise(content)
    return any(
        not is_name or whole(text, last + 1 - length, last + 1) for last, (length, is_name) in _automaton().iter(text)
    )
