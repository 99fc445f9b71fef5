"""``digest`` and ``outbox``: looking at digests, sending them, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import day, examples, read_settings, snapshot
from pipeline.cli.console import note, say, show_error
from pipeline.cli.output import Format, print_json, print_rows
from pipeline.cli.subscriptions import JsonOption, show_problems
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.subscriptions import Issue, Subscription, SubscriptionBook

_PLANNED = ("address", "cadence", "period", "state", "changes", "since", "until", "subject")
_KEPT = ("updated_at", "state", "recipient", "series", "period", "changes", "attempts", "doubts", "error", "subject")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "digest",
        epilog=examples(
            "dealwire digest --to ann@example.org --preview digest.html",
            "dealwire digest --to ann@example.org --since 2026-01-01 --preview digest.html",
            "dealwire digest --dry-run",
            "dealwire digest --send --backend file",
            "dealwire digest --send",
        ),
    )(digest)
    app.command("outbox", epilog=examples("dealwire outbox", "dealwire outbox --state failed --json"))(outbox)


def digest(
    to: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Only this subscriber.")] = None,
    cadence: Annotated[str | None, typer.Option(help="Only digests of this cadence.")] = None,
    date_: Annotated[str | None, typer.Option("--date", help="The issue of this day, to look at: 2026-04-02.")] = None,
    since: Annotated[str | None, typer.Option(help="Begin with this day (UTC), to look at.")] = None,
    preview: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write it there, text beside it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what --send would send.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send what is due and was not sent yet.")] = False,
    backend: Annotated[str | None, typer.Option(help="smtp, or file for .eml files below DEALWIRE_HOME.")] = None,
    json: JsonOption = False,
) -> None:
    """The digest of what the ledger learnt since a reader's last one: look at it, or send it to all whose is due.

    Each issue is sent once, however often the command runs. docs/mail.md says how to set up a mail server.
    """
    if (preview is not None) + dry_run + send != 1:
        raise ConfigError("digest: say what to do with it", "one of --preview FILE.html, --dry-run, --send")
    on, first = day(date_, "--date"), day(since, "--since")
    if send and (on or first):
        raise ConfigError("--send sends the issue that is due", "--date and --since go with --preview and --dry-run")
    from pipeline.subscriptions import read_subscriptions

    settings = read_settings()
    book = read_subscriptions(settings.subscriptions)
    chosen = _chosen(book, to, cadence)
    if send:
        well = _send(settings, chosen, backend, json=json)
    elif preview is not None:
        well = _preview(settings, to, chosen, on, first, preview)
    else:
        well = _dry_run(settings, chosen, on, first, show_text=to is not None, json=json)
    if (to is None and show_problems(book)) or not well:
        raise typer.Exit(1)


def _chosen(book: SubscriptionBook, to: str | None, cadence: str | None) -> list[Subscription]:
    from pipeline.subscriptions.schema import CADENCES

    if cadence is not None and cadence not in CADENCES:
        raise ConfigError(f"--cadence: {cadence!r} is none", f"one of {', '.join(CADENCES)}")
    found = book.of(to) if to else list(book.subscriptions)
    return [one for one in found if cadence in (None, one.cadence)]


def _send(settings: Settings, chosen: list[Subscription], backend: str | None, *, json: bool) -> bool:
    from pipeline.mail import read_mail_settings
    from pipeline.subscriptions import send_digests

    mail = read_mail_settings(**({"backend": backend} if backend else {}))
    report = send_digests(settings, mail, chosen, datetime.now(UTC))
    delivery = report.delivery
    if json:
        print_json(report.to_json())
    else:
        say(
            f"{len(delivery.sent)} sent, {len(delivery.waiting)} waiting, {len(delivery.failed)} failed; "
            f"{len(report.written_before)} done before, {len(report.quiet)} with nothing to tell"
        )
    for problem in (*report.problems, *delivery.problems):
        show_error(problem)
    if not chosen:
        note("there are no subscriptions; dealwire subscribe ann@example.org adds one")
    return report.well


def _issues(settings: Settings, chosen: list[Subscription], on: date | None, first: date | None) -> Iterator[Issue]:
    from pipeline.digest import known_until
    from pipeline.mail import Outbox
    from pipeline.subscriptions import build_issue, due_span, span_of_day

    now, kept = datetime.now(UTC), Outbox(settings.outbox)
    try:
        with snapshot(settings) as ledger:
            known = known_until(ledger)
            for one in chosen:
                span = span_of_day(kept, one, now, known, on) if on else due_span(kept, one, now, known)
                if first:
                    span = replace(span, since=datetime.combine(first, datetime.min.time(), UTC))
                yield build_issue(ledger, one, span)
    finally:
        kept.close()


def _preview(
    settings: Settings, to: str | None, chosen: list[Subscription], on: date | None, first: date | None, path: Path
) -> bool:
    from pipeline.digest import write_preview
    from pipeline.subscriptions import Subscription

    shown = chosen[:1] if to else [Subscription("")]  # without a reader: in English, unfiltered
    for issue in _issues(settings, shown, on, first):
        write_preview(issue.digest, path)
        told = f"{len(issue.digest.lines)} changes" if issue.digest.lines else "nothing new"
        say(f"{path}: {told} from {issue.span.since:%Y-%m-%d %H:%M} to {issue.span.until:%Y-%m-%d %H:%M} UTC")
    return bool(shown)


def _dry_run(
    settings: Settings, chosen: list[Subscription], on: date | None, first: date | None, *, show_text: bool, json: bool
) -> bool:
    from pipeline.digest import render_text

    issues = list(_issues(settings, chosen, on, first))
    rows = [_planned(issue) for issue in issues]
    if json:
        print_json(rows)
        return True
    print_rows(rows, _PLANNED, Format.table)
    for issue in issues if show_text else ():
        say(render_text(issue.digest))
    return True


def _planned(issue: Issue) -> dict[str, Any]:
    from pipeline.digest import subject

    state = "sent before" if issue.span.written else "nothing to send" if issue.is_quiet else "to be sent"
    return {
        "address": issue.subscription.address, "cadence": issue.subscription.cadence, "period": issue.span.period,
        "state": state, "changes": len(issue.digest.lines) + issue.digest.more, "since": issue.span.since,
        "until": issue.span.until, "subject": subject(issue.digest),
    }  # fmt: skip


def outbox(
    state: Annotated[str | None, typer.Option(help="Only messages of this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most messages to print, newest first.")] = 50,
    json: JsonOption = False,
) -> None:
    """What was written to whom and what became of it: queued, sending, sent, failed, quiet, superseded, cancelled."""
    from pipeline.mail import Outbox
    from pipeline.mail.outbox import STATES
    from pipeline.nearest import nearest_names

    if state is not None and state not in STATES:
        near = nearest_names(state, list(STATES), 1)
        raise ConfigError(f"--state: {state!r} is none", f"did you mean {near[0]}?" if near else ", ".join(STATES))
    kept = Outbox(read_settings().outbox)
    try:
        rows = kept.rows(state, limit)
    finally:
        kept.close()
    if json:
        print_json(rows)
    else:
        print_rows(rows, _KEPT, Format.table)
