"""Linking: ids, parents, the day, the dollar value."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.facts import Amount, Compute, Deal, DealAmount, Party, Reading, Span
from pipeline.link import link, root_of
from pipeline.rates import usd_rate
from pipeline.records import Article
from warehouse.reference import Company

COMPANIES = {
    company.company_id: company
    for company in (
        Company("amazon", "Amazon", aliases=("アマゾン",)),
        Company("amazon-web-services", "Amazon Web Services", parent_id="amazon", aliases=("AWS",)),
        Company("openai", "OpenAI"),
        Company("lion-x-ventures", "Lion X Ventures", aliases=("라이온엑스벤처스",)),
        Company("one", "Namesake"),
        Company("other", "Namesake"),
        Company("hen", "Hen", parent_id="egg"),
        Company("egg", "Egg", parent_id="hen"),
    )
}
SEEN = datetime(2025, 12, 20, 23, 30, tzinfo=UTC)


def _article(published=datetime(2025, 12, 17, 23, 59, tzinfo=UTC), title="Talks", text="Amazon talks. " * 60):
    return Article("a", "a@1", "wire", "https://x/a", title, text, "en", SEEN, published)


def _deal(**changes):
    given = {
        "type": "equity_investment", "status": "in_talks",
        "parties": (Party("amazon-web-services", "investor"), Party("openai", "investee")),
        "amount": DealAmount(1e9, "EUR"), "chips": (), "compute": None, "evidence": Span(6, 12), "confidence": 0.9,
    }  # fmt: skip
    return Deal(**{**given, **changes})


def _claim(article=None, amounts=(), **changes):
    (claim,) = link(
        Reading("a", "en", True, amounts=amounts, deals=(_deal(**changes),), model="m1"),
        article or _article(),
        COMPANIES,
    ).claims
    return claim


def test_parties_get_their_topmost_parent():
    assert {(party.id, party.root) for party in _claim().parties} == {
        ("amazon-web-services", "amazon"),
        ("openai", "openai"),
    }


def test_a_circle_of_parents_ends():
    assert root_of("hen", COMPANIES) == "egg"
    assert root_of("unknown", COMPANIES) == "unknown"


@pytest.mark.parametrize(
    ("provisional", "known"),
    [
        ("~라이온엑스벤처스", "lion-x-ventures"),
        ("~lion-x ventures", "lion-x-ventures"),
        ("~ＡＷＳ", "amazon-web-services"),
        ("~Namesake", "~Namesake"),
        ("~nobody", "~nobody"),
    ],
)
def test_a_provisional_id_becomes_that_of_the_row_it_names(provisional, known):
    claim = _claim(parties=(Party(provisional, "investor"), Party("openai", "investee")))
    assert [party.id for party in claim.parties if party.role == "investor"] == [known]


@pytest.mark.parametrize(
    ("stated", "published", "day", "dated"),
    [
        (None, datetime(2025, 12, 17, 23, 59, tzinfo=UTC), date(2025, 12, 17), False),
        (None, None, date(2025, 12, 20), False),
        ("2025-11-03", datetime(2025, 12, 17, tzinfo=UTC), date(2025, 11, 3), True),
        ("2025-12-18", datetime(2025, 12, 17, tzinfo=UTC), date(2025, 12, 18), True),
        ("2025-12-17", datetime(2025, 12, 17, tzinfo=UTC), date(2025, 12, 17), False),
        ("2027-06-30", datetime(2025, 12, 17, tzinfo=UTC), date(2025, 12, 17), False),
        ("soon", datetime(2025, 12, 17, tzinfo=UTC), date(2025, 12, 17), False),
    ],
)
def test_the_day_is_the_stated_one_unless_it_is_still_to_come(stated, published, day, dated):
    claim = _claim(_article(published), occurred_on=stated)
    assert (claim.occurred_on, claim.dated) == (day, dated)


def test_a_publication_still_to_come_is_not_believed():
    claim = _claim(_article(datetime(2099, 1, 1, tzinfo=UTC)))
    assert claim.published_on == date(2025, 12, 20)
    assert claim.notes == ("published on 2099-01-01, says the publisher, but seen on 2025-12-20",)


def test_a_day_to_come_and_no_day_are_noted():
    assert _claim(occurred_on="2027-06-30").notes == ("expected for 2027-06-30",)
    assert _claim(occurred_on="soon").notes == ("'soon' is no date",)


def test_dollars_by_the_rate_of_the_nearest_earlier_business_day():
    claim = _claim(occurred_on="2025-11-16")  # a Sunday
    assert claim.amount.rate_date == date(2025, 11, 14)
    assert claim.amount.usd == pytest.approx(1e9 * claim.amount.rate)
    assert 1.1 < claim.amount.rate < 1.2


def test_dollars_stay_dollars_on_any_day():
    amount = _claim(occurred_on="1990-01-06", amount=DealAmount(5e9, "USD", "up_to")).amount
    assert (amount.usd, amount.rate, amount.rate_date, amount.bound) == (5e9, 1.0, date(1990, 1, 6), "up_to")


@pytest.mark.parametrize("currency", ["TWD", "HRK", "XXX"])
def test_a_currency_without_rate_leaves_no_dollars_and_says_so(currency):
    claim = _claim(amount=DealAmount(5e9, currency))
    assert claim.amount.usd is None
    assert claim.amount.rate_date is None
    assert currency in claim.notes[0]


def test_after_the_last_rate_it_is_the_last_one():
    rate, day = usd_rate("JPY", date(2099, 1, 1))
    assert day < date(2099, 1, 1)
    assert rate == usd_rate("JPY", day)[0]


def test_evidence_counts_from_the_title():
    assert _claim().evidence == "Amazon"
    assert _claim(_article(title=""), evidence=Span(0, 13)).evidence == "Amazon talks."


def test_a_completed_deal_far_down_without_a_day_is_background():
    below = Span(500, 520)
    assert _claim(status="completed", evidence=below).background
    assert not _claim(status="completed", evidence=below, occurred_on="2024-03-01").background
    assert not _claim(status="completed", evidence=Span(6, 12)).background
    assert not _claim(status="announced", evidence=below).background


def test_a_valuation_within_the_evidence_stays_with_the_deal():
    value = Amount("x", 7, 9, 3e11, "USD", role="valuation")
    far = Amount("x", 70, 79, 9e11, "USD", role="valuation")
    assert _claim(amounts=(far, value)).valuation == (3e11, "USD")


def test_capacity_conditions_and_attribution_come_along():
    claim = _claim(compute=Compute(6.0, 1000), conditional=True, attribution="official", chips=("b", "a", "b"))
    assert (claim.gigawatts, claim.units, claim.attribution, claim.chips) == (6.0, 1000, "official", ("a", "b"))
    assert claim.amount.semantics == "conditional"


def test_ids_repeat_with_the_reading_and_change_with_what_it_says():
    assert _claim().id == _claim().id
    assert _claim().id != _claim(status="announced").id
    twice = Reading("a", "en", True, deals=(_deal(), _deal()), model="m1")
    assert len(link(twice, _article(), COMPANIES).claims) == 1
