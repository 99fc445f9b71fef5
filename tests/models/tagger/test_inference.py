"""The trained tagger on sentences that nobody trained on; all companies in them are invented unless they are famous."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, PAIR_CLASSES
from models.tagger.inference import Relations, TaggedSpan, Tagger

INVENTED = [
    ("en", "Quellbrook Systems said on Tuesday it would rent servers from Microsoft.", "Quellbrook Systems"),
    ("de", "Die Firma Nordquell Rechentechnik mietet Rechenleistung bei Microsoft.", "Nordquell Rechentechnik"),
    ("fr", "La jeune pousse Calvébrune a levé 40 millions d'euros auprès de Nvidia.", "Calvébrune"),
    ("es", "La firma Tarvilenta compró chips de Nvidia por 300 millones de dólares.", "Tarvilenta"),
    ("pt", "A empresa Corvalim vai comprar chips da Nvidia por 300 milhões de dólares.", "Corvalim"),
    ("ja", "新興企業のミラゾンテックは、マイクロソフトから計算資源を借りると発表した。", "ミラゾンテック"),
    ("ko", "스타트업 카람누리테크는 마이크로소프트와 클라우드 계약을 맺었다.", "카람누리테크"),
    ("zh", "初创公司澜舟芯科技宣布,将向微软租用算力。", "澜舟芯科技"),
]

PURCHASES = [
    ("en", "Quellbrook said it would acquire Fenwhistle for $2 billion.", "Quellbrook", "Fenwhistle", "$2 billion"),
    ("de", "Nordquell übernimmt den Rivalen Hasperde für 2 Milliarden Euro.", "Nordquell", "Hasperde",
     "2 Milliarden Euro"),
    ("fr", "Calvébrune rachète Ostrevant pour 2 milliards d'euros.", "Calvébrune", "Ostrevant", "2 milliards d'euros"),
    ("es", "Tarvilenta adquirirá Moncallo por 2.000 millones de dólares.", "Tarvilenta", "Moncallo",
     "2.000 millones de dólares"),
    ("ja", "ミラゾンはフジカワ電脳を20億ドルで買収すると発表した。", "ミラゾン", "フジカワ電脳", "20億ドル"),
    ("ko", "카람누리는 다온칩을 20억 달러에 인수한다고 밝혔다.", "카람누리", "다온칩", "20억 달러"),
    ("zh", "澜舟科技宣布以20亿美元收购云杉芯片。", "澜舟科技", "云杉芯片", "20亿美元"),
]  # fmt: skip


def orgs_of(tagger: Tagger, text: str, lang: str | None = None) -> list[TaggedSpan]:
    [encoded] = tagger.encode([text], [lang])
    return [span for span in tagger.tag(encoded) if span.label == "ORG"]


def span_of(text: str, name: str) -> tuple[int, int]:
    return text.index(name), text.index(name) + len(name)


def relate(tagger: Tagger, text: str, lang: str, orgs: list[str], amounts: list[str] = []) -> Relations:  # noqa: B006
    [encoded] = tagger.encode([text], [lang])
    return tagger.relate(encoded, [span_of(text, o) for o in orgs], [span_of(text, a) for a in amounts])


@pytest.mark.parametrize(("lang", "text", "name"), INVENTED)
def test_a_company_nobody_knows_is_found(tagger: Tagger, lang: str, text: str, name: str) -> None:
    """Most of the name is enough: where its edge lies, two readers may differ."""
    start, end = span_of(text, name)
    covered = {at for span in orgs_of(tagger, text, lang) for at in range(span.start, span.end)}
    assert len(covered & set(range(start, end))) >= 0.6 * (end - start)


NO_COMPANY = [
    ("en", "Demand for memory rose by a third last year, and prices followed."),
    ("de", "Die Preise für Speicher stiegen im vergangenen Jahr um ein Drittel."),
    ("fr", "Les prix de l'électricité ont augmenté d'un tiers l'an dernier."),
    ("es", "Los precios de la memoria subieron un tercio el año pasado."),
    ("ja", "メモリーの価格は昨年、3割上がった。需要は今年も強い見通しだ。"),
    ("ko", "메모리 가격은 지난해 30% 올랐고 수요는 올해도 강할 전망이다."),
    ("zh", "去年内存价格上涨了三成,今年需求依然强劲。"),
]


def test_hardly_a_company_where_there_is_none(tagger: Tagger) -> None:
    """Two of seven sentences may mislead: goods that open a sentence are taken for their makers now and then."""
    wrong = {text: orgs for lang, text in NO_COMPANY if (orgs := orgs_of(tagger, text, lang))}
    assert len(wrong) <= 2, wrong


def test_spans_are_in_order_apart_and_scored(tagger: Tagger) -> None:
    text = " ".join(sentence for _, sentence, _ in INVENTED)
    [encoded] = tagger.encode([text])
    spans = tagger.tag(encoded)
    assert len(spans) >= len(INVENTED)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 < s.score <= 1 and text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)


def test_full_width_letters_keep_their_places(tagger: Tagger) -> None:
    text = "㈱ヒビキは、米ＯｐｅｎＡＩに１００億円を出資する。"
    start, end = span_of(text, "ＯｐｅｎＡＩ")
    assert any(s.start < end and s.end > start and s.end <= end for s in orgs_of(tagger, text, "ja"))


def test_who_buys_whom_for_how_much(tagger: Tagger) -> None:
    """The direction, not only the kind: each judgement may miss in one language of seven."""
    acquirer, target = (MENTION_CLASSES.index(("acquisition", side)) for side in ("acquirer", "target"))
    missed: dict[str, list[str]] = {}
    for lang, text, buyer, bought, price in PURCHASES:
        found = relate(tagger, text, lang, [buyer, bought], [price])
        right = {
            "buyer": found.roles[0, acquirer] > found.roles[0, target],
            "bought": found.roles[1, target] > found.roles[1, acquirer],
            "pair": PAIR_CLASSES[int(found.pairs[0, 1].argmax())] == "acquisition>",
            "price": AMOUNT_ROLES[int(found.amount_roles[0].argmax())] == "acquisition",
            "link": (found.amount_links[:, 0] > 0).all(),
        }
        for judgement, hit in right.items():
            if not hit:
                missed.setdefault(judgement, []).append(lang)
    assert all(len(langs) <= 1 for langs in missed.values()), missed


def test_two_companies_side_by_side_do_not_deal(tagger: Tagger) -> None:
    found = relate(tagger, "Shares of Nvidia and Oracle fell on Friday.", "en", ["Nvidia", "Oracle"])
    assert PAIR_CLASSES[int(found.pairs[0, 1].argmax())] == "none"
    assert (found.roles < 0).all()


def test_shapes_and_probabilities(tagger: Tagger) -> None:
    text = "OpenAI buys Nvidia GB300 chips for $3 billion, and Microsoft lends it $1 billion."
    [encoded] = tagger.encode([text], ["en"])
    orgs = [span_of(text, n) for n in ("OpenAI", "Nvidia", "Microsoft")]
    found = tagger.relate(
        encoded, orgs, [span_of(text, "$3 billion"), span_of(text, "$1 billion")], [span_of(text, "GB300")]
    )
    assert found.roles.shape == (3, len(MENTION_CLASSES))
    assert found.status.shape == (3, 4)
    assert found.amount_roles.shape == (2, len(AMOUNT_ROLES))
    assert found.amount_links.shape == (3, 2)
    assert found.chip_links.shape == (3, 1)
    assert set(found.pairs) == set(found.pair_status) == {(0, 1), (0, 2), (1, 2)}
    for rows in (found.status, found.amount_roles, *(row[None] for row in found.pairs.values())):
        np.testing.assert_allclose(np.exp(rows).sum(-1), 1, rtol=1e-4)


def test_the_same_text_gives_the_same_answer_alone_and_in_company(tagger: Tagger) -> None:
    texts = [text for _, text, _ in INVENTED]
    langs = [lang for lang, _, _ in INVENTED]
    first = [tagger.tag(e) for e in tagger.encode(texts, langs)]
    assert first == [tagger.tag(e) for e in tagger.encode(texts, langs)]
    alone = [tagger.tag(tagger.encode([t], [g])[0]) for t, g in zip(texts, langs, strict=True)]
    same = [[(s.start, s.end, s.label) for s in a] == [(s.start, s.end, s.label) for s in b]
            for a, b in zip(first, alone, strict=True)]  # fmt: skip
    assert sum(same) >= len(same) - 1  # padding may turn one close call


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_an_empty_text_holds_nothing(tagger: Tagger, text: str) -> None:
    [encoded] = tagger.encode([text])
    assert tagger.tag(encoded) == []
    found = tagger.relate(encoded, [], [], [])
    assert found.roles.shape == (0, len(MENTION_CLASSES))
    assert found.pairs == {}


def test_a_very_long_text_is_read_to_its_end(tagger: Tagger) -> None:
    filler = "Demand for memory rose last year, and prices followed. " * 300
    text = filler + "Microsoft will buy Fenwhistle for $2 billion."
    [encoded] = tagger.encode([text], ["en"])
    assert any(text[s.start : s.end] == "Microsoft" for s in tagger.tag(encoded))
    found = tagger.relate(encoded, [span_of(text, "Microsoft"), span_of(text, "Fenwhistle")])
    assert PAIR_CLASSES[int(found.pairs[0, 1].argmax())] == "acquisition>"


def test_mentions_far_apart_are_not_judged(tagger: Tagger) -> None:
    text = "Microsoft spoke first. " + "Prices rose last year. " * 200 + "Oracle spoke last."
    [encoded] = tagger.encode([text], ["en"], [0])
    found = tagger.relate(encoded, [span_of(text, "Microsoft"), span_of(text, "Oracle")])
    assert found.pairs == {}
