"""Plain sentences whose reading should never change, whatever the models are fitted on."""

from __future__ import annotations

import pytest

from models.deals.engine import find_deals, set_amount_roles

BUY = ("acquisition", {"google": "acquirer", "wiz": "target"}, 32e9)
INVEST = ("equity_investment", {"microsoft": "investor", "openai": "investee"}, 10e9)
RENT = ("compute_contract", {"oracle": "provider", "openai": "customer"}, 300e9)


def deals(context):
    return find_deals(context, set_amount_roles(context))


@pytest.mark.parametrize(
    ("lang", "content", "expected"),
    [
        ("en", "Google acquired Wiz for $32 billion in March.", BUY),
        ("de", "Google hat Wiz für 32 Milliarden Dollar übernommen.", BUY),
        ("fr", "Google a racheté Wiz pour 32 milliards de dollars.", BUY),
        ("es", "Google compró Wiz por 32.000 millones de dólares.", BUY),
        ("ko", "구글이 위즈를 320억 달러에 인수했다.", BUY),
        ("zh", "谷歌以320亿美元收购了Wiz。", BUY),
        ("en", "Microsoft invested $10 billion in OpenAI.", INVEST),
        ("de", "Microsoft investiert 10 Milliarden Dollar in OpenAI.", INVEST),
        ("fr", "Microsoft a investi 10 milliards de dollars dans OpenAI.", INVEST),
        ("es", "Microsoft invirtió 10.000 millones de dólares en OpenAI.", INVEST),
        ("ja", "マイクロソフトはOpenAIに100億ドルを出資した。", INVEST),
        ("ko", "마이크로소프트는 오픈AI에 100억 달러를 투자했다.", INVEST),
        ("en", "Oracle signed a $300 billion cloud contract with OpenAI.", RENT),
        ("ja", "OpenAIはオラクルと3000億ドルのクラウド契約を結んだ。", RENT),
    ],
)
def test_one_deal_with_both_roles_and_the_sum(arranged, lang, content, expected):
    [deal] = deals(arranged(content, lang))
    assert deal.amount is not None
    assert (deal.type, {p.id: p.role for p in deal.parties}, deal.amount.value) == expected
    assert deal.amount.currency == "USD"
    assert content[deal.evidence.start : deal.evidence.end] == content
    assert 0.5 < deal.confidence <= 1.0


def test_chips_of_a_supply_deal(arranged):
    [deal] = deals(arranged("AMD will supply OpenAI with MI450 GPUs."))
    assert deal.type == "chip_supply"
    assert {p.id: p.role for p in deal.parties} == {"amd": "provider", "openai": "customer"}
    assert "amd-mi450" in deal.chips


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("Google acquired Wiz for $32 billion in March.", "completed"),
        ("Nvidia is in talks to invest $500 million in Wayve.", "in_talks"),
        ("AMD will supply OpenAI with MI450 GPUs.", "announced"),
    ],
)
def test_how_far_it_has_come(arranged, content, status):
    assert [d.status for d in deals(arranged(content))] == [status]


def test_the_evidence_is_in_the_body_where_it_is_told_there(arranged):
    title, body = "Google buys Wiz", "Google acquired Wiz for $32 billion in March."
    found = deals(arranged(f"{title}\n{body}", title_end=len(title)))
    assert {p.id for p in found[0].parties} == {"google", "wiz"}
    assert found[0].evidence.start == len(title) + 1


@pytest.mark.parametrize("content", ["", "The weather in London was mild on Monday.", "It cost $5 million."])
def test_no_party_no_deal(arranged, content):
    assert deals(arranged(content)) == []


def test_a_bracketed_conversion_keeps_its_role(arranged):
    context = arranged("Google acquired Wiz for €30 billion ($32 billion).")
    [deal] = deals(context)
    assert [a.role for row in context.amounts for a in row] == ["acquisition", "conversion"]
    assert (deal.amount.value, deal.amount.currency) == (30e9, "EUR")
