"""``subscribe``, ``digest`` and ``outbox`` as an operator uses them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess

import pytest

from tests.pipeline.cli.conftest import CommandLine
from tests.pipeline.mail.server import PASSWORD, USER, mail_server, write_authority


@pytest.fixture
def dealwire(ledger, tmp_path):
    """A home of its own, with the published ledger."""
    home = tmp_path / "home"
    shutil.copytree(ledger / "published", home / "published")
    return CommandLine(home)


@pytest.fixture
def server(tmp_path, dealwire):
    with mail_server(*write_authority(tmp_path)) as running:
        settings = {"HOST": "localhost", "PORT": str(running.controller.port), "CA_FILE": str(running.ca_file),
                    "USER": USER, "PASSWORD": PASSWORD, "SENDER": "Dealwire <news@example.org>"}  # fmt: skip
        dealwire.env |= {f"DEALWIRE_MAIL_{name}": value for name, value in settings.items()}
        yield running


def test_from_subscribing_to_the_second_run(dealwire, server):
    assert dealwire("subscribe", "ann@example.org", "--zone", "Europe/Berlin").status == 0
    assert dealwire("subscribe", "desk@example.org", "--language", "ja", "--currency", "JPY").status == 0
    sent = dealwire("digest", "--send")
    assert (sent.status, sent.out) == (0, "2 sent, 0 waiting, 0 failed; 0 done before, 0 with nothing to tell\n")
    assert server.postbox.recipients == ["ann@example.org", "desk@example.org"]
    again = dealwire("digest", "--send")
    assert (again.status, again.out) == (0, "0 sent, 0 waiting, 0 failed; 2 done before, 0 with nothing to tell\n")
    assert len(server.postbox.taken) == 2
    rows = json.loads(dealwire("outbox", "--json").out)
    assert [(row["recipient"], row["state"], row["attempts"]) for row in rows] == [
        ("ann@example.org", "sent", 1), ("desk@example.org", "sent", 1),
    ]  # fmt: skip
    assert dealwire("unsubscribe", "ANN@example.org").status == 0
    (left,) = json.loads(dealwire("subscribers", "--json").out)
    assert (left["address"], left["language"], bool(left["told_until"])) == ("desk@example.org", "ja", True)


def test_killed_between_sent_and_recorded(dealwire, server):
    dealwire("subscribe", "ann@example.org", "--format", "text")
    sender = subprocess.Popen([dealwire.command, "digest", "--send"], env=dealwire.variables())
    server.postbox.on_taken = sender.kill
    assert sender.wait(timeout=120) == -signal.SIGKILL
    (row,) = json.loads(dealwire("outbox", "--json").out)
    assert (row["state"], row["attempts"]) == ("sending", 1)
    server.postbox.on_taken = lambda: None
    outputs = [dealwire("digest", "--send").out.split(";")[0] for _ in range(2)]
    assert outputs == ["1 sent, 0 waiting, 0 failed", "0 sent, 0 waiting, 0 failed"]
    first, again = (message.as_bytes() for _, message in server.postbox.taken)
    assert first == again
    (row,) = json.loads(dealwire("outbox", "--json").out)
    assert (row["state"], row["attempts"], row["doubts"]) == ("sent", 2, 1)


def test_a_wrong_entry_is_named_and_the_others_get_theirs(dealwire, server, tmp_path):
    dealwire("subscribe", "ann@example.org")
    path = tmp_path / "home" / "subscriptions.toml"
    path.write_text(path.read_text() + '\n[[subscription]]\naddress = "bob@example.org"\nzone = "Tokio"\n')
    sent = dealwire("digest", "--send")
    assert sent.status == 1
    assert server.postbox.recipients == ["ann@example.org"]
    words = " ".join(sent.err.split())
    assert f"{path}: subscription 2 (bob@example.org): zone: should be a time zone" in words
    assert "did you mean 'Asia/Tokyo'?" in words
    assert dealwire("digest", "--to", "bob@example.org", "--dry-run").status == 2
    assert dealwire("digest", "--to", "ann@example.org", "--send").status == 0


def test_files_instead_of_a_server(dealwire, tmp_path):
    dealwire("subscribe", "ann@example.org")
    assert dealwire("digest", "--send", "--backend", "file").status == 0
    (path,) = (tmp_path / "home" / "mail").glob("*.eml")
    assert b"To: ann@example.org" in path.read_bytes()


def test_what_cannot_be_sent_waits_and_is_seen(dealwire, server):
    dealwire("subscribe", "ann@example.org")
    dealwire.env["DEALWIRE_MAIL_PORT"] = "1"
    sent = dealwire("digest", "--send", "--json")
    assert sent.status == 1
    assert json.loads(sent.out)["delivery"]["waiting"] == ["ann@example.org"]
    assert "localhost:1 cannot be reached" in sent.err
    table = dealwire("outbox", "--state", "queued").out
    assert "ann@example.org" in table
    assert "cannot be reached" in table
    assert dealwire("unsubscribe", "ann@example.org").status == 0
    assert "cancelled" in dealwire("outbox").out


def test_looking_changes_nothing(dealwire, tmp_path):
    dealwire("subscribe", "ann@example.org", "--format", "text")
    for _ in range(2):
        (row,) = json.loads(dealwire("digest", "--dry-run", "--json").out)
        assert (row["address"], row["state"]) == ("ann@example.org", "to be sent")
    since = dealwire("digest", "--to", "ann@example.org", "--since", "2026-01-01", "--dry-run")
    assert "$60 bn" in since.out
    page = tmp_path / "new" / "digest.html"
    seen = dealwire("digest", "--to", "ann@example.org", "--since", "2026-01-01", "--preview", str(page))
    assert seen.status == 0
    assert "$60 bn" in page.read_text("utf-8")
    assert "$60 bn" in page.with_suffix(".txt").read_text("utf-8")
    assert dealwire("digest", "--preview", str(page)).status == 0
    assert json.loads(dealwire("outbox", "--json").out) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digest"], "one of --preview FILE.html, --dry-run, --send"),
        (["digest", "--send", "--dry-run"], "one of --preview"),
        (["digest", "--send", "--date", "2026-04-01"], "--send sends the issue that is due"),
        (["digest", "--to", "eve@example.org", "--dry-run"], "dealwire subscribe eve@example.org adds it"),
        (["digest", "--to", "ann@example.org", "--date", "2026-4-1", "--dry-run"], "--date: '2026-4-1' is no day"),
        (["digest", "--to", "ann@example.org", "--date", "2999-01-01", "--dry-run"], "is not due before"),
        (["digest", "--send", "--backend", "pigeon"], "DEALWIRE_MAIL_BACKEND"),
        (["digest", "--cadence", "hourly", "--send"], "--cadence"),
        (["subscribe", "eve"], "address: should be a mail address, not 'eve'"),
        (["subscribe", "eve@example.org", "--company", "opnai"], "did you mean 'openai'?"),
        (["subscribe", "ann@example.org"], "has a daily digest already"),
        (["unsubscribe", "eve@example.org"], "eve@example.org has no subscription"),
        (["outbox", "--state", "send"], "--state"),
    ],
)
def test_wrong_use_is_status_2(dealwire, arguments, said):
    dealwire("subscribe", "ann@example.org")
    answer = dealwire(*arguments)
    assert answer.status == 2
    assert said in " ".join(answer.err.split())


def test_without_subscriptions(dealwire):
    answer = dealwire("digest", "--send")
    assert answer.status == 0
    assert "there are no subscriptions" in answer.err
    assert "dealwire subscribe" in dealwire("subscribers").err


def test_without_a_ledger(empty):
    empty("subscribe", "ann@example.org")
    answer = empty("digest", "--send")
    assert answer.status == 2
    assert "no snapshot has been published" in answer.err
