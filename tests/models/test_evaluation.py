"""The measures of extraction, each on documents whose figures can be worked out by hand."""

from __future__ import annotations

import pytest

from models.evaluation import evaluate


def deal(kind, status, *parties, value=None, chips=()):
    split = [party.split(":") for party in parties]
    amount = None if value is None else {"value": value, "currency": "USD"}
    return {
        "type": kind,
        "status": status,
        "parties": [{"id": i, "role": r} for i, r in split],
        "amount": amount,
        "chips": chips,
    }


INVEST = deal("equity_investment", "announced", "amazon:investor", "openai:investee", value=10)
SUPPLY = deal("chip_supply", "announced", "amd:provider", "openai:customer", chips=["amd-mi450"])


def gold(*deals, orgs=(), chips=(), amounts=(), surfaces=None):
    known = {"orgs": list(orgs), "chips": list(chips), "amounts": list(amounts), "deals": list(deals)}
    return {"id": "a", "lang": "en", "surfaces": surfaces or {}, **known}


def figures(document, **reading):
    scores = evaluate([document], {"a": reading})
    assert scores["all"].figures() == scores["en"].figures()
    return scores["all"].figures()


def org(name, text=""):
    return {"type": "org", "id": name, "text": text}


def test_nothing_to_find_and_nothing_found_is_no_figure():
    found = figures(gold())
    assert found.pop("quiet") == 1.0
    assert set(found.values()) == {None}


def test_ids_count_once_and_by_group():
    found = figures(gold(orgs=["amazon", "openai"]), entities=[org("amazon-web-services"), org("amazon"), org("meta")])
    assert found["orgs"] == pytest.approx(2 * 1 / (2 + 1 + 1))


def test_a_role_counts_only_where_the_sum_was_found():
    wanted = [{"value": 10, "currency": "USD", "role": "investment"}, {"value": 5, "currency": "EUR", "role": "debt"}]
    given = [{"value": 10.0, "currency": "USD", "role": "contract"}, {"value": None, "currency": None, "role": "other"}]
    found = figures(gold(amounts=wanted), amounts=given)
    assert found["amounts"] == pytest.approx(2 / 3)
    assert found["roles"] == 0.0


def test_facts_of_a_deal_with_one_wrong_role():
    wrong = deal("equity_investment", "announced", "amazon:investor", "openai:customer", value=10)
    found = figures(gold(INVEST), deals=[wrong])
    assert found["pairs"] == 1.0
    assert found["strict"] == 0.0
    assert found["facts"] == pytest.approx(2 * 4 / (2 * 4 + 1 + 1))


def test_deals_meet_by_what_they_share_most():
    found = figures(gold(INVEST, SUPPLY), deals=[SUPPLY, INVEST])
    assert (found["facts"], found["strict"]) == (1.0, 1.0)


def test_deals_without_a_common_party_never_meet():
    other = deal("equity_investment", "announced", "meta:investor", "scale-ai:investee", value=10)
    found = figures(gold(INVEST), deals=[other])
    assert (found["pairs"], found["facts"]) == (0.0, 0.0)


def test_the_upper_end_of_a_range_is_no_fact_of_a_deal():
    ranged = {**INVEST, "amount": {"value": 10, "value_max": 20, "currency": "USD"}}
    assert figures(gold(INVEST), deals=[ranged])["strict"] == 1.0


def test_an_unknown_company_is_known_by_its_name():
    unknown = deal("equity_investment", "announced", "amazon:investor", "lion-x:investee", value=10)
    provisional = deal("equity_investment", "announced", "amazon:investor", "~라이온엑스:investee", value=10)
    document = gold(unknown, orgs=["amazon", "lion-x"], surfaces={"lion-x": ["라이온 엑스"]})
    found = figures(document, entities=[org("amazon"), org("~라이온엑스", "라이온엑스")], deals=[provisional])
    assert (found["orgs"], found["strict"]) == (1.0, 1.0)


def test_quiet_is_about_documents_without_a_deal():
    assert figures(gold(), deals=[INVEST])["quiet"] == 0.0
    assert figures(gold(INVEST), deals=[])["quiet"] is None


def test_two_documents_worked_out_by_hand():
    """One article with a deal half right, one without a deal and none found: every figure by counting."""
    wanted = [{"value": 10, "currency": "USD", "role": "investment"}, {"value": 7, "currency": "EUR", "role": "capex"}]
    first = gold(INVEST, SUPPLY, orgs=["amazon", "openai", "amd"], chips=["amd-mi450"], amounts=wanted)
    second = {**gold(orgs=["meta"]), "id": "b", "lang": "de"}
    half = deal("equity_investment", "completed", "amazon:investor", "openai:investee", value=10)
    reading = {
        "entities": [org("amazon"), org("openai"), org("oracle")],
        "chips": [{"id": "amd-mi450"}, {"id": "gpu"}],
        "amounts": [{"value": 10, "currency": "USD", "role": "investment"}],
        "deals": [half],
    }
    scores = evaluate([first, second], {"a": reading, "b": {"entities": [org("meta")]}})
    assert scores["all"].documents == 2
    assert scores["de"].figures() == dict.fromkeys(scores["de"].figures()) | {"orgs": 1.0, "quiet": 1.0}
    assert scores["all"].figures() == pytest.approx(
        {
            "orgs": 2 * 3 / (2 * 3 + 1 + 1),  # amazon, openai, meta; amd missed; oracle wrong
            "chips": 2 * 1 / (2 * 1 + 0 + 1),
            "amounts": 2 * 1 / (2 * 1 + 1 + 0),
            "roles": 1.0,
            "pairs": 2 * 1 / (2 * 1 + 1 + 0),
            "facts": 2 * 4 / (2 * 4 + 1 + 5 + 1),  # type, sum, two parties; status; all five of the supply deal
            "strict": 0.0,
            "quiet": 1.0,
        }
    )
