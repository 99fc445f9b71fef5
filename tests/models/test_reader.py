"""Batches of documents in, readings out in their order, whatever single documents are like."""

from __future__ import annotations

import pytest
from spacy.language import Language

from models import reader as module
from models.facts import Document
from models.reader import MAX_CHARACTERS, Reader

BUY = "Google acquired Wiz for $32 billion in March."


@Language.component("test_fails_on_mark")
def fails_on_mark(doc):
    if "MARK" in doc.text:
        raise RuntimeError("on purpose")
    return doc


@pytest.fixture(scope="module")
def reader():
    return Reader(batch_size=3, use_tagger=False)


def read(reader, *documents):
    return list(reader.read(documents))


def test_order_is_kept_across_batches_languages_and_failures(reader):
    rows = [
        ("a", BUY, "en"),
        ("b", "谷歌收购Wiz。", "zh"),
        ("c", "", "en"),
        ("d", "It rained.", "en"),
        ("e", BUY, "en"),
    ]
    found = read(reader, *(Document(i, text, lang=lang) for i, text, lang in rows))
    assert [r.id for r in found] == list("abcde")
    assert [r.error is None for r in found] == [True, True, False, True, True]
    assert found[0].deals == found[4].deals != ()


def test_the_iterator_is_lazy(reader):
    def endless():
        number = 0
        while True:
            yield Document(str(number), "It rained.", lang="en")
            number += 1

    found = reader.read(endless())
    assert [next(found).id for _ in range(5)] == list("01234")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (Document("x", " \n", lang="en"), "holds no text"),
        (Document("x", BUY), "no language given"),
        (Document("x", "Nvidia " * (MAX_CHARACTERS // 7 + 1), lang="en"), r"longer than 200,000 characters"),
    ],
    ids=["empty", "language unknown", "too long"],
)
def test_what_cannot_be_read_says_why_and_stops_nobody(reader, document, message):
    bad, good = read(reader, document, Document("y", BUY, lang="en"))
    assert message in (bad.error or "")
    assert bad.to_json() == {"id": "x", "error": bad.error}
    assert good.error is None
    assert good.deals


def test_a_language_without_a_file_is_read_as_holding_nothing(reader):
    [found] = read(reader, Document("x", BUY, lang="sw"))
    assert (found.error, found.relevant, found.deals, found.lang) == (None, False, (), "sw")


def test_the_detector_is_asked_only_where_no_language_is_given():
    asked = []

    def detect(document):
        asked.append(document.id)
        return "en"

    found = read(Reader(detect=detect, use_tagger=False), Document("x", BUY), Document("y", BUY, lang="de"))
    assert asked == ["x"]
    assert [r.lang for r in found] == ["en", "de"]


def test_a_component_that_fails_on_one_document_spares_the_others():
    own = Reader(use_tagger=False)
    own.pipeline("en").add_pipe("test_fails_on_mark", first=True)
    found = read(own, *(Document(i, text, lang="en") for i, text in [("a", BUY), ("b", BUY + " MARK"), ("c", BUY)]))
    assert [r.error for r in found] == [None, "test_fails_on_mark: RuntimeError: on purpose", None]
    assert found[0].deals
    assert found[2].deals


def test_offsets_count_from_the_title(reader):
    document = Document("x", BUY, title="Ｗｉｚ goes to Google", lang="en", published="2025-03-18T10:00:00Z")
    [found] = read(reader, document)
    for item in (*found.entities, *found.amounts):
        assert document.content[item.start : item.end] == item.text
    assert found.entities[0].text == "Ｗｉｚ"
    assert {d.occurred_on for d in found.deals} == {"2025-03-18"}


def test_odd_characters_are_read_like_any(reader):
    text = "\ud83d\ude00 \u202eNvidia\u200b\u0000 İstanbul \U0001f680 " + BUY
    [found] = read(reader, Document("x", text.encode("utf-16", "surrogatepass").decode("utf-16"), lang="en"))
    assert found.error is None
    assert {"nvidia", "google", "wiz"} <= {e.id for e in found.entities}


def test_the_version_tells_the_knowledge_and_the_tagger(tmp_path, monkeypatch):
    data = tmp_path / "models" / "data"
    (data / "lang").mkdir(parents=True)
    (data / "companies.toml").write_text("a = 1", "utf-8")
    monkeypatch.setattr(module, "files", lambda package: tmp_path / package)
    before = Reader(use_tagger=False).version
    assert before == Reader(use_tagger=False).version
    (data / "lang" / "en.toml").write_text("b = 2", "utf-8")
    after = Reader(use_tagger=False).version
    assert before != after
    assert before.endswith("+none")
    assert Reader().version.startswith(after.removesuffix("none"))
    assert Reader().version != after


def test_readings_carry_the_version(reader):
    [found] = read(reader, Document("x", BUY, lang="en"))
    assert found.model == reader.version
