"""Sending digests: each issue that is due is written into the outbox once, and what waits there is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline.errors import DealwireError
from pipeline.logging import logger
from pipeline.mail import (
    DeliveryReport,
    Letter,
    MailSettings,
    Outbox,
    backend_for,
    build_message,
    bytes_of,
    stable_id,
    unsubscribe_link,
)
from pipeline.mail.deliver import send_waiting
from pipeline.plain import one_line
from pipeline.settings import Settings
from pipeline.subscriptions.issue import Issue, build_issue, due_span
from pipeline.subscriptions.schema import Subscription

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class SendReport:
    """What a run did: addresses by what became of their issue, and what became of all that waited in the outbox."""

    written: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    written_before: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    delivery: DeliveryReport = field(default_factory=DeliveryReport)

    @property
    def well(self) -> bool:
        """Whether every issue was written and every letter went out."""
        return not self.problems and self.delivery.well

    def to_json(self) -> dict[str, Any]:
        """A JSON object of all of it."""
        return asdict(self)


def send_digests(
    settings: Settings, mail: MailSettings, subscriptions: Sequence[Subscription], now: datetime, wait_s: float = 0.0
) -> SendReport:
    """Write the issues that are due at ``now`` (UTC) into the outbox, then send all that waits there.

    A subscription whose issue cannot be made is a problem of the report, and the others get theirs.

    Raises:
        OutboxError: another process has been sending for ``wait_s`` seconds.
        SnapshotMissingError: nothing has been published.
    """
    from warehouse.db import connect_snapshot

    report = SendReport()
    outbox = Outbox(settings.outbox)
    try:
        with outbox.only_sender(wait_s):
            ledger = connect_snapshot(settings.snapshot)
            try:
                for subscription in subscriptions:
                    _write(ledger, outbox, subscription, mail, now, report)
            finally:
                ledger.close()
            report.delivery = send_waiting(outbox, backend_for(mail, settings.home / "mail"), mail, now)
    finally:
        outbox.close()
    return report


def _write(
    ledger: duckdb.DuckDBPyConnection, outbox: Outbox, subscription: Subscription, mail: MailSettings, now: datetime,
    report: SendReport,
) -> None:  # fmt: skip
    from pipeline.digest import known_until

    try:
        span = due_span(outbox, subscription, now, known_until(ledger))
        if span.written:
            report.written_before.append(subscription.address)
            return
        issue = build_issue(ledger, subscription, span)
        outbox.put(letter_of(issue, mail, now), now, supersede=True)
    except Exception as error:  # one reader's trouble must not cost the others their morning
        if not isinstance(error, DealwireError):
            logger().error("digest not made", to=subscription.address, exc_info=True)
        report.problems.append(f"{subscription.address}: {error or type(error).__name__}")
        return
    (report.quiet if issue.is_quiet else report.written).append(subscription.address)


def letter_of(issue: Issue, mail: MailSettings, now: datetime) -> Letter:
    """The issue as a letter to its reader; without a body where there is nothing to tell and no message is wanted."""
    from pipeline.digest import subject

    subscription, span = issue.subscription, issue.span
    message_id = stable_id(mail, subscription.address, subscription.series, span.period)
    told = one_line(subject(issue.digest))
    body = None if issue.is_quiet else _body(issue, mail, message_id, told, now)
    return Letter(
        message_id, subscription.address, subscription.series, span.period, mail.sender_address, told, body,
        span.since, span.until, len(issue.digest.lines) + issue.digest.more,
    )  # fmt: skip


def _body(issue: Issue, mail: MailSettings, message_id: str, told: str, now: datetime) -> bytes:
    from pipeline.digest import inline_images, render_html, render_text

    subscription, digest = issue.subscription, issue.digest
    leave = unsubscribe_link(mail, subscription.address)
    images = inline_images(digest) if subscription.parts != "text" else ()
    message = build_message(
        mail,
        to=subscription.address,
        subject=told,
        message_id=message_id,
        when=now,
        text=render_text(digest, leave) if subscription.parts != "html" else None,
        html=render_html(digest, images, leave) if subscription.parts != "text" else None,
        language=digest.language,
        images={image.cid: image.png for image in images},
    )
    return bytes_of(message)
