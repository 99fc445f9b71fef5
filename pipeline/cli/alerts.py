"""``alerts``: the rules of ``alerts.toml``, what they would have sent, and sending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import day, examples, read_settings, snapshot
from pipeline.cli.console import note, say, show_error
from pipeline.cli.output import Format, print_json, print_rows

if TYPE_CHECKING:
    from pipeline.alerts.rules import Rule, RuleBook
    from pipeline.alerts.state import Message
    from pipeline.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_COLUMNS = ("rule", "tells", "targets", "last", "held", "sent", "waiting", "failed", "error")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(no_args_is_help=True, help="Alerts by the rules of alerts.toml: list, test, send.")
    group.command("list", epilog=examples("dealwire alerts list", "dealwire alerts list --json"))(list_rules)
    group.command(
        "test",
        epilog=examples(
            "dealwire alerts test openai-money --since 2026-01-01",
            "dealwire alerts test openai-money --since 2026-01-01 --as-dated --json",
        ),
    )(rehearse)
    group.command("send", epilog=examples("dealwire alerts send", "dealwire alerts send --again --json"))(send)
    app.add_typer(group, name="alerts", epilog=examples("dealwire alerts list", "dealwire alerts send"))


def list_rules(json: JsonOption = False) -> None:
    """The rules, whom they tell, and what became of their messages; status 1 if a rule is wrong."""
    from pipeline.alerts.rules import read_rules
    from pipeline.alerts.state import AlertState

    settings = read_settings()
    book = read_rules(settings.alerts)
    seen: dict[str, dict[str, Any]] = {}
    if settings.alerts_state.is_file():
        with AlertState(settings.alerts_state) as state:
            seen = state.overview()
    rows = [_row(rule, seen.get(rule.name, {})) for rule in book.rules]
    if json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS, Format.table)
    _end_with_problems(book)


def _row(rule: Rule, seen: dict[str, Any]) -> dict[str, Any]:
    from pipeline.alerts.describe import described

    counts = {key: seen.get(key, 0) for key in ("held", "sent", "waiting", "failed")}
    last = seen.get("last")
    return {
        "rule": rule.name, "tells": described(rule), "targets": list(rule.targets),
        "last": last and last[:16].replace("T", " "), **counts, "error": seen.get("error", ""),
    }  # fmt: skip


def rehearse(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Name of the rule.")],
    since: Annotated[str, typer.Option(help="First day (UTC), as 2026-01-31.")],
    as_dated: Annotated[
        bool, typer.Option("--as-dated", help="Go by the day of an event, not by when the ledger learnt of it.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show what a rule would have sent since a day, with its throttle and quiet hours. Sends nothing, notes nothing."""
    from pipeline.alerts.rehearse import rehearse as imagine
    from pipeline.alerts.rules import read_rules
    from pipeline.errors import ConfigError

    first = day(since, "--since")
    if first is None:
        raise ConfigError("--since: no day", "write it as 2026-01-31")
    settings = read_settings()
    chosen = read_rules(settings.alerts).get(rule)
    with snapshot(settings) as con:
        messages = imagine(con, chosen, first, as_dated=as_dated)
    if json:
        print_json([{"targets": list(chosen.targets), "content": message.content} for message in messages])
    else:
        _print(chosen, messages)
    told = [event for message in messages for event in message.content["data"]["events"]]
    if not as_dated and any(event["date"] < since for event in told):
        note("some of this happened earlier and was recorded since; --as-dated goes by the day of the event")


def _print(rule: Rule, messages: Sequence[Message]) -> None:
    for message in messages:
        events = message.content["data"]["events"]
        say(f"{message.released_at:%Y-%m-%d %H:%M} UTC to {', '.join(rule.targets)}")
        for event in events:
            heard = event["evidence"]
            say(f"  {event['date']}  {event['sentence']}")
            say(f"              “{heard['text']}”  {heard['outlet']} ({heard['language']})")
    told = sum(len(message.content["data"]["events"]) for message in messages)
    note(f"{len(messages)} messages, {told} events" if messages else "the rule would have sent nothing")


def send(
    again: Annotated[
        bool, typer.Option("--again", help="Also try at once what was given up, or waits for its next try.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Send what the published ledger has learnt since the last time. Run again, it sends nothing twice."""
    from pipeline.alerts.rules import read_rules

    settings = read_settings()
    read_rules(settings.alerts)  # where there are no rules, somebody who asks to send should hear of it
    if not report_alerts(settings, json=json, again=again):
        raise typer.Exit(1)


def report_alerts(settings: Settings, *, json: bool = False, again: bool = False) -> bool:
    """Send, and print what came of it; False if somebody should look at it."""
    from pipeline.alerts import send_alerts

    report = send_alerts(settings, again=again)
    if json:
        print_json(report.to_json())
    else:
        note(f"{report.sent} alerts sent by {report.rules} rules; {report.held} events held, {report.waiting} to be "
             f"tried again, {report.failed} given up")  # fmt: skip
        if report.next_at:
            note(f"the next held events may go out at {report.next_at:%Y-%m-%d %H:%M} UTC")
    for problem in report.problems:
        note(problem)
    return report.well


def _end_with_problems(book: RuleBook) -> None:
    for problem in book.problems:
        show_error(str(problem))
    if book.problems:
        raise typer.Exit(1)
