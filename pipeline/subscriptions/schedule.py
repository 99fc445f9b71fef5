"""When a digest is due: local time in its zone, over changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.subscriptions.schema import Subscription

_LONGEST = 8  # days from an issue to the one before, and one more
_FRIDAY = 4


def issue_on(subscription: Subscription, day: date) -> datetime | None:
    """The moment (UTC) of the issue of that local day; None where the cadence has none.

    A time that the clock skips (the change to summer time) is taken as if the clock had not been changed yet; one that
    comes twice is the first.
    """
    weekday = day.weekday()
    if subscription.cadence == "weekdays" and weekday > _FRIDAY:
        return None
    if subscription.cadence == "weekly" and weekday != subscription.weekday:
        return None
    return datetime.combine(day, subscription.at, ZoneInfo(subscription.preferences.zone)).astimezone(UTC)


def latest_issue(subscription: Subscription, now: datetime) -> datetime:
    """The moment (UTC) of the newest issue that is due at ``now``."""
    today = now.astimezone(ZoneInfo(subscription.preferences.zone)).date()
    moments = (issue_on(subscription, today - timedelta(days=back)) for back in range(_LONGEST))
    return next(moment for moment in moments if moment is not None and moment <= now)


def issue_before(subscription: Subscription, issue: datetime) -> datetime:
    """The moment of the issue before one."""
    return latest_issue(subscription, issue - timedelta(microseconds=1))


def period_of(subscription: Subscription, issue: datetime) -> str:
    """What tells the issues of a subscription apart: the local day, for a weekly one its week (``2026-W14``)."""
    day = issue.astimezone(ZoneInfo(subscription.preferences.zone)).date()
    if subscription.cadence == "weekly":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()
