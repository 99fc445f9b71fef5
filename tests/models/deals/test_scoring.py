"""Scores of mentions and pairs."""

from __future__ import annotations

import numpy as np
import pytest

from models.data_files import read_toml
from models.deals import linear
from models.deals.labels import MENTION_CLASSES, PAIR_CLASSES
from models.deals.scoring import BARRED, score
from models.orgs import kinds

BOUGHT = PAIR_CLASSES.index("acquisition>")
TARGET = MENTION_CLASSES.index(("acquisition", "target"))


@pytest.mark.parametrize(("name", "is_state"), [("the European Commission", True), ("Mistral AI", False)])
def test_no_state_is_bought(arranged, name, is_state):
    context = arranged(f"Google has agreed to buy {name} for $2 billion.", "en")
    buyer, bought = (m for m in context.mentions if not m.virtual)
    assert (bought.kind in read_toml("party_kinds.toml")["never"]) == is_state
    scores = score(context, linear.load(), None, 0.5)
    numbers = (context.mentions.index(buyer), context.mentions.index(bought))
    assert (scores.pairs[numbers][BOUGHT] == BARRED) == is_state
    assert (scores.mentions[numbers[1]][TARGET] == np.float32(BARRED)) == is_state
    assert scores.pairs[numbers].max() > BARRED


def test_rules_name_kinds_that_companies_have():
    assert read_toml("party_kinds.toml")["never"].keys() <= set(kinds().values())
