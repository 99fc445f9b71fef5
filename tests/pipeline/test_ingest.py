"""Files into the ledger: read once however often they come, and what cannot be read is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipeline.ingest import ingest_paths
from pipeline.settings import Settings
from warehouse.db import connect_snapshot

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
JAPANESE = (
    "アマゾン、オープンAIに出資協議　100億ドル超\n"
    "米アマゾン・ドット・コムがオープンAIに100億ドル超を出資する方向で協議していることが17日、わかった。"
    "オープンAIはアマゾンのAI半導体「トレイニアム」を採用する見通しだ。\n"
)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def rows(settings, query):
    with connect_snapshot(settings.snapshot) as con:
        return con.execute(query).fetchall()


@pytest.mark.slow
def test_a_text_and_lines_with_a_bad_one_are_read_by_the_real_reader(settings, tmp_path):
    text, lines = tmp_path / "nikkei.txt", tmp_path / "more.jsonl"
    text.write_text(JAPANESE, "utf-8")
    good = {
        "id": "k1",
        "title": "아마존, 오픈AI에 투자 협의",
        "text": "아마존이 오픈AI에 100억 달러 이상을 투자하는 방안을 협의하고 있다고 18일 관계자가 밝혔다.",
        "published": "2025-12-18",
    }
    lines.write_text(f"{json.dumps(good, ensure_ascii=False)}\n{{not json\n", "utf-8")
    report = ingest_paths(settings, [text, lines], now=NOW)
    assert (report.counts["files"], report.counts["unreadable"], report.counts["articles_new"]) == (2, 1, 2)
    (problem,) = report.problems
    assert problem.url == f"{lines}:2"
    assert "not JSON" in problem.message
    assert report.failed
    assert rows(settings, "SELECT lang, published_from FROM articles ORDER BY lang") == [
        ("ja", "unknown"),
        ("ko", "file"),
    ]
    found = rows(
        settings, "SELECT type, list_sort(list_transform(parties, p -> p.id)) FROM observations WHERE lang = 'ja'"
    )
    assert ("equity_investment", ["amazon", "openai"]) in found
    again = ingest_paths(settings, [text, lines], now=NOW)
    assert (again.added, again.counts["articles_unchanged"]) == (0, 2)


def line(ident, text, **more):
    return json.dumps({"id": ident, "title": "Talks", "text": text, **more}) + "\n"


def test_a_document_is_known_by_its_address_its_id_or_its_words(settings, tmp_path, reader):
    said = "Amazon is in talks to invest in OpenAI."
    (tmp_path / "a.txt").write_text(said)
    (tmp_path / "b.jsonl").write_text(line("one", said) + line("two", said, url="https://example.org/x?utm_source=y"))
    first = ingest_paths(settings, [tmp_path / "a.txt", tmp_path / "b.jsonl"], now=NOW, reader=reader)
    assert (first.counts["articles_new"], first.failed) == (3, False)
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / "other.txt").write_text(said)
    (tmp_path / "moved" / "b.jsonl").write_text(
        line("one", said + " Both declined to comment.") + line("2", said + " Twice.", url="https://example.org/x")
    )
    second = ingest_paths(settings, [tmp_path / "moved"], now=NOW, reader=reader)
    assert (second.counts["articles_new"], second.counts["versions_new"]) == (0, 2)
    assert second.counts["articles_unchanged"] == 1
    assert rows(settings, "SELECT count(*) FROM articles WHERE article_id LIKE 'example.org-%'") == [(2,)]


def test_a_folder_is_read_without_what_is_hidden_or_of_another_kind(settings, tmp_path, reader):
    folder = tmp_path / "inbox"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("b.txt", "deep/a.html", "photo.png", ".hidden.txt", ".git/note.txt"):
        (folder / name).write_text(f"<html><body><p>{'Amazon meets OpenAI again. ' * 20}{name}</p></body></html>")
    report = ingest_paths(settings, [folder], now=NOW, reader=reader)
    assert report.counts["files"] == 2


def test_a_missing_file_and_one_without_text_are_told_and_fail_the_run(settings, tmp_path, reader):
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "good.txt").write_text("Amazon is in talks to invest in OpenAI.")
    paths = [tmp_path / "none.txt", tmp_path / "empty.txt", tmp_path / "good.txt"]
    report = ingest_paths(settings, paths, now=NOW, reader=reader)
    assert [p.url for p in report.problems] == [str(paths[0]), str(paths[1])]
    assert (report.counts["articles_new"], report.failed) == (1, True)


def test_a_date_to_come_is_noted_and_not_believed(settings, tmp_path, reader):
    (tmp_path / "b.jsonl").write_text(line("one", "Amazon and OpenAI.", published="2031-01-01"))
    ingest_paths(settings, [tmp_path / "b.jsonl"], now=NOW, reader=reader)
    ((published, notes),) = rows(settings, "SELECT published_at, notes FROM articles")
    assert published is None
    assert notes
