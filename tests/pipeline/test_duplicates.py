"""Near-duplicates in any script: copies are found, rewrites of the same news are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from pipeline.duplicates import ALIKE, Sketched, copies, resemblance, sketch

ENGLISH = (
    "SAN FRANCISCO - Lumen Cloud said on Tuesday it would lease four data centres in Ohio to the start-up Quarry for "
    "nine years, in a contract that the two put at 6.2 billion dollars. Deliveries begin next spring, its chief "
    "told analysts, and the first site alone will draw 300 megawatts. Shares of Lumen rose 7 percent in early trading."
)
REWRITE = (
    "Quarry, a maker of language models, has rented capacity from Lumen Cloud. Four sites in Ohio are in the deal, "
    "which runs until 2035 and is worth about $6.2bn, according to a joint statement. Investors welcomed the news: the "
    "stock of the cloud company gained seven per cent before noon on Tuesday."
)
JAPANESE = (
    "ルーメンクラウドは火曜日、オハイオ州にある四つのデータセンターを新興企業クオリーに九年間貸し出すと発表した。契約額は両社によると六十二億ドルで、"
    "引き渡しは来春に始まる。最初の拠点だけで三百メガワットの電力を使うと財務責任者がアナリストに語った。発表を受けてルーメンの株価は朝方の取引で"
    "七パーセント上昇し、同業他社の株もつられて値を上げた。両社は追加の拠点についても協議を続けているという。"
)
DAY = datetime(2026, 3, 3, tzinfo=UTC)


def seen(name, text, hours=0, lang="en", article=None):
    return Sketched(name, article or name, lang, DAY + timedelta(hours=hours), sketch(text))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (ENGLISH, ENGLISH.upper() + "\n\nReporting by our staff.", True),
        (ENGLISH, ENGLISH.replace("SAN FRANCISCO - ", ""), True),
        (ENGLISH, REWRITE, False),
        (JAPANESE, JAPANESE + "（共同）", True),
        (JAPANESE, ENGLISH, False),
    ],
)
def test_copies_are_told_from_rewrites(one, other, alike):
    assert (resemblance(sketch(one), sketch(other)) >= ALIKE) is alike


def test_short_texts_resemble_nothing():
    assert sketch("Amazon in talks with OpenAI") == ()
    assert resemblance((), ()) == 0.0


def test_the_earliest_is_the_original_in_any_order_of_arrival():
    texts = [seen("a", ENGLISH), seen("b", ENGLISH + " Agencies.", 5), seen("c", ENGLISH + " Wire.", 9)]
    for order in permutations(texts):
        known, pointers = [], {}
        for item in order:
            pointers.update({copy.version_id: copy.original for copy in copies([item], known)})
            known.append(item)
        assert pointers["b"] == "a"
        assert pointers["c"] == "a"
        assert "a" not in pointers


def test_versions_of_one_article_later_reprints_and_other_languages_are_no_copies():
    known = [seen("a@1", ENGLISH, article="a")]
    new = [seen("a@2", ENGLISH, 1, article="a"), seen("later", ENGLISH, 24 * 4), seen("odd", ENGLISH, 1, lang="de")]
    assert copies(new, known) == []
