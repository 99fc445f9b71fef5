"""Triage: one pass decides whether a text names a tracked party, a chip or a large sum at all.

What names none is not read further and costs next to nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ahocorasick

from models.data_files import read_toml
from models.gazetteer import variants
from models.normal import normalise


@cache
def _automaton() -> Any:
    automaton = ahocorasick.Automaton()
    for row in read_toml("companies.toml")["company"]:
        for alias in row.get("aliases", ()):
            for form in variants(alias):
                automaton.add_word(form, len(form))
    for row in read_toml("chips.toml")["chip"]:
        for alias in row.get("aliases", ()):
            for form in variants(alias):
                automaton.add_word(form, len(form))
    for word in read_toml("triage.toml")["words"]:
        automaton.add_word(normalise(word), len(word))
    automaton.make_automaton()
    return automaton


def is_relevant(content: str) -> bool:
    """Whether anything in ``content`` can be the start of a deal. Word edges are not checked: it errs only to yes."""
    return next(_automaton().iter(normalise(content)), None) is not None
