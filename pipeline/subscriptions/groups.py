"""Readers who are served together: those of one local time and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.mail import Outbox
from pipeline.subscriptions.issue import due_span
from pipeline.subscriptions.schedule import latest_issue
from pipeline.subscriptions.schema import Subscription

NOBODY = "no new issue, only letters that wait"
LATE = timedelta(hours=6)  # behind its hour, a morning's mail is no news any more


def group_of(subscription: Subscription) -> str:
    """The name of a reader's group, as in ``07:00 Europe/Berlin``."""
    return f"{subscription.at:%H:%M} {subscription.preferences.zone}"


def groups_due(
    outbox: Path, subscriptions: Sequence[Subscription], now: datetime, *, late: bool = False
) -> list[str]:  # fmt: skip
    """Groups to which an issue is due at ``now`` (UTC) that was not written yet; sorted.

    One whose hour is more than ``LATE`` past is left out unless ``late``: the reader's next issue tells the same news.
    Where none is due but letters wait for a server, that is ``NOBODY``.
    """
    box = Outbox(outbox)
    try:
        due = {
            group_of(one)
            for one in subscriptions
            if (late or now - latest_issue(one, now) <= LATE) and not due_span(box, one, now, None).written
        }
        return sorted(due) or ([NOBODY] if box.waiting() else [])
    finally:
        box.close()
