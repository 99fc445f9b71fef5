"""Sending what waits in the outbox: every letter once, none held up by another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.logging import logger
from pipeline.mail.backends import Backend, NotDeliveredError
from pipeline.mail.letters import WaitingLetter
from pipeline.mail.outbox import Outbox
from pipeline.mail.settings import MailSettings


@dataclass(slots=True)
class DeliveryReport:
    """Recipients by what became of their letters; ``problems`` are sentences for people, one a cause."""

    sent: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether every letter went out."""
        return not self.waiting and not self.failed


def deliver(
    outbox: Outbox, backend: Backend, settings: MailSettings, now: datetime, *, wait_s: float = 0.0,
    pause: Callable[[float], None] = time.sleep,
) -> DeliveryReport:  # fmt: skip
    """Send all letters that wait; :func:`send_waiting` for those who hold the outbox already.

    Raises:
        OutboxError: another process has been sending for ``wait_s`` seconds.
    """
    with outbox.only_sender(wait_s):
        return send_waiting(outbox, backend, settings, now, pause=pause)


def send_waiting(
    outbox: Outbox, backend: Backend, settings: MailSettings, now: datetime, *,
    pause: Callable[[float], None] = time.sleep,
) -> DeliveryReport:  # fmt: skip
    """Send all letters that wait, within ``outbox.only_sender()``.

    A letter that the server puts off is tried ``settings.tries`` times, then waits for the next run. One that may have
    been taken without a word is tried once a run. Given up is what is older than ``settings.give_up_after_h``, and what
    may have been taken ``settings.tries`` times.

    It is noted as ``sending`` before the server hears of it and as ``sent`` after it agreed. If the process ends in
    between, the next run sends the same bytes with the same Message-ID, by which mail stores tell a double.
    """
    run = _Run(outbox, backend, settings, now)
    with backend.session():
        letters = outbox.waiting()
        for attempt in range(settings.tries):
            if attempt and letters:
                pause(settings.pause_s * 2 ** (attempt - 1))
            letters = run.round(letters)
            if run.unreachable:
                break
    run.put_off(letters)
    return run.report


class _Run:
    """One run over the outbox."""

    def __init__(self, outbox: Outbox, backend: Backend, settings: MailSettings, now: datetime) -> None:
        self.outbox, self.backend, self.settings, self.now = outbox, backend, settings, now
        self.report = DeliveryReport()
        self.unreachable = ""
        self._said: dict[str, str] = {}  # Message-ID to what was wrong last
        self._doubtful: list[WaitingLetter] = []

    def round(self, letters: Sequence[WaitingLetter]) -> list[WaitingLetter]:
        """Try each letter once; returns those to be tried again."""
        again: list[WaitingLetter] = []
        for place, waiting in enumerate(letters):
            again += self._try(waiting)
            if self.unreachable:
                return [*again, *letters[place + 1 :]]
        return again

    def _try(self, waiting: WaitingLetter) -> list[WaitingLetter]:
        if waiting.doubts >= self.settings.tries:
            self._doubtful.append(waiting)
            return []
        message_id, to = waiting.letter.message_id, waiting.letter.recipient
        self.outbox.start(message_id, self.now)
        try:
            self.backend.send(waiting)
        except NotDeliveredError as error:
            kind, said = error.kind, str(error)
        except Exception as error:  # what is wrong with one letter, even by our fault, must not cost the others theirs
            kind, said = "doubt", f"{type(error).__name__}: {error}"
        else:
            self.outbox.sent(message_id, self.now)
            self.report.sent.append(to)
            return []
        logger().warning("mail not delivered", to=to, kind=kind, error=said)
        if kind == "refused":
            self._fail(waiting, said)
            return []
        self._said[message_id] = said
        self.outbox.wait(message_id, self.now, said, doubt=kind == "doubt")
        if kind == "doubt":
            self._doubtful.append(replace(waiting, doubts=waiting.doubts + 1))
            return []
        if kind == "unreachable":
            self.unreachable = said
        return [waiting]

    def put_off(self, letters: Sequence[WaitingLetter]) -> None:
        """Leave letters to the next run; give up those that are too old, or may have been taken too often."""
        hours = self.settings.give_up_after_h
        for waiting in [*letters, *self._doubtful]:
            said = self._said.get(waiting.letter.message_id) or self.unreachable or waiting.error
            if waiting.doubts >= self.settings.tries:
                self._fail(waiting, f"given up after {waiting.doubts} tries that may have arrived: {said}")
            elif self.now - waiting.created_at >= timedelta(hours=hours):
                self._fail(waiting, f"given up after {hours:g} hours: {said}")
            else:
                self.report.waiting.append(waiting.letter.recipient)
                if not self.unreachable:
                    self.report.problems.append(f"{waiting.letter.recipient}: {said}")
        if self.unreachable:
            self.report.problems.insert(0, self.unreachable)

    def _fail(self, waiting: WaitingLetter, said: str) -> None:
        self.outbox.fail(waiting.letter.message_id, self.now, said)
        self.report.failed.append(waiting.letter.recipient)
        self.report.problems.append(f"{waiting.letter.recipient}: {said}")
