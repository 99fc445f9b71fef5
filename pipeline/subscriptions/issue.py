"""One issue of a digest: which period it is of, what part of the ledger's history it tells, and what that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError
from pipeline.mail.outbox import Outbox
from pipeline.subscriptions.schedule import issue_before, issue_on, latest_issue, period_of
from pipeline.subscriptions.schema import Subscription
from pipeline.vocabulary import DAYS

if TYPE_CHECKING:
    import duckdb

    from pipeline.digest import Digest


@dataclass(frozen=True, slots=True)
class Span:
    """What an issue covers: the changes that the ledger learnt of after ``since`` and up to ``until`` (UTC).

    ``written`` says that the outbox has this issue.
    """

    period: str
    since: datetime
    until: datetime
    written: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """A digest that was built for a subscription."""

    subscription: Subscription
    span: Span
    digest: Digest

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell, and the reader wants no message then."""
        return self.digest.is_empty and self.subscription.quiet_days == "nothing"


def due_span(outbox: Outbox, subscription: Subscription, now: datetime, known: datetime | None) -> Span:
    """The newest issue that is due: it tells what the ledger knows (up to ``known``) and the reader does not.

    A reader's first issue reaches back to where the one before it would have ended. If the issue was written already,
    this is the next one as it would be now.
    """
    issue = latest_issue(subscription, now)
    period = period_of(subscription, issue)
    told = outbox.told_until(subscription.address, subscription.series)
    since = told or issue_before(subscription, issue)
    written = outbox.has(subscription.address, subscription.series, period)
    return Span(period, since, max(known or since, since), written)


def span_of_day(
    outbox: Outbox, subscription: Subscription, now: datetime, known: datetime | None, day: date
) -> Span:  # fmt: skip
    """The issue of a local day: as it was written, or else as it would have been in time.

    Raises:
        ConfigError: there is none on that day, or it is not due yet.
    """
    issue = issue_on(subscription, day)
    if issue is None:
        days = DAYS[subscription.weekday] if subscription.cadence == "weekly" else "mon to fri"
        raise ConfigError(f"--date: {subscription.address} has no digest on {day}", f"its days: {days}")
    if issue > now:
        zone = ZoneInfo(subscription.preferences.zone)
        raise ConfigError(
            f"--date: the digest of {day} is not due before {issue.astimezone(zone):%Y-%m-%d %H:%M} ({zone})",
            "without --date you see what it would say now",
        )
    period = period_of(subscription, issue)
    since, until = outbox.covered(subscription.address, subscription.series, period) or (None, None)
    if since and until:
        return Span(period, since, until, written=True)
    if issue == latest_issue(subscription, now):
        return due_span(outbox, subscription, now, known)
    return Span(period, issue_before(subscription, issue), issue)


def build_issue(ledger: duckdb.DuckDBPyConnection, subscription: Subscription, span: Span) -> Issue:
    """The issue that covers ``span``, from the published snapshot."""
    from pipeline.digest import build

    return Issue(subscription, span, build(ledger, span.since, span.until, subscription.preferences))
