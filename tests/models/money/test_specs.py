"""Each line of specs/money/<lang>.jsonl is a case: a text and the amounts in it. Add a line to add a case."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.money import find_amounts, find_quantities

SPECS = Path(__file__).resolve().parents[1] / "specs" / "money"
FIELDS = ("text", "value", "value_max", "currency", "qualifier")
CASES = [
    pytest.param(path.stem, json.loads(line), id=f"{path.stem}-{number}")
    for path in sorted(SPECS.glob("??.jsonl"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
]


@pytest.mark.parametrize(("lang", "case"), CASES)
def test_amounts_of_a_sentence(lang: str, case: dict[str, Any]) -> None:
    found = [{name: getattr(amount, name) for name in FIELDS} for amount in find_amounts(case["text"], lang)]
    assert found == [{"value_max": None, **amount} for amount in case["amounts"]]


def test_every_language_has_its_cases() -> None:
    counts = {path.stem: len(path.read_text("utf-8").splitlines()) for path in SPECS.glob("??.jsonl")}
    assert {lang for lang, count in counts.items() if count >= 30} >= {"ja", "en", "zh", "ko", "de", "fr", "es"}
    assert counts["pt"] >= 10


@pytest.mark.parametrize(
    ("lang", "text", "original"),
    [
        ("ja", "10億ドル(約1500億円)を投じる", "10億ドル"),
        ("zh", "作价701亿新元，约合3800亿元人民币", "701亿新元"),
        ("ko", "30억 달러(한화 약 4조3천억원)를 쓴다", "30억 달러"),
        ("de", "Sie zahlt 8,6 Milliarden Dollar (7,9 Mrd. Euro).", "8,6 Milliarden Dollar"),
        ("fr", "Il vaut 3 milliards de dollars, soit 2,8 milliards d'euros.", "3 milliards de dollars"),
        ("es", "Pide un billón de dólares (unos 860.700 millones de euros).", "un billón de dólares"),
        ("en", "It costs 95 billion kronor ($9.9 billion).", "95 billion kronor"),
    ],
)
def test_a_conversion_points_to_the_sum_it_restates(lang: str, text: str, original: str) -> None:
    first, second = find_amounts(text, lang)
    assert (first.text, first.role, second.role) == (original, "other", "conversion")
    assert second.converted_from == (first.start, first.end)


def test_a_bracket_in_the_same_currency_is_no_conversion() -> None:
    assert [amount.role for amount in find_amounts("It made $5bn ($4bn a year earlier).", "en")] == ["other", "other"]


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "40,000 Nvidia GPUs in a 750MW hall", [(40000, "units"), (0.75, "gigawatts")]),
        ("en", "up to one million TPUs and 5 gigawatts", [(1000000, "units"), (5, "gigawatts")]),
        ("ja", "2ギガワットの施設にGPUを1万8000基置く", [(2, "gigawatts"), (18000, "units")]),
        ("zh", "4.5吉瓦的園區需要20万颗芯片", [(4.5, "gigawatts"), (200000, "units")]),
        ("ko", "GPU 4만장, 10기가와트", [(40000, "units"), (10, "gigawatts")]),
        ("de", "1,2 GW und 20.000 neue KI-Chips", [(1.2, "gigawatts"), (20000, "units")]),
        ("fr", "13.800 puces et 44 mégawatts", [(13800, "units"), (0.044, "gigawatts")]),
        ("es", "900 megavatios y 12.000 aceleradores", [(0.9, "gigawatts"), (12000, "units")]),
        ("en", "2026 chips, $500 chips, 300 people who use B200 chips", []),
        ("en", "$10 billion in chips", []),
    ],
)
def test_capacities(lang: str, text: str, wanted: list[tuple[float, str]]) -> None:
    found = find_quantities(text, lang)
    assert [(item.value, item.unit) for item in found] == wanted
