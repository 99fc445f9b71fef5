"""Times to come, in eight languages; what is past, far off or no time at all is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from models.horizons import horizons

TODAY = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("language", "text", "first", "last", "relation"),
    [
        ("en", "The deal should close in the first quarter of 2026.", "2026-01-01", "2026-03-31", "in"),
        ("en", "Capacity will be paid for through 2031.", "2031-01-01", "2031-12-31", "until"),
        ("en", "The rest is due by April 30, 2027, if targets are met.", "2027-04-30", "2027-04-30", "until"),
        ("en", "Deliveries start from 3 March 2026.", "2026-03-03", "2026-03-03", "from"),
        ("en", "It will be in service by the end of 2027.", "2027-12-01", "2027-12-31", "until"),
        ("de", "Die Lieferung läuft bis Ende 2028.", "2028-12-01", "2028-12-31", "until"),
        ("de", "Ab dem dritten Quartal 2026 wird geliefert.", "2026-07-01", "2026-09-30", "from"),
        ("de", "Abschluss am 30. Juni 2026", "2026-06-30", "2026-06-30", "in"),
        ("fr", "Le solde sera versé d'ici à 2029.", "2029-01-01", "2029-12-31", "until"),
        ("fr", "Clôture prévue au deuxième trimestre 2026", "2026-04-01", "2026-06-30", "in"),
        ("es", "El contrato dura hasta finales de 2030.", "2030-12-01", "2030-12-31", "until"),
        ("pt", "O acordo vale até 30 de junho de 2027.", "2027-06-30", "2027-06-30", "until"),
        ("ja", "買収は2026年3月31日までに完了する。", "2026-03-31", "2026-03-31", "until"),
        ("ja", "2026年第2四半期に手続きを終える。", "2026-04-01", "2026-06-30", "in"),
        ("zh", "合同自2027年起执行。", "2027-01-01", "2027-12-31", "from"),
        ("zh", "交易预计2026年底前完成。", "2026-12-01", "2026-12-31", "until"),
        ("ko", "계약은 2033년 말까지 이어진다.", "2033-12-01", "2033-12-31", "until"),
    ],
)
def test_a_time_to_come(language, text, first, last, relation):
    (found,) = horizons(text, language, TODAY)
    assert (found.first.isoformat(), found.last.isoformat(), found.relation) == (first, last, relation)
    assert text[found.start : found.end].strip(" .,、。") in text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The round closed in March 2025."),  # over
        ("en", "The market may double by 2060."),  # too far
        ("en", "They bought 2030 machines."),  # no cue
        ("en", "It cost $2.2030 in 2026%."),
        ("en", "By 31 February 2027 all is paid."),  # no such day
        ("ko", "2031억9600만원에 처분했다."),
        ("zh", "2026年港股"),
        ("xx", "by 2027"),
    ],
)
def test_no_time_to_come(language, text):
    assert horizons(text, language, TODAY) == []


def test_several_in_one_sentence():
    found = horizons("Deliveries begin in the second half of 2026 and run until 2031.", "en", TODAY)
    assert [(time.relation, time.last.year) for time in found] == [("in", 2026), ("until", 2031)]
