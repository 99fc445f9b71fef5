"""Drafts found by index are those that comparing with every draft would find."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.group import load_rules
from pipeline.group.candidates import Candidates
from pipeline.group.cluster import cluster
from pipeline.group.match import match
from tests.pipeline.group.drawn import claims_of_few_companies

RULES = load_rules()


class _Exhaustive(Candidates):
    """Every draft that shares a company, as found without an index; notes what the index would have missed."""

    missed: list[tuple[str, int]]

    def __init__(self, rules):
        super().__init__(rules)
        self._all = []

    def put(self, number, draft):
        super().put(number, draft)
        self._all = [*self._all, draft] if number == len(self._all) else self._all

    def near(self, claim):
        indexed = set(super().near(claim))
        sharing = [number for number, draft in enumerate(self._all) if claim.roots & draft.roots]
        assert len(sharing) == self.sharing(claim)
        assert indexed <= set(sharing)
        fitting = {number for number in sharing if match(claim, self._all[number], RULES)}
        self.missed.extend((claim.id, number) for number in fitting - indexed)
        return sharing


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=claims_of_few_companies())
def test_the_index_misses_no_draft_that_fits(monkeypatch, claims):
    indexed = cluster(claims, RULES)
    _Exhaustive.missed = []
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.group.cluster.Candidates", _Exhaustive)
        assert cluster(claims, RULES) == indexed
    assert _Exhaustive.missed == []


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        (["amazon:investor", "openai:investee"], ["nvidia:investor", "openai:investee"], True),
        (["amazon:investor", "openai:investee"], ["amazon:investor", "oracle:investee"], False),
    ],
    ids=["a round that another joins", "two investments of one company"],
)
def test_one_company_in_common_suffices_only_for_who_gets_the_money(make_claim, first, second, near):
    (draft,) = cluster([make_claim(1, says="2025-12-17 equity_investment announced", parties=first)], RULES)
    candidates = Candidates(RULES)
    candidates.put(0, draft)
    claim = make_claim(2, says="2025-12-20 equity_investment announced", parties=second)
    assert candidates.near(claim) == ([0] if near else [])
    assert candidates.sharing(claim) == 1


@pytest.mark.parametrize("days", range(RULES.days["joined_round"] + 1))
def test_who_joins_a_round_finds_it_on_each_of_the_days_allowed(make_claim, days):
    first = make_claim(
        1, says="2025-12-17 equity_investment announced", parties=["amazon:investor", "openai:investee"],
        amount="exact 10e9 USD",
    )  # fmt: skip
    day = date(2025, 12, 17) + timedelta(days=days)
    second = make_claim(
        2, says=f"{day} equity_investment announced", parties=["nvidia:investor", "openai:investee"],
        amount="exact 10e9 USD",
    )  # fmt: skip
    (draft,) = cluster([first, second], RULES)
    assert draft.claims == [first, second]
