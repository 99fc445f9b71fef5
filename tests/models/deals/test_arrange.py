"""The findings of a document by sentence, and the subject that is understood where no name stands."""

from __future__ import annotations

import pytest

TEXT = "Nvidia grows\nNvidia sells H100 chips for $5 million. The company also buys. AMD follows Intel and AMD."


def test_everything_stands_in_its_sentence(arranged):
    context = arranged(TEXT, title_end=12)
    assert [s.title for s in context.sentences] == [True, False, False, False]
    assert [[context.mentions[i].id for i in row] for row in context.by_sentence] == [
        ["nvidia"],
        ["nvidia"],
        [],
        ["amd", "intel", "amd"],
    ]
    assert [len(row) for row in context.amounts] == [0, 1, 0, 0]
    assert [[c.id for c in row] for row in context.chips] == [[], ["nvidia-h100"], [], []]
    assert "acquire" in {cue.group for cue in context.cues[2]}
    assert [context.mentions[i].order for i in context.by_sentence[3]] == [0, 1, 0]
    assert context.mentions[0].kind == "chip"


def test_the_subject_is_understood_in_later_sentences_that_do_not_name_it(arranged):
    context = arranged(TEXT, title_end=12)
    virtual = [m for m in context.mentions if m.virtual]
    assert [(m.id, m.sentence, m.function) for m in virtual] == [("nvidia", 2, "focus"), ("nvidia", 3, "focus")]
    assert all(m.start == m.end == context.sentences[m.sentence].start for m in virtual)
    assert context.mentions[-2:] == virtual


@pytest.mark.parametrize("content", ["Nvidia sells. The company buys.", "Nobody sells. Nobody buys.", "", " \n "])
def test_who_is_named_once_or_not_at_all_is_no_subject(arranged, content):
    assert not any(m.virtual for m in arranged(content).mentions)


def test_the_sentence_of_an_offset(arranged):
    context = arranged(TEXT, title_end=12)
    assert [context.sentence_at(s.start) for s in context.sentences] == [0, 1, 2, 3]
    assert context.sentence_at(context.sentences[1].end) == 1
    assert context.sentence_at(10_000) == 3
