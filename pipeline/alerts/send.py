"""Alerts from rules to targets: find what is new in the published ledger, hold it, freeze it into messages, send those.

Whenever the process may end, each event is in one message of each rule that tells it, and each message goes to each of
its targets under one id until one try was noted as taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipeline.alerts.content import message_of
from pipeline.alerts.deliver import deliver
from pipeline.alerts.events import events_after, events_named
from pipeline.alerts.match import matches
from pipeline.alerts.rules import Rule, RuleBook, read_rules
from pipeline.alerts.state import AlertState
from pipeline.alerts.timing import release_at
from pipeline.mail.settings import MailSettings, read_mail_settings
from pipeline.settings import Settings
from warehouse.db import connect_snapshot


@dataclass(slots=True)
class AlertReport:
    """What a run did. ``rules`` were in use; ``found`` counts events that rules found now, ``held`` those that wait for
    a throttle or the end of quiet hours (the first of them until ``next_at``, UTC); ``sent`` counts deliveries.

    ``problems`` are sentences for people: rules that are wrong, and targets that did not take a message. Such messages
    are ``waiting`` for a later run, or given up (``failed``).
    """

    rules: int = 0
    found: int = 0
    held: int = 0
    messages: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    next_at: datetime | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether nothing needs anybody's eyes."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """A JSON object of all of it."""
        counts = {
            name: getattr(self, name) for name in ("rules", "found", "held", "messages", "sent", "waiting", "failed")
        }
        next_at = self.next_at.isoformat() if self.next_at else None
        return {**counts, "next_at": next_at, "problems": list(self.problems)}


def send_alerts(
    settings: Settings, now: datetime | None = None, *, again: bool = False,
    mail: Callable[[], MailSettings] = read_mail_settings,
) -> AlertReport:  # fmt: skip
    """Tell what the published ledger has learnt since the last call, by the rules of ``alerts.toml``.

    To be called after each load, and every few minutes for what rules hold back. Without that file it does nothing.
    With ``again``, messages that were given up, or wait for their pause, are tried at once. ``now`` is UTC;
    ``mail`` reads the settings of mail, and is asked only where a rule names an address.

    Raises:
        ConfigError: the file is no TOML.
        SnapshotMissingError: nothing has been published.
        AlertsBusyError: another call has been sending for a minute.
    """
    report = AlertReport()
    if not settings.alerts.is_file():
        return report
    now = now or datetime.now(UTC)
    book = read_rules(settings.alerts)
    report.rules = len(book.rules)
    report.problems += map(str, book.problems)
    with AlertState(settings.alerts_state) as state:
        con = connect_snapshot(settings.snapshot)
        try:
            _find(state, con, book, now, report)
            for rule in book.rules:
                _release(state, con, rule, now, report)
        finally:
            con.close()
        if again:
            state.revive(now)
        deliver(state, settings, book, now, report, mail)
    return report


def _find(
    state: AlertState, con: duckdb.DuckDBPyConnection, book: RuleBook, now: datetime, report: AlertReport
) -> None:
    """Hold for each rule what it has not judged yet. A rule's news starts when its file was last written before the
    rule was first used."""
    written = datetime.fromtimestamp(book.path.stat().st_mtime, UTC)
    covered = {rule.name: state.watch(rule.name, min(written, now)) for rule in book.rules}
    if not covered:
        return
    events = events_after(con, min(covered.values()))
    for rule in book.rules:
        news = [event for event in events if event.recorded_at > covered[rule.name]]
        if news:
            chosen = [event for event in news if matches(rule, event)]
            report.found += state.note(rule.name, chosen, news[-1].recorded_at)


def _release(state: AlertState, con: duckdb.DuckDBPyConnection, rule: Rule, now: datetime, report: AlertReport) -> None:
    """Freeze what the rule holds into a message, if it may send now."""
    held = state.held(rule.name)
    if not held:
        return
    due = release_at(rule, now, state.last_released(rule.name))
    if due > now:
        report.held += len(held)
        report.next_at = min(filter(None, (report.next_at, due)))
        return
    standing = events_named(con, held)
    ids = [event.id for event in standing]
    state.withdraw(rule.name, set(held).difference(ids), now)
    if standing:
        state.release(message_of(con, rule, standing, now), ids, rule.targets)
        report.messages += 1
