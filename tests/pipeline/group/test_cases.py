"""Every file of ``cases/`` is a test of what belongs together, and of what comes of it in any order of arrival."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def test_there_are_cases():
    assert len(CASES) > 15


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_claims_make_the_deals_of_the_case(path, read_case, ledger):
    case = read_case(path)
    outcome = ledger.take(case.claims)
    given_to = {decision.claim_id: decision.deal_id for decision in outcome.decisions}
    names: dict[str, str | None] = {}
    for claim, label in zip(case.claims, case.labels, strict=True):
        found = given_to[claim.id]
        if not label:
            assert found is None, f"{claim.id} should have been skipped"
            continue
        assert found is not None, f"{claim.id} was skipped: {outcome.decisions}"
        assert names.setdefault(label, found) == found, f"{claim.id} belongs to {label}, not to {found}"
    assert len(set(names.values())) == len(names), f"two labels share a deal: {names}"
    for label, expected in case.deals.items():
        deal = ledger.deals[names[label]]
        actual = {
            "id": deal.id,
            "type": deal.type,
            "status": deal.status,
            "parties": [f"{party.id}:{party.role}" for party in deal.parties],
            "amount": f"{deal.amount.bound} {deal.amount.value:g} {deal.amount.currency}" if deal.amount else "",
            "amount_reason": deal.amount_reason or "",
            "events": [f"{event.occurred_on} {event.kind} {event.status}" for event in deal.events],
            "contested": [item.amount.value for item in deal.amounts if item.contested],
            "semantics": sorted({item.semantics for item in deal.amounts}),
            "thread": next((label for label, name in names.items() if name == deal.thread_id), None),
            "parent": next((label for label, name in names.items() if name == deal.parent_id), ""),
        }
        assert {key: actual[key] for key in expected} == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_of_arrival_does_not_matter(path, read_case, new_ledger, data):
    case = read_case(path)
    at_once = new_ledger()
    at_once.take(case.claims)
    one_by_one = new_ledger()
    for claim in data.draw(st.permutations(case.claims)):
        one_by_one.take([claim])
    assert one_by_one.view() == at_once.view()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_decision_and_event_has_its_reason(path, read_case, ledger):
    outcome = ledger.take(read_case(path).claims)
    assert all(decision.reason for decision in outcome.decisions)
    assert all(event.reason for deal in outcome.deals for event in deal.events)
