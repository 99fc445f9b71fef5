"""Handing messages to their targets, side by side, so that a slow one holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from datetime import datetime
from typing import Protocol

from pipeline.alerts.letter import letter_of
from pipeline.alerts.rules import RuleBook
from pipeline.alerts.state import AlertState, Delivery
from pipeline.alerts.webhook import DeliveryError, Poster
from pipeline.errors import ConfigError, DealwireError
from pipeline.logging import logger
from pipeline.mail.settings import MailSettings
from pipeline.settings import Settings

MAIL = "mail:"
ReadMail = Callable[[], MailSettings]
_MAIL_WAIT_S = 5.0  # for a run of the digest that is sending


class Tally(Protocol):
    """What counts what became of deliveries (:class:`pipeline.alerts.send.AlertReport`)."""

    sent: int
    waiting: int
    failed: int
    problems: list[str]


def deliver(state: AlertState, settings: Settings, book: RuleBook, now: datetime, tally: Tally, mail: ReadMail) -> None:
    """Send what is due, and note of each message and target what became of it; ``mail`` reads the settings of mail."""
    due = state.due(now)
    hooks = [delivery for delivery in due if not delivery.target.startswith(MAIL)]
    letters = [delivery for delivery in due if delivery.target.startswith(MAIL)]
    if hooks:
        _post(state, settings, book, hooks, now, tally)
    if letters or any(target.startswith(MAIL) for rule in book.rules for target in rule.targets):
        _mail(state, settings, letters, now, tally, mail)


def _mail(
    state: AlertState, settings: Settings, due: Sequence[Delivery], now: datetime, tally: Tally, read: ReadMail
) -> None:
    """Put letters into the outbox of mail, whose care they are from then on, and send what waits there."""
    from pipeline.mail import Outbox, OutboxError, backend_for
    from pipeline.mail import deliver as send_letters

    try:
        mail = read()
    except ConfigError as error:
        for delivery in due:
            _note(state, delivery, error, now, tally)
        return
    with closing(Outbox(settings.outbox)) as outbox:
        for delivery in due:
            outbox.put(letter_of(delivery.message, delivery.target.removeprefix(MAIL), mail), now)
            state.sent(delivery, now)
        try:
            report = send_letters(outbox, backend_for(mail, settings.home / "mail"), mail, now, wait_s=_MAIL_WAIT_S)
        except OutboxError:  # a digest is being sent; what that run leaves is sent by the next one
            tally.waiting += len(due)
            return
    tally.sent += len(report.sent)
    tally.waiting += len(report.waiting)
    tally.failed += len(report.failed)
    tally.problems += [f"mail: {problem}" for problem in report.problems]


def _post(
    state: AlertState, settings: Settings, book: RuleBook, due: Sequence[Delivery], now: datetime, tally: Tally
) -> None:
    with Poster(settings) as poster, ThreadPoolExecutor(settings.concurrency) as threads:
        under_way = {threads.submit(_sender(delivery, book, poster)): delivery for delivery in due}
        for done in as_completed(under_way):
            error = done.exception()
            if error is None:
                state.sent(under_way[done], now)
                tally.sent += 1
            else:
                _note(state, under_way[done], error, now, tally)


def _note(state: AlertState, delivery: Delivery, error: BaseException, now: datetime, tally: Tally) -> None:
    said = str(error) if isinstance(error, DealwireError) else f"{type(error).__name__}: {error}"
    logger().warning("alert not delivered", rule=delivery.message.rule, target=delivery.target, error=said)
    if state.failed(delivery, said, now):
        tally.failed += 1
        tally.problems.append(f"rule {delivery.message.rule!r}: given up: {said}")
    else:
        tally.waiting += 1
        tally.problems.append(f"rule {delivery.message.rule!r}: {said}")


def _sender(delivery: Delivery, book: RuleBook, poster: Poster) -> Callable[[], None]:
    kind, _, name = delivery.target.partition(":")
    webhook = book.webhooks.get(name) if kind == "webhook" else None

    def send() -> None:
        if webhook is None:
            raise DeliveryError(f"{delivery.target}: {book.path} has no such target", f"add [webhook.{name}] again")
        poster.post(webhook, delivery.message)

    return send
