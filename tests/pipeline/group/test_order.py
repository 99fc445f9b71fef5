"""All cases poured into one ledger, in batches of any size and order, end in the same deals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def _all_claims(read_case):
    for path in CASES:
        for claim in read_case(path).claims:
            article = f"{path.stem}/{claim.article_id}"
            yield replace(claim, id=f"{path.stem}/{claim.id}", article_id=article, version_id=article)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 20))
def test_batches_in_any_order_end_in_the_same_ledger(read_case, new_ledger, random, size):
    claims = list(_all_claims(read_case))
    at_once = new_ledger()
    at_once.take(claims)
    random.shuffle(claims)
    bit_by_bit = new_ledger()
    for start in range(0, len(claims), size):
        bit_by_bit.take(claims[start : start + size])
    assert bit_by_bit.view() == at_once.view()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False), size=st.integers(1, 20))
def test_claims_delivered_again_change_nothing(read_case, new_ledger, random, size):
    claims = list(_all_claims(read_case))
    at_once = new_ledger()
    at_once.take(claims)
    again = [*claims, *random.choices(claims, k=len(claims))]
    random.shuffle(again)
    bit_by_bit = new_ledger()
    for start in range(0, len(again), size):
        bit_by_bit.take(again[start : start + size])
    assert bit_by_bit.view() == at_once.view()
    decided = [d.claim_id for outcome in bit_by_bit.outcomes for d in outcome.decisions if d.action == "create"]
    assert len(decided) == len(set(decided))


def test_what_is_delivered_again_is_not_decided_on_again(make_claim, ledger):
    claim = make_claim(1, says="2025-12-17 equity_investment in_talks", parties=["amazon:investor", "openai:investee"])
    ledger.take([claim, claim])
    outcome = ledger.take([claim])
    assert (outcome.decisions, outcome.deals) == ((), ())
    (deal,) = ledger.deals.values()
    assert deal.claims == (claim,)


def test_a_deal_keeps_its_id_when_earlier_news_arrives_late(make_claim, ledger):
    parties = ["amazon:investor", "openai:investee"]
    late = make_claim(1, says="2026-01-10 equity_investment announced", parties=parties, amount="exact 10e9 USD")
    early = make_claim(2, says="2025-12-17 equity_investment in_talks", parties=parties, amount="over 10e9 USD")
    ledger.take([late])
    ledger.take([early])
    assert set(ledger.deals) == {"amazon-openai-equity-2026-01"}
    assert [event.status for event in ledger.deals["amazon-openai-equity-2026-01"].events] == ["in_talks", "announced"]


def test_an_id_that_is_taken_gets_a_number(make_claim, ledger):
    parties = ["amazon:investor", "openai:investee"]
    ledger.taken.add("amazon-openai-equity-2025-12")
    ledger.take([make_claim(1, says="2025-12-17 equity_investment in_talks", parties=parties)])
    assert set(ledger.deals) == {"amazon-openai-equity-2025-12-2"}


def test_two_deals_that_turn_out_to_be_one_merge(make_claim, ledger):
    parties = ["amd:acquirer", "zt-systems:target"]
    first = make_claim(1, says="2023-01-10 acquisition in_talks", parties=parties)
    last = make_claim(3, says="2025-06-10 acquisition completed", parties=parties)
    ledger.take([first])
    ledger.take([last])
    assert len(ledger.deals) == 2
    between = make_claim(2, says="2024-04-10 acquisition announced", parties=parties)
    outcome = ledger.take([between])
    assert outcome.merged == {"amd-zt-systems-acquisition-2025-06": "amd-zt-systems-acquisition-2023-01"}
    moved = next(decision for decision in outcome.decisions if decision.claim_id == last.id)
    assert moved.reason.startswith("moved from amd-zt-systems-acquisition-2025-06")
    assert [event.status for deal in ledger.deals.values() for event in deal.events] == [
        "in_talks", "announced", "completed",
    ]  # fmt: skip


def test_a_corrected_article_revises_its_claim_under_the_same_id(make_claim, ledger):
    parties = ["amazon:investor", "openai:investee"]
    wrong = make_claim(1, says="2025-12-17 equity_investment completed", parties=parties, amount="exact 10e9 USD")
    ledger.take([wrong])
    right = make_claim(2, says="2025-12-17 equity_investment in_talks", parties=parties, amount="exact 1e9 USD")
    right = replace(right, article_id=wrong.article_id)
    outcome = ledger.take([right], former={"amazon-openai-equity-2025-12": (wrong,)})
    assert not outcome.withdrawn
    deal = ledger.deals["amazon-openai-equity-2025-12"]
    assert (deal.status, deal.amount.value) == ("in_talks", 1e9)


def test_a_claim_taken_back_withdraws_its_deal(make_claim, ledger):
    wrong = make_claim(1, says="2025-12-17 equity_investment completed", parties=["amazon:investor", "openai:investee"])
    ledger.take([wrong])
    outcome = ledger.take([], former={"amazon-openai-equity-2025-12": (wrong,)})
    assert outcome.withdrawn == ("amazon-openai-equity-2025-12",)


def test_a_copy_adds_a_source_and_no_news(make_claim, ledger):
    row = {
        "says": "2025-12-17 equity_investment in_talks", "parties": ["amazon:investor", "openai:investee"],
        "amount": "over 10e9 USD",
    }  # fmt: skip
    ledger.take([make_claim(1, **row)])
    (decision,) = ledger.take([make_claim(2, **row)]).decisions
    assert (decision.action, decision.event) == ("update", None)
    assert decision.reason.endswith("adds a source, no news")
