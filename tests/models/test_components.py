"""The components of a pipeline, run by spaCy as the reader runs them."""

from __future__ import annotations

import pytest

from models.components import PIPES, findings_of
from models.reader import Reader

TEXT = "Nvidia ships 20,000 H100 GPUs to OpenAI for $500 million."


@pytest.fixture(scope="module")
def nlp():
    return Reader(use_tagger=False).pipeline("en")


def test_the_order_of_components(nlp):
    assert tuple(nlp.pipe_names) == PIPES


def test_findings_stand_as_spans_with_their_ids(nlp):
    doc = nlp(TEXT)
    assert {s.label_: s.text for s in doc.spans["orgs"]} == {"nvidia": "Nvidia", "openai": "OpenAI"}
    assert doc.spans["chips"][0].label_ == "nvidia-h100"
    assert [s.label_ for s in doc.spans["amounts"]] == ["USD"]
    assert [d.type for d in findings_of(doc).deals] == [s.label_ for s in doc.spans["deals"]]


def test_a_count_beside_a_chip_is_its_units(nlp):
    assert [c.units for c in findings_of(nlp("Nvidia ships the H100 (20,000 chips).")).chips] == [20_000]
    assert [c.units for c in findings_of(nlp("Nvidia ships the H100.")).chips] == [None]


def test_a_count_around_a_chip_is_its_units(nlp):
    assert findings_of(nlp(TEXT)).chips[0].units == 20_000


def test_documents_share_no_findings(nlp):
    one, two = nlp.pipe([TEXT, "It rained."])
    assert findings_of(one).entities
    assert findings_of(two).entities == []


def test_a_tagged_chip_is_no_company(nlp):
    doc = nlp.make_doc("Zorblat buys the MI300X from AMD.")
    doc._.tagged = ((0, 7), (17, 23))
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [e.id for e in findings_of(doc).entities] == ["~zorblat", "amd"]
