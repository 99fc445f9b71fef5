"""Which sum, chips and status a claim gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.deals import judge, linear
from models.deals.attach import attach_amounts, attach_chips, attach_status
from models.deals.claims import Claim
from models.deals.labels import AMOUNT_ROLES, STATUSES


def with_roles(context, *roles):
    names = iter(roles)
    for row in context.amounts:
        row[:] = [replace(amount, role=next(names)) for amount in row]
    return context


def claim(kind="acquisition", sentences=(0,), **roles):
    return Claim(kind, roles or {"google": "acquirer", "wiz": "target"}, set(sentences), 0.9)


def value(context, *claims):
    roles = {a.start: {r: -0.1 if r == a.role else -4.0 for r in AMOUNT_ROLES} for row in context.amounts for a in row}
    attach_amounts(context, list(claims), judge.load()["sum"], roles, None)
    return [c.amount and c.amount.value for c in claims]


def test_the_sum_must_be_of_a_kind_that_fits(arranged):
    context = with_roles(
        arranged("Google, with $9 million of revenue, buys Wiz for $5 million."), "revenue", "acquisition"
    )
    assert value(context, claim()) == [5e6]
    assert value(context, claim("debt_financing", google="lender", wiz="borrower")) == [None]


def test_of_two_that_fit_the_nearer(arranged):
    text = "Google buys Wiz for $5 million, long after a plan of Intel that would have cost $7 million failed."
    assert value(with_roles(arranged(text), "acquisition", "acquisition"), claim()) == [5e6]


def test_the_next_sentence_serves_where_no_like_claim_stands(arranged):
    context = with_roles(arranged("Google buys Wiz. AMD buys ZT Systems for $5 million."), "acquisition")
    assert value(context, claim()) == [5e6]
    other = claim(sentences=(1,), amd="acquirer")
    assert value(context, claim(), other) == [None, 5e6]


def test_a_sum_far_away_serves_nobody(arranged):
    text = "Google buys Wiz. It rained. It snowed. It hailed. It was cold. It cost $5 million."
    context = with_roles(arranged(text), "acquisition")
    assert value(context, claim()) == [None]


@pytest.mark.parametrize(
    ("kind", "chips"), [("chip_supply", ("nvidia-h100", "amd-mi300x")), ("acquisition", ()), ("debt_financing", ())]
)
def test_chips_once_each_where_the_type_is_about_chips(arranged, kind, chips):
    context = arranged("Google takes H100 and MI300X of Nvidia and AMD, and H100 again.")
    one = claim(kind)
    attach_chips(context, [one])
    assert one.chips == chips


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("Google has completed the acquisition of Wiz.", "acquisition", "completed"),
        ("Nvidia is in talks to invest $500 million in Wayve.", "equity_investment", "in_talks"),
    ],
)
def test_status_of_plain_words(arranged, content, kind, status):
    one = replace(claim(kind), mentions={0, 1})
    attach_status(arranged(content), linear.load(), [one])
    assert one.status.shape == (len(STATUSES),)
    assert STATUSES[int(one.status.argmax())] == status
