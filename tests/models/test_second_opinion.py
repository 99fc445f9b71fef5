"""What the transformer says of a deal from what it says of pairs and mentions."""

from __future__ import annotations

import numpy as np
import pytest

from models.deals.labels import PAIR_CLASSES, STATUSES
from models.second_opinion import Related
from models.tagger.inference import Relations


def logs(*chances: float) -> np.ndarray:
    return np.log(np.array(chances, np.float32))


def related(chance: float) -> np.ndarray:
    """Pair classes of which "none" has what ``chance`` leaves."""
    rest = np.full(len(PAIR_CLASSES) - 1, chance / (len(PAIR_CLASSES) - 1))
    return logs(1.0 - chance, *rest)


@pytest.fixture
def opinion() -> Related:
    """Mentions 0 and 1 surely related, of talks; 0 and 2 hardly, of something done; 3 in no pair."""
    talks, done = logs(0.85, 0.05, 0.05, 0.05), logs(0.05, 0.05, 0.85, 0.05)
    relations = Relations(
        roles=np.zeros((4, 13), np.float32),
        status=np.stack([done, done, done, done]),
        amount_roles=np.zeros((0, 9), np.float32),
        amount_links=np.zeros((4, 0), np.float32),
        chip_links=np.zeros((4, 0), np.float32),
        pairs={(0, 1): related(0.95), (0, 2): related(0.05)},
        pair_status={(0, 1): talks, (0, 2): done},
    )
    return Related(relations, {})


def likeliest(row: np.ndarray | None) -> str:
    assert row is not None
    return STATUSES[int(row.argmax())]


def test_the_status_of_a_deal_is_that_of_the_pair_that_makes_it(opinion):
    assert likeliest(opinion.status((0, 1, 2))) == "in_talks"
    assert likeliest(opinion.status((0, 2))) == "completed"


def test_without_a_pair_the_mentions_are_asked(opinion):
    assert likeliest(opinion.status((1, 3))) == "completed"
    assert opinion.status(()) is None
