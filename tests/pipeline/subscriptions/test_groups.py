"""Groups of readers: due at their own hour, once, and not when it is long past."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from pipeline.digest import Preferences
from pipeline.mail import Letter, Outbox
from pipeline.subscriptions import Subscription
from pipeline.subscriptions.groups import NOBODY, group_of, groups_due

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
BERLIN = Subscription("ann@example.org", at=time(9), preferences=Preferences("de", "EUR", "Europe/Berlin"))  # 07:00 UTC
TOKYO = Subscription("bob@example.org", at=time(20), preferences=Preferences("ja", "JPY", "Asia/Tokyo"))  # 11:00 UTC
READERS = (BERLIN, TOKYO)


@pytest.fixture
def outbox(tmp_path):
    return tmp_path / "outbox.sqlite"


def write(outbox, subscription, period, state="queued"):
    box = Outbox(outbox)
    letter = Letter("<1@example.org>", subscription.address, subscription.series, period, "a@example.org", "s", b"x",
                    NOON, NOON, 1)  # fmt: skip
    box.put(letter, NOON)
    if state == "sent":
        box.sent(letter.message_id, NOON)
    box.close()


def test_readers_are_due_at_their_own_hour_and_not_long_after(outbox):
    assert group_of(BERLIN) == "09:00 Europe/Berlin"
    assert groups_due(outbox, READERS, NOON) == ["09:00 Europe/Berlin", "20:00 Asia/Tokyo"]
    assert groups_due(outbox, READERS, NOON + timedelta(hours=2)) == ["20:00 Asia/Tokyo"]
    assert groups_due(outbox, READERS, NOON + timedelta(hours=8)) == []
    assert groups_due(outbox, READERS, NOON + timedelta(hours=8), late=True) == [
        "09:00 Europe/Berlin",
        "20:00 Asia/Tokyo",
    ]


def test_a_written_issue_is_not_due_again(outbox):
    write(outbox, BERLIN, "2026-04-02", "sent")
    assert groups_due(outbox, READERS, NOON) == ["20:00 Asia/Tokyo"]
    assert groups_due(outbox, [BERLIN], NOON) == []


def test_letters_that_wait_are_sent_though_nothing_is_due(outbox):
    write(outbox, BERLIN, "2026-04-02")
    assert groups_due(outbox, [BERLIN], NOON) == [NOBODY]
