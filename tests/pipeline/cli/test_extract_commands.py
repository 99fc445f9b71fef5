"""``extract`` and ``eval``: the contract that other programs rely on, with the real reader."""

from __future__ import annotations

import json

import pytest

NEWS = {
    "en": ("Amazon to invest in OpenAI", "Amazon will invest $10 billion in OpenAI, the companies said on Monday."),
    "ja": ("アマゾン、OpenAIに出資へ", "アマゾンはOpenAIに100億ドルを出資すると発表した。"),
}  # fmt: skip


def line(lang, **more):
    title, text = NEWS[lang]
    return json.dumps({"id": f"{lang}-1", "title": title, "text": text, **more}, ensure_ascii=False)


def test_a_line_a_document_in_order_and_the_bad_ones_say_so(empty, tmp_path):
    (tmp_path / "news.jsonl").write_text("\n".join([line("ja"), "{no json", line("en"), ""]), "utf-8")
    (tmp_path / "note.txt").write_text("Amazon will invest $10 billion in OpenAI, the companies said.", "utf-8")
    answer = empty.program("extract", *(str(tmp_path / name) for name in ("news.jsonl", "absent.html", "note.txt")))
    found = [json.loads(text) for text in answer.out.splitlines()]
    assert [row["id"].rpartition("/")[2] for row in found] == ["ja-1", "news.jsonl:2", "en-1", "absent.html", "note"]
    assert [sorted(row) == ["error", "id"] for row in found] == [False, True, False, True, False]
    assert answer.status == 1
    assert "2 documents could not be read" in answer.err


@pytest.mark.parametrize("lang", sorted(NEWS))
def test_the_contract(empty, lang):
    answer = empty("extract", "-", stdin=line(lang, published="2025-12-17"))
    assert answer.status == 0
    row = json.loads(answer.out)
    content = "\n".join(NEWS[lang])
    assert list(row) == ["id", "lang", "relevant", "entities", "chips", "amounts", "deals", "model"]
    assert (row["id"], row["lang"], row["relevant"]) == (f"{lang}-1", lang, True)
    assert {"amazon", "openai"} <= {entity["id"] for entity in row["entities"] if entity["type"] == "org"}
    for mention in [*row["entities"], *row["amounts"]]:
        assert content[mention["start"] : mention["end"]] == mention["text"]
    assert [(a["value"], a["currency"]) for a in row["amounts"]] == [(10_000_000_000, "USD")]
    deal = row["deals"][0]
    assert {(p["id"], p["role"]) for p in deal["parties"]} == {("amazon", "investor"), ("openai", "investee")}
    assert deal["type"] == "equity_investment"
    assert content[deal["evidence"]["start"] : deal["evidence"]["end"]].strip()


def test_a_language_that_is_told_goes_before_the_detected_one(empty):
    answer = empty("extract", "--lang", "de", "-", stdin="Amazon OpenAI")
    assert json.loads(answer.out)["lang"] == "de"


def test_as_a_table(empty):
    answer = empty("extract", "-", "--format", "table", stdin=line("en"))
    assert "amazon (investor), openai (investee)" in answer.out
    assert "USD 10,000,000,000" in answer.out


def gold(lang, **more):
    party = [{"id": "amazon", "role": "investor"}, {"id": "openai", "role": "investee"}]
    amount = {"value": 10_000_000_000, "currency": "USD"}
    deal = {"type": "equity_investment", "status": "announced", "parties": party, "amount": amount}
    known = {"orgs": ["amazon", "openai"], "chips": [], "amounts": [{**amount, "role": "investment"}], "deals": [deal]}
    return json.dumps(json.loads(line(lang)) | {"lang": lang} | known | more, ensure_ascii=False)


def test_eval_tells_apart_right_and_wrong(empty, tmp_path):
    (tmp_path / "gold.jsonl").write_text(f"{gold('en')}\n{gold('ja', orgs=['amazon', 'openai', 'nvidia'])}\n", "utf-8")
    answer = empty("eval", str(tmp_path / "gold.jsonl"), "--format", "json")
    assert answer.status == 0, answer.err
    rows = {row["group"]: row for row in json.loads(answer.out)}
    assert [rows[name]["documents"] for name in ("all", "en", "ja")] == [2, 1, 1]
    assert rows["en"]["orgs"] == 1.0
    assert rows["ja"]["orgs"] == pytest.approx(2 * 2 / (2 * 2 + 1), abs=1e-3)
    assert rows["all"]["quiet"] is None


def test_eval_of_readings_that_lack_a_document(empty, tmp_path):
    (tmp_path / "gold.jsonl").write_text(f"{gold('en')}\n{gold('ja')}\n", "utf-8")
    (tmp_path / "readings.jsonl").write_text(json.dumps({"id": "en-1", "error": "too long"}) + "\n", "utf-8")
    answer = empty("eval", str(tmp_path / "gold.jsonl"), "--readings", str(tmp_path / "readings.jsonl"))
    assert answer.status == 1
    assert "2 of 2 documents have no reading" in answer.err


@pytest.mark.parametrize(
    ("content", "named"), [("[]", "gold.jsonl:1"), ("\n{", "gold.jsonl:2"), ('{"id": "a"}', "lang, text")]
)
def test_eval_names_the_bad_line(empty, tmp_path, content, named):
    (tmp_path / "gold.jsonl").write_text(content, "utf-8")
    answer = empty("eval", str(tmp_path / "gold.jsonl"))
    assert answer.status == 2
    assert named in answer.err
