"""Contexts from plain text: the real gazetteer, money grammar and cues; no fitted model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.chips import find_chips
from models.deals.arrange import build
from models.deals.context import Context
from models.money import find_amounts
from models.normal import normalise
from models.orgs import find_orgs, kinds
from models.sentences import split


@pytest.fixture(scope="session")
def arranged() -> Callable[..., Context]:
    """Function from text, language and length of the title to the context."""

    def arrange(content: str, lang: str = "en", title_end: int = 0) -> Context:
        text = normalise(content)
        orgs = find_orgs(content, text)
        chips = find_chips(content, text, orgs, split(content, lang, title_end))
        return build(content, lang, title_end, orgs, find_amounts(content, lang), chips, kinds())

    return arrange
