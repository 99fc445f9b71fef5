"""Drafts found by index are those that comparing with every draft would find."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.facts import DealType, Status
from pipeline.group import Claim, ClaimAmount, ClaimParty, load_rules
from pipeline.group.candidates import Candidates
from pipeline.group.claims import SIDES
from pipeline.group.cluster import cluster
from pipeline.group.match import match

RULES = load_rules()
COMPANIES = ("amazon", "openai", "nvidia", "oracle", "microsoft")

party = st.builds(
    lambda name, role: ClaimParty(name, name, role), st.sampled_from(COMPANIES), st.sampled_from(sorted(SIDES))
)
parties = st.lists(party, min_size=1, max_size=4, unique_by=lambda party: party.id)
sums = st.none() | st.builds(
    lambda billions, bound: ClaimAmount(billions * 1e9, "USD", bound, billions * 1e9, 1.0),
    st.sampled_from([1, 2, 3, 10, 11]), st.sampled_from(["exact", "over", "up_to", "range"]),
)  # fmt: skip


@st.composite
def claims_of_few_companies(draw: st.DrawFn) -> list[Claim]:
    """Claims so alike that many fit several deals; two in five times out of one article."""
    claims = []
    for number in range(draw(st.integers(2, 40))):
        day = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 60) | st.integers(0, 900)))
        article = f"article-{number - draw(st.sampled_from([0, 0, 0, 1, 2]))}"
        claims.append(
            Claim(
                id=f"claim-{number:02}", version_id=article, article_id=article, source_id="source", tier=2,
                type=draw(st.sampled_from(get_args(DealType))), status=draw(st.sampled_from(get_args(Status))),
                parties=tuple(draw(parties)), occurred_on=day, published_on=day, amount=draw(sums),
                chips=draw(st.sampled_from([(), (), ("nvidia-h100",), ("amazon-trainium2",), ("gpu",)])),
                gigawatts=draw(st.sampled_from([None, None, 1.0, 6.0])), dated=draw(st.booleans()),
                background=draw(st.integers(0, 3)) == 0, extractor="test",
            )
        )  # fmt: skip
    return claims


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
