"""Batch files: whole or not at all, found by looking, and loud when damaged."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.facts import Amount, Deal, DealAmount, Party, Reading, Span
from pipeline.batches import ArticleRead, Batches
from pipeline.errors import InputError
from pipeline.records import Article

NOW = datetime(2026, 3, 3, 8, 30, 15, 250_000, tzinfo=UTC)
ARTICLE = Article(
    "a", "v1", "asahi", "https://example.org/1", "題名", "本文\u2028二行目\n終", "ja", NOW, NOW, "second", notes=("n",)
)
READING = Reading(
    "a", "ja", True, amounts=(Amount("1兆円", 0, 3, 1e12, "JPY", "over", None, "debt", (4, 6)),),
    deals=(Deal("acquisition", "ended", (Party("~社", "acquirer"),), DealAmount(1.5, "JPY", "about"), ("aws-trainium",),
                None, Span(0, 2), 0.5, "2026-03-01", "named", True),), model="m",
)  # fmt: skip


@pytest.fixture
def batches(tmp_path):
    return Batches(tmp_path)


def test_articles_and_readings_come_back_as_they_went(batches):
    batch = batches.put_raw("feeds", [ARTICLE])
    assert batches.raw(batch) == [ARTICLE]
    lines = [ArticleRead(ARTICLE, READING), ArticleRead(ARTICLE, Reading("a", None, error="no pipeline"))]
    batches.put_readings(batch, lines)
    assert batches.readings(batch) == lines


def test_a_batch_goes_from_unread_to_unloaded_to_done(batches):
    batch = batches.put_raw("feeds", [ARTICLE])
    assert (batches.unread(), batches.unloaded(), batches.done()) == ([batch], [], [])
    batches.put_readings(batch, [ArticleRead(ARTICLE, READING)])
    assert (batches.unread(), batches.unloaded(), batches.done()) == ([], [batch], [])
    batches.finish(batch)
    batches.finish(batch)
    assert (batches.unread(), batches.unloaded(), batches.done()) == ([], [], [batch])


def test_the_same_articles_make_the_same_batch_whatever_their_order(batches):
    other = replace(ARTICLE, id="b", version_id="v2")
    assert batches.put_raw("feeds", [ARTICLE, other]) == batches.put_raw("feeds", [other, ARTICLE])
    assert batches.put_raw("feeds", [other]) != batches.put_raw("feeds", [ARTICLE])


def test_only_what_has_waited_long_enough_is_orphaned(batches, tmp_path):
    old, young = batches.put_raw("feeds", [ARTICLE]), batches.put_raw("inbox", [ARTICLE])
    past = time.time() - 3600
    os.utime(tmp_path / "raw" / f"{old}.jsonl", (past, past))
    assert batches.unread(aged_s=1800) == [old]
    assert batches.unread() == [old, young]


def test_a_write_that_breaks_off_leaves_nothing(batches, tmp_path):
    def broken():
        yield ArticleRead(ARTICLE, READING)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        batches.put_readings("feeds-1234", broken())
    assert batches.unloaded() == []
    assert list((tmp_path / "readings").iterdir()) == []


def test_a_damaged_or_missing_batch_names_file_and_line(batches, tmp_path):
    batch = batches.put_raw("feeds", [ARTICLE, ARTICLE])
    path = tmp_path / "raw" / f"{batch}.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=rf"{batch}\.jsonl:2: damaged batch"):
        batches.raw(batch)
    with pytest.raises(InputError, match=r"feeds-0000\.jsonl: the batch cannot be read: No such file"):
        batches.raw("feeds-0000")
    with pytest.raises(InputError, match="is no batch id"):
        batches.raw("../../etc/passwd")
