"""Pairs that share a company, by deal."""

from __future__ import annotations

import numpy as np
import pytest

from models.deals.claims import Edge
from models.deals.judge import LIMIT, Judge
from models.deals.labels import PAIR_CLASSES, STATUSES
from models.deals.scoring import Scores
from models.deals.together import comparable, groups, together_features

ROUND = "equity_investment"


class Opinion:
    """A transformer that is sure of one status a mention and of which mentions a sum belongs to."""

    def __init__(self, statuses, linked):
        self.statuses, self.linked = statuses, linked

    def status(self, numbers):
        row = np.full(len(STATUSES), -9.0, np.float32)
        row[STATUSES.index(self.statuses[numbers[1]])] = 0.0
        return row

    def amount_links(self, numbers, start):
        return [5.0 if (n, start) in self.linked else -5.0 for n in numbers]


def same_side(*pairs):
    row = np.full(len(PAIR_CLASSES), -8.0, np.float32)
    row[PAIR_CLASSES.index("same")] = 0.0
    return Scores(dict.fromkeys(pairs, row))


def parted(context, edges, judge, scores=None, second=None):
    found = groups(context, scores or Scores(), second, edges, Judge(judge))
    return sorted(sorted(context.mentions[e.active].id for e in group) for group in found)


def test_investors_of_one_company_are_compared_and_companies_of_one_investor_are_not(arranged):
    context = arranged("Google, Nvidia, OpenAI.")
    to_one = [Edge(ROUND, 0, 2, 0.9), Edge(ROUND, 1, 2, 0.8)]
    from_one = [Edge(ROUND, 0, 1, 0.9), Edge(ROUND, 0, 2, 0.8)]
    assert list(comparable(context, to_one)) == [(0, 1)]
    assert list(comparable(context, from_one)) == []
    chain = [Edge("partnership", 0, 1, 0.9), Edge("partnership", 1, 2, 0.8)]
    assert list(comparable(context, chain)) == [(0, 1)]


def test_the_judge_decides_and_average_linkage_joins(arranged):
    context = arranged("Google, Nvidia, Intel, OpenAI.")
    edges = [Edge(ROUND, n, 3, 0.9) for n in range(3)]
    assert parted(context, edges, {"": LIMIT}) == [["google", "intel", "nvidia"]]
    assert parted(context, edges, {"": -LIMIT}) == [["google"], ["intel"], ["nvidia"]]
    kin = same_side((0, 1))
    assert parted(context, edges, {"": -2.0, "same": 1.0}, kin) == [["google", "nvidia"], ["intel"]]


def test_two_mentions_of_one_pair_stay_together_in_either_order(arranged):
    context = arranged("Google and Nvidia, Nvidia and Google.")
    edges = [Edge("partnership", 0, 1, 0.9), Edge("partnership", 2, 3, 0.8)]
    assert len(groups(context, Scores(), None, edges, Judge({"": -LIMIT}))) == 1
    assert groups(context, Scores(), None, [], Judge({})) == []


def test_lists_sums_and_statuses_are_seen(arranged):
    context = arranged("Google and Nvidia gave OpenAI $5 million, and Intel will add $7 million.")
    five, seven = (amount.start for amount in context.amounts[0])
    second = Opinion(["completed", "completed", "", "announced"], {(0, five), (1, five), (3, seven)})
    edges = [Edge(ROUND, n, 2, 0.9) for n in (0, 1, 3)]
    listed = together_features(context, same_side((0, 1)), second, edges[0], edges[1])
    later = together_features(context, Scores(), second, edges[0], edges[2])
    assert (listed["listed"], listed["cut"], listed["one sum"], listed["status"]) == (1.0, 0.0, 1.0, 1.0)
    assert (later["listed"], later["two sums"], later["status"], later["unknown"]) == (0.0, 1.0, 0.0, 1.0)
    assert later["cut"] > 0
    assert later["status apart"] == pytest.approx(1.0, abs=0.01)
    assert later["anchor between"] == 1.0
