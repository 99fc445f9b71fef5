"""The inbox: claimed by rename, taken in or rejected with a reason, and nothing lost between the two."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import ConfigError
from pipeline.inbox import TRIES, claim, inbox_of, original, prepare, take_in, waiting
from pipeline.settings import Settings
from pipeline.stages import batches_of


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path)
    prepare(inbox_of(settings))
    return settings


def drop(settings, name, body, age_s=10.0):
    path = inbox_of(settings) / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    past = time.time() - age_s
    os.utime(path, (past, past))


def taken_in(settings):
    batches, refused = take_in(settings, claim(inbox_of(settings)))
    return [article for batch in batches for article in batches_of(settings).raw(batch)], refused


def names(settings, folder):
    return sorted(path.name[9:] for path in (inbox_of(settings) / folder).iterdir())


def test_files_of_each_kind_become_articles(settings):
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = "アマゾンがOpenAIに出資", "Tue, 03 Mar 2026 09:00:00 +0900"
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content("アマゾンはOpenAIに100億ドルを出資すると発表した。")
    mail.add_alternative("<html><body><p>never read</p></body></html>", subtype="html")
    drop(settings, "a.eml", bytes(mail))
    drop(settings, "b.txt", "Amazon backs OpenAI\n\nAmazon will invest $10 billion in OpenAI.", 9)
    drop(settings, "c.jsonl", json.dumps({"id": "1", "title": "Titel", "text": "Amazon investiert in OpenAI."}), 8)
    page = "<html><head><title>Nvidia</title></head><body><article><p>" + "Nvidia sells chips to Oracle. " * 20
    drop(settings, "d.html", page + "</p></article></body></html>", 7)
    articles, refused = taken_in(settings)
    assert refused == []
    assert [article.title for article in articles] == [
        "アマゾンがOpenAIに出資",
        "Amazon backs OpenAI",
        "Titel",
        "Nvidia",
    ]
    assert articles[0].text == "アマゾンはOpenAIに100億ドルを出資すると発表した。"
    assert articles[0].published_at.isoformat() == "2026-03-03T00:00:00+00:00"
    assert articles[0].lang == "ja"
    assert names(settings, "taken") == ["a.eml", "b.txt", "c.jsonl", "d.html"]


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.jsonl", "{no json", "line 1: not JSON"),
        ("a.pdf", "%PDF-1.7", "files of the kind '.pdf' are not read"),
        ("a.txt", "", "the file is empty"),
        ("a.html", b"%PDF-1.7 and so on", "this is a PDF"),
        ("a.eml", "no header, no mail", "a mail without text"),
        ("a.eml", "Subject: x\nContent-Type: text/plain; charset=klingon\n\nnuqneH", "klingon"),
        ("noname", "Amazon", "'without suffix' are not read"),
    ],
)
def test_a_bad_file_is_rejected_with_its_reason_beside_it(settings, name, body, reason):
    drop(settings, name, body)
    articles, refused = taken_in(settings)
    assert articles == []
    assert len(refused) == 1
    assert reason in refused[0]
    assert names(settings, "rejected") == [name, f"{name}.reason.txt"]
    told = next((inbox_of(settings) / "rejected").glob("*.reason.txt")).read_text("utf-8")
    assert reason in told
    assert names(settings, "claimed") == []


def test_the_good_lines_of_a_file_are_taken(settings):
    drop(settings, "mixed.jsonl", '{"title": "Amazon", "text": "one"}\n[]\n{"title": "OpenAI", "text": "two"}\n')
    articles, refused = taken_in(settings)
    assert [article.text for article in articles] == ["one", "two"]
    assert refused == [
        'mixed.jsonl: line 2: not a JSON object (write a line as {"id": "…", "title": "…", "text": "…"})'
    ]
    assert names(settings, "rejected") == ["mixed.jsonl", "mixed.jsonl.reason.txt"]


def test_a_web_archive_is_taken_in_batches_as_of_its_capture(settings):
    body = BytesIO()
    writer = WARCWriter(body, gzip=True)
    for number in range(3):
        page = f"<html><head><title>Story {number}</title></head><body><p>" + "Nvidia sells chips to Oracle. " * 20
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://example.org/{number}", "response", payload=BytesIO(page.encode()), http_headers=headers,
            warc_headers_dict={"WARC-Date": "2025-03-01T09:30:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    drop(settings, "crawl.warc.gz", body.getvalue())
    small = settings.model_copy(update={"batch_size": 2})
    batches, refused = take_in(small, claim(inbox_of(settings)))
    assert refused == []
    assert [len(batches_of(settings).raw(batch)) for batch in batches] == [2, 1]
    article = batches_of(settings).raw(batches[1])[0]
    assert (article.url, article.seen_at) == ("https://example.org/2", datetime(2025, 3, 1, 9, 30, tzinfo=UTC))


def test_a_file_that_breaks_the_reading_is_rejected_and_the_others_are_taken(settings, monkeypatch):
    import pipeline.parse.mails as mails

    def broken(path):
        raise RecursionError("nested too deeply")

    monkeypatch.setattr(mails, "document_of_mail", broken)
    drop(settings, "deep.eml", "Subject: x\n\ny")
    drop(settings, "good.txt", "Amazon backs OpenAI", 9)
    articles, refused = taken_in(settings)
    assert [article.text for article in articles] == ["Amazon backs OpenAI"]
    assert refused == ["deep.eml: RecursionError: nested too deeply (this is a fault of ours: send us the file)"]
    assert names(settings, "rejected") == ["deep.eml", "deep.eml.reason.txt"]


def test_a_file_that_ends_the_process_is_tried_last_and_then_rejected(settings, monkeypatch):
    import pipeline.parse.mails as mails

    class Killed(BaseException):
        """As the end of a process or a time-out is to the code that it meets."""

    def deadly(path):
        raise Killed

    monkeypatch.setattr(mails, "document_of_mail", deadly)
    drop(settings, "deadly.eml", "Subject: x\n\ny")
    claim(inbox_of(settings))
    for attempt in range(TRIES):
        drop(settings, f"good-{attempt}.txt", f"Amazon backs OpenAI {attempt}", 9)
        claim(inbox_of(settings))
        with pytest.raises(Killed):
            take_in(settings, waiting(inbox_of(settings)))
    # The first try met the deadly file before the good one; every later try dealt with the good ones first.
    assert names(settings, "taken") == [f"good-{attempt}.txt" for attempt in range(TRIES)]
    _, refused = take_in(settings, waiting(inbox_of(settings)))
    assert refused == ["deadly.eml: reading it was broken off 3 times (is it too large, or made to do harm?)"]
    assert waiting(inbox_of(settings)) == []
    assert list((inbox_of(settings) / "claimed").iterdir()) == []


def test_a_full_disk_is_no_fault_of_the_file(settings, monkeypatch):
    def full(self, origin, articles):
        raise OSError(28, "No space left on device")

    drop(settings, "a.txt", "Amazon backs OpenAI")
    claimed = claim(inbox_of(settings))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.batches.Batches.put_raw", full)
        for _ in range(TRIES + 1):
            with pytest.raises(OSError, match="No space"):
                take_in(settings, claimed)
    assert len(take_in(settings, waiting(inbox_of(settings)))[0]) == 1


def test_what_is_being_written_waits(settings):
    drop(settings, "a.txt.part", "half")
    drop(settings, ".hidden.txt", "editor's own")
    drop(settings, "young.txt", "still growing", age_s=-1)
    assert claim(inbox_of(settings)) == []


def test_a_crash_between_claim_and_run_loses_nothing(settings):
    drop(settings, "a.txt", "Amazon backs OpenAI")
    claimed = claim(inbox_of(settings))
    assert waiting(inbox_of(settings)) == claimed  # whoever comes next finds it
    first, _ = take_in(settings, waiting(inbox_of(settings)))
    assert take_in(settings, claimed) == ([], [])  # and a late try finds it gone
    assert batches_of(settings).unread() == first


def test_each_file_is_claimed_once_by_processes_that_race(settings):
    for number in range(200):
        drop(settings, f"{number}.txt", str(number))
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(claim, [inbox_of(settings)] * 4))
    got = [original(name) for found in claims for name in found]
    assert sorted(got) == sorted(f"{number}.txt" for number in range(200))


def test_two_files_of_one_name_stay_apart(settings):
    for text in ("Amazon backs OpenAI", "Nvidia backs Mistral"):
        drop(settings, "a.txt", text)
        taken_in(settings)
    assert names(settings, "taken") == ["a.txt", "a.txt"]


def test_a_name_that_leads_elsewhere_is_not_followed(settings):
    (inbox_of(settings) / "secret.txt").write_text("not claimed", "utf-8")
    assert take_in(settings, ["../secret.txt", "gone.txt"]) == ([], [])
    assert (inbox_of(settings) / "secret.txt").exists()


def test_an_inbox_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "inbox").write_text("a file", "utf-8")
    with pytest.raises(ConfigError, match="inbox: cannot be made an inbox"):
        claim(tmp_path / "inbox")
