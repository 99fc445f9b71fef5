"""The outbox: letters wait here until a server has taken them.

A letter is ``queued``, then ``sending`` while a server is being spoken to, then ``sent``; or ``failed``; ``quiet``
where there was nothing to tell; ``superseded`` by a later one that tells the same and more; ``cancelled`` when its
recipient left.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import DealwireError
from pipeline.mail.addresses import same
from pipeline.mail.letters import Letter, WaitingLetter
from pipeline.sqlite_file import opened, transaction

STATES = ("queued", "sending", "sent", "failed", "quiet", "superseded", "cancelled")
_SCHEMA = Path(__file__).with_name("outbox.sql")
_INSERT = """
    INSERT INTO letters (message_id, recipient, recipient_key, series, period, state, sender, subject, body, changes,
                         covers_from, covers_until, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NOTE = """
    UPDATE letters SET state = ?, updated_at = ?, error = ?, attempts = attempts + ?, doubts = doubts + ?,
                       body = CASE WHEN ? THEN NULL ELSE body END
    WHERE message_id = ?
"""
_TOLD = """
    SELECT coalesce(max(covers_until) FILTER (WHERE state IN ('sent', 'quiet') OR doubts > 0), min(covers_from))
    FROM letters WHERE recipient_key = ? AND series = ?
"""
_LIST = """
    SELECT updated_at, state, recipient, series, period, changes, attempts, doubts, error, subject, message_id
    FROM letters WHERE ?1 IS NULL OR state = ?1 ORDER BY updated_at DESC, recipient LIMIT ?2
"""


class OutboxError(DealwireError):
    """The outbox cannot be used now."""

    retryable = True


class Outbox:
    """The letters in an SQLite file, made where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = opened(path, _SCHEMA)
            self._db.row_factory = sqlite3.Row
        except (sqlite3.Error, OSError) as error:
            raise OutboxError(f"{path}: the outbox cannot be opened: {error}", "who may write there?") from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def only_sender(self, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the outbox for writing and sending; what a crashed run left half sent is queued again, in doubt.

        Raises:
            OutboxError: another process held it for longer than ``wait_s`` seconds.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.path.with_suffix(".lock"), timeout=wait_s)
        try:
            lock.acquire()
        except Timeout:
            raise OutboxError(f"{self.path}: another run is sending", "wait for it to end") from None
        try:
            for row in self._db.execute("SELECT message_id FROM letters WHERE state = 'sending'").fetchall():
                self._note(row[0], "queued", datetime.now(UTC), "a run ended before the answer was noted", doubts=1)
            yield
        finally:
            lock.release()

    def has(self, recipient: str, series: str, period: str) -> bool:
        """Whether that letter was written already, whatever became of it."""
        key = (same(recipient), series, period)
        found = self._db.execute(
            "SELECT 1 FROM letters WHERE recipient_key = ? AND series = ? AND period = ?", key
        )  # fmt: skip
        return found.fetchone() is not None

    def told_until(self, recipient: str, series: str) -> datetime | None:
        """Up to when the recipient knows the ledger: by what was sent, may have been, or was not worth a message.

        A letter that waits does not count, since the next of its series will take its place, nor one that failed; if
        there are none but such, it is where the first of them began. None before the first.
        """
        return _moment(self._db.execute(_TOLD, (same(recipient), series)).fetchone()[0])

    def covered(self, recipient: str, series: str, period: str) -> tuple[datetime | None, datetime | None] | None:
        """What part of the ledger's history a letter tells; None where it was never written."""
        found = self._db.execute(
            "SELECT covers_from, covers_until FROM letters WHERE recipient_key = ? AND series = ? AND period = ?",
            (same(recipient), series, period),
        ).fetchone()
        return (_moment(found[0]), _moment(found[1])) if found else None

    def put(self, letter: Letter, now: datetime, *, supersede: bool = False) -> bool:
        """Keep a letter to be sent; False if it is there already.

        With ``supersede``, older letters of its series that still wait are dropped: it tells what they tell.
        """
        key, stamp = same(letter.recipient), _stamp(now)
        state = "queued" if letter.body is not None else "quiet"
        with transaction(self._db):
            if self.has(letter.recipient, letter.series, letter.period):
                return False
            if supersede:
                self._db.execute(
                    "UPDATE letters SET state = 'superseded', updated_at = ?, body = NULL "
                    "WHERE recipient_key = ? AND series = ? AND state = 'queued' AND doubts = 0",
                    (stamp, key, letter.series),
                )
            self._db.execute(
                _INSERT,
                (letter.message_id, letter.recipient, key, letter.series, letter.period, state, letter.sender,
                 letter.subject, letter.body, letter.changes, _stamp(letter.covers_from), _stamp(letter.covers_until),
                 stamp, stamp),
            )  # fmt: skip
        return True

    def cancel(self, recipient: str, series: str) -> None:
        """Drop what waits for a recipient who has left."""
        self._db.execute(
            "UPDATE letters SET state = 'cancelled', updated_at = ?, body = NULL "
            "WHERE recipient_key = ? AND series = ? AND state = 'queued'",
            (_stamp(datetime.now(UTC)), same(recipient), series),
        )

    def waiting(self) -> list[WaitingLetter]:
        """Letters that are to be sent, oldest first."""
        rows = self._db.execute("SELECT * FROM letters WHERE state = 'queued' ORDER BY created_at, recipient")
        return [_waiting(row) for row in rows.fetchall()]

    def start(self, message_id: str, now: datetime) -> None:
        """Note that a letter is on its way, before the server hears of it."""
        self._note(message_id, "sending", now, attempts=1)

    def sent(self, message_id: str, now: datetime) -> None:
        """Note that a server has taken it."""
        self._note(message_id, "sent", now, forget=True)

    def wait(self, message_id: str, now: datetime, error: str, *, doubt: bool = False) -> None:
        """Note that it is to be tried again."""
        self._note(message_id, "queued", now, error, doubts=int(doubt))

    def fail(self, message_id: str, now: datetime, error: str) -> None:
        """Give a letter up. The next of its series tells what it told, unless a server may have taken it."""
        self._note(message_id, "failed", now, error, forget=True)

    def rows(self, state: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Letters for an operator's eyes, newest first; of one state only, if given."""
        found = self._db.execute(_LIST, (state, limit)).fetchall()
        return [{**dict(row), "updated_at": datetime.fromisoformat(row["updated_at"])} for row in found]

    def counts(self) -> dict[str, int]:
        """Number of letters by state."""
        return dict(self._db.execute("SELECT state, count(*) FROM letters GROUP BY state ORDER BY state").fetchall())

    def _note(self, message_id: str, state: str, now: datetime, error: str = "", *, attempts: int = 0,
              doubts: int = 0, forget: bool = False) -> None:  # fmt: skip
        self._db.execute(_NOTE, (state, _stamp(now), error, attempts, doubts, forget, message_id))


def _waiting(row: sqlite3.Row) -> WaitingLetter:
    letter = Letter(
        row["message_id"], row["recipient"], row["series"], row["period"], row["sender"], row["subject"], row["body"],
        _moment(row["covers_from"]), _moment(row["covers_until"]), row["changes"],
    )  # fmt: skip
    return WaitingLetter(letter, row["body"], datetime.fromisoformat(row["created_at"]), row["doubts"], row["error"])


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None


def _moment(stamp: str | None) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None
