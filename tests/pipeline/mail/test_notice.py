"""A word to the operator: told once, and not lost while the server is away."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from pipeline.mail import MailSettings
from pipeline.mail.notice import send_notice
from pipeline.settings import Settings

NOW = datetime(2026, 4, 2, 6, tzinfo=UTC)
WHAT = ("ops@example.org", "load.write/run-1/-1", "Dealwire: load.write failed", "error: the disk is full\nrun: run-1")


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


def test_a_notice_is_told_once(settings):
    mail = MailSettings(backend="file")
    assert send_notice(settings, mail, *WHAT, now=NOW).sent == ["ops@example.org"]
    assert send_notice(settings, mail, *WHAT, now=NOW).sent == []
    (written,) = (settings.home / "mail").glob("*.eml")
    message = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == ("ops@example.org", "Dealwire: load.write failed")
    assert message.get_content().splitlines()[0] == "error: the disk is full"


def test_a_notice_waits_for_a_server_that_is_away(settings):
    away = MailSettings(host="127.0.0.1", port=1, security="none", tries=1)
    assert send_notice(settings, away, *WHAT, now=NOW).waiting == ["ops@example.org"]
    other = ("ops@example.org", "load.write/run-2/-1", *WHAT[2:])
    report = send_notice(settings, MailSettings(backend="file"), *other, now=NOW)
    assert report.sent == ["ops@example.org"] * 2
