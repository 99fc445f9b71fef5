"""The outbox by itself: what it keeps, for how long, and who may use it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from pipeline.mail import FileBackend, Letter, MailSettings, Outbox, OutboxError, deliver
from tests.pipeline.mail.server import NOW, letter

DAY = timedelta(days=1)
ANN, SERIES = "ann@example.org", "digest/daily"
HOLD = """
import sys
from pathlib import Path
from pipeline.mail import Outbox
with Outbox(Path(sys.argv[1])).only_sender():
    print("held", flush=True)
    sys.stdin.read()
"""


def quiet(until):
    return Letter("<q@example.org>", ANN, SERIES, str(until.date()), "n@example.org", "", None, until - DAY, until)


def test_a_letter_is_kept_once(outbox):
    assert outbox.put(letter(), NOW)
    assert not outbox.put(letter("ANN@example.org"), NOW)
    assert outbox.has("Ann@Example.org", SERIES, "2026-04-02")
    assert not outbox.has(ANN, SERIES, "2026-04-03")
    assert outbox.put(letter(period="2026-04-03"), NOW)
    assert len(outbox.waiting()) == 2


def test_the_address_is_kept_as_it_was_given(outbox):
    outbox.put(letter("Ann.Lee@Example.org"), NOW)
    assert outbox.waiting()[0].letter.recipient == "Ann.Lee@Example.org"


def test_what_a_reader_knows(outbox):
    assert outbox.told_until(ANN, SERIES) is None
    outbox.put(letter(covers_from=NOW - DAY, covers_until=NOW), NOW)
    assert outbox.told_until(ANN, SERIES) == NOW - DAY
    outbox.sent(letter().message_id, NOW)
    assert outbox.told_until("ANN@example.org", SERIES) == NOW
    outbox.put(quiet(NOW + DAY), NOW)
    assert outbox.told_until(ANN, SERIES) == NOW + DAY
    assert outbox.told_until(ANN, "digest/weekly") is None
    assert outbox.covered(ANN, SERIES, "2026-04-03") == (NOW, NOW + DAY)
    assert outbox.covered(ANN, SERIES, "2026-04-04") is None


def test_a_later_letter_takes_the_place_of_one_that_waits(outbox):
    outbox.put(letter(), NOW)
    outbox.put(letter("bob@example.org"), NOW)
    outbox.put(letter(period="2026-04-03"), NOW + DAY, supersede=True)
    assert [(w.letter.recipient, w.letter.period) for w in outbox.waiting()] == [
        ("bob@example.org", "2026-04-02"), (ANN, "2026-04-03"),
    ]  # fmt: skip
    assert outbox.counts() == {"queued": 2, "superseded": 1}


def test_one_that_may_have_arrived_stays(outbox):
    outbox.put(letter(covers_until=NOW), NOW)
    outbox.wait(letter().message_id, NOW, "lost", doubt=True)
    assert outbox.told_until(ANN, SERIES) == NOW
    outbox.put(letter(period="2026-04-03"), NOW + DAY, supersede=True)
    assert len(outbox.waiting()) == 2


def test_only_one_process_sends(outbox):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(outbox.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(OutboxError, match="another run is sending"), outbox.only_sender():
            pass
        with pytest.raises(OutboxError, match="another run is sending"), outbox.only_sender(wait_s=0.2):
            pass
    finally:
        other.communicate()
    with outbox.only_sender():
        pass


def test_an_outbox_that_cannot_be_opened(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match=r"outbox\.sqlite"):
        Outbox(tmp_path / "file" / "outbox.sqlite")
    (tmp_path / "broken").write_text("no database, and long enough to be taken for none" * 10)
    with pytest.raises(OutboxError, match="broken"):
        Outbox(tmp_path / "broken")


def test_files_are_written_once(outbox, tmp_path):
    folder = tmp_path / "new" / "mail"
    for name in ("ann", "bob"):
        outbox.put(letter(f"{name}@example.org"), NOW)
    assert len(deliver(outbox, FileBackend(folder), MailSettings(), NOW).sent) == 2
    assert deliver(outbox, FileBackend(folder), MailSettings(), NOW).sent == []
    names = {f"{letter(f'{name}@example.org').message_id.strip('<>')}.eml" for name in ("ann", "bob")}
    assert {path.name for path in folder.iterdir()} == names
    assert (folder / names.pop()).read_bytes().startswith(b"From: Dealwire <news@example.org>\r\n")


def test_a_folder_that_cannot_be_written(outbox, tmp_path):
    (tmp_path / "file").write_text("")
    outbox.put(letter(), NOW)
    report = deliver(outbox, FileBackend(tmp_path / "file"), MailSettings(), NOW)
    assert (report.waiting, len(report.problems)) == ([ANN], 1)
    assert str(tmp_path / "file") in report.problems[0]
    assert not report.well
