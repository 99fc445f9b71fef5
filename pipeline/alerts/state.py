"""What alerts remember between runs, so that each event is told once by each rule, whenever a process may die."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.alerts.events import Event
from pipeline.errors import DealwireError
from pipeline.sqlite_file import opened, transaction

GIVE_UP_AFTER = timedelta(hours=24)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_SCHEMA = Path(__file__).with_name("state.sql")
_HELD = "message IS NULL AND withdrawn_at IS NULL"


class AlertsBusyError(DealwireError):
    """Another run is sending alerts, or the file that remembers them cannot be used now."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Message:
    """What one rule tells at one moment. ``content`` is the JSON object of ``alert.schema.json``."""

    id: str
    rule: str
    released_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to one target; ``attempts`` counts the runs that have tried."""

    message: Message
    target: str
    attempts: int


class AlertState:
    """The file ``alerts.sqlite``, for one sender at a time: a context manager that holds its lock.

    Raises:
        AlertsBusyError: another run has been sending for ``wait_s`` seconds, or the file cannot be opened.
    """

    def __init__(self, path: Path, wait_s: float = 60.0) -> None:
        self.path = path
        self._wait_s = wait_s

    def __enter__(self) -> AlertState:
        from filelock import FileLock, Timeout

        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=self._wait_s)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._db = opened(self.path, _SCHEMA)
        except Timeout:
            raise AlertsBusyError(f"{self.path}: another run is sending alerts", "wait for it to end") from None
        except (sqlite3.Error, OSError) as error:
            self._lock.release()
            raise AlertsBusyError(f"{self.path}: cannot be opened: {error}", "who may write there?") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._lock.release()

    # --- finding -----------------------------------------------------------------------------------------------------

    def watch(self, rule: str, since: datetime) -> datetime:
        """Up to where the rule has looked through the ledger; a rule never seen before starts at ``since``."""
        self._db.execute("INSERT OR IGNORE INTO rules VALUES (?, ?, ?)", (rule, _stamp(since), _stamp(since)))
        found = self._db.execute("SELECT covered_until FROM rules WHERE rule = ?", (rule,)).fetchone()
        return _moment(found[0])

    def note(self, rule: str, events: Iterable[Event], covered_until: datetime) -> int:
        """Hold the events that the rule found, and that it has looked so far; returns how many it had not told yet."""
        rows = [(rule, event.id) for event in events]
        with transaction(self._db):
            before = self._db.total_changes
            self._db.executemany("INSERT OR IGNORE INTO found (rule, event) VALUES (?, ?)", rows)
            count = self._db.total_changes - before
            self._db.execute("UPDATE rules SET covered_until = ? WHERE rule = ?", (_stamp(covered_until), rule))
        return count

    def held(self, rule: str) -> list[str]:
        """Events that the rule has found and not told yet."""
        rows = self._db.execute(f"SELECT event FROM found WHERE rule = ? AND {_HELD}", (rule,))  # noqa: S608
        return [row[0] for row in rows]

    def last_released(self, rule: str) -> datetime | None:
        """When the rule last had something to send."""
        found = self._db.execute("SELECT max(released_at) FROM messages WHERE rule = ?", (rule,)).fetchone()
        return _moment(found[0]) if found[0] else None

    # --- sending -----------------------------------------------------------------------------------------------------

    def withdraw(self, rule: str, events: Iterable[str], now: datetime) -> None:
        """Let held events go that the ledger no longer stands by."""
        rows = [(_stamp(now), rule, event) for event in events]
        with transaction(self._db):
            self._db.executemany("UPDATE found SET withdrawn_at = ? WHERE rule = ? AND event = ?", rows)

    def release(self, message: Message, events: Iterable[str], targets: Sequence[str]) -> None:
        """Freeze a message: its events are told from now on, and it waits for each of its targets."""
        stamp = _stamp(message.released_at)
        content = json.dumps(message.content, ensure_ascii=False)
        with transaction(self._db):
            self._db.execute("INSERT INTO messages VALUES (?, ?, ?, ?)", (message.id, message.rule, stamp, content))
            self._db.executemany(
                "UPDATE found SET message = ? WHERE rule = ? AND event = ?",
                [(message.id, message.rule, event) for event in events],
            )
            self._db.executemany(
                "INSERT INTO deliveries (message, target, state, try_at, updated_at) VALUES (?, ?, 'waiting', ?, ?)",
                [(message.id, target, stamp, stamp) for target in targets],
            )

    def due(self, now: datetime) -> list[Delivery]:
        """What is to be sent now, oldest first."""
        rows = self._db.execute(
            "SELECT message, rule, released_at, content, target, attempts "
            "FROM deliveries JOIN messages USING (message) WHERE state = 'waiting' AND try_at <= ? "
            "ORDER BY released_at, message, target",
            (_stamp(now),),
        )
        return [
            Delivery(Message(name, rule, _moment(released), json.loads(content)), target, attempts)
            for name, rule, released, content, target, attempts in rows
        ]

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """Note that the target has it."""
        self._note(delivery, "sent", now, now, "")

    def failed(self, delivery: Delivery, error: str, now: datetime) -> bool:
        """Note what went wrong: it waits for a pause that doubles up to an hour. True if it is given up instead."""
        given_up = now - delivery.message.released_at >= GIVE_UP_AFTER
        pause = min(_FIRST_PAUSE * 2 ** min(delivery.attempts, 10), _LONGEST_PAUSE)
        self._note(delivery, "failed" if given_up else "waiting", now, now + pause, error)
        return given_up

    def _note(self, delivery: Delivery, state: str, now: datetime, try_at: datetime, error: str) -> None:
        self._db.execute(
            "UPDATE deliveries SET state = ?, attempts = attempts + 1, try_at = ?, error = ?, updated_at = ? "
            "WHERE message = ? AND target = ?",
            (state, _stamp(try_at), error, _stamp(now), delivery.message.id, delivery.target),
        )

    def revive(self, now: datetime) -> int:
        """Let what was given up, or waits for its pause, be tried at once; returns how many."""
        stamp = _stamp(now)
        return self._db.execute(
            "UPDATE deliveries SET state = 'waiting', try_at = ?, updated_at = ? WHERE state <> 'sent'", (stamp, stamp)
        ).rowcount

    # --- for people --------------------------------------------------------------------------------------------------

    def overview(self) -> dict[str, dict[str, Any]]:
        """For each rule that was ever used: ``watched_since``, ``held`` events, ``last`` message, and deliveries that
        were ``sent``, are ``waiting`` or have ``failed``, with the last ``error``."""
        rows = self._db.execute(_OVERVIEW).fetchall()
        keys = ("watched_since", "held", "last", "sent", "waiting", "failed", "error")
        return {row[0]: dict(zip(keys, row[1:], strict=True)) for row in rows}


_OVERVIEW = f"""
    SELECT rule, watched_since,
           (SELECT count(*) FROM found WHERE found.rule = rules.rule AND {_HELD}),
           (SELECT max(released_at) FROM messages WHERE messages.rule = rules.rule),
           count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'waiting'),
           count(*) FILTER (WHERE state = 'failed'),
           coalesce(max(error) FILTER (WHERE state <> 'sent'), '')
    FROM rules
    LEFT JOIN messages USING (rule)
    LEFT JOIN deliveries USING (message)
    GROUP BY rule, watched_since
    ORDER BY rule
"""  # noqa: S608 - a constant of ours


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
