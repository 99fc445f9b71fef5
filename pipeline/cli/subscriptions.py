"""``subscribe``, ``unsubscribe`` and ``subscribers``: the entries of ``subscriptions.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note, say, show_error
from pipeline.cli.output import Format, print_json, print_rows

if TYPE_CHECKING:
    from pipeline.subscriptions import Subscription, SubscriptionBook

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="Mail address.")]
_COLUMNS = ("address", "cadence", "time", "zone", "language", "currency", "format", "filters", "told_until")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "subscribe",
        epilog=examples(
            "dealwire subscribe ann@example.org --zone Europe/Berlin --time 06:45 --currency EUR",
            "dealwire subscribe desk@example.org --language ja --zone Asia/Tokyo --cadence weekdays --company openai",
            "dealwire subscribe boss@example.org --cadence weekly --day fri --min-usd 1e9 --quiet-days nothing",
        ),
    )(add)
    app.command(
        "unsubscribe",
        epilog=examples(
            "dealwire unsubscribe ann@example.org", "dealwire unsubscribe ann@example.org --cadence weekly"
        ),
    )(remove)
    app.command("subscribers", epilog=examples("dealwire subscribers", "dealwire subscribers --json"))(show)


def add(
    address: AddressArgument,
    language: Annotated[str | None, typer.Option(help="Language of the digest: en, ja, … (en).")] = None,
    currency: Annotated[str | None, typer.Option(help="Currency that sums are also given in (USD).")] = None,
    cadence: Annotated[str | None, typer.Option(help="daily, weekdays or weekly (daily).")] = None,
    day: Annotated[str | None, typer.Option(help="Day of a weekly digest: mon … sun (mon).")] = None,
    time: Annotated[str | None, typer.Option(help="Local time, as 07:30 (07:00).")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, as Asia/Tokyo (UTC).")] = None,
    format: Annotated[str | None, typer.Option(help="both, html or text (both).")] = None,  # noqa: A002
    quiet_days: Annotated[
        str | None, typer.Option(help="What a period without news brings: line or nothing (line).")
    ] = None,
    company: Annotated[list[str] | None, typer.Option(help="Only deals of this company; repeat for more.")] = None,
    chip: Annotated[list[str] | None, typer.Option(help="Only deals with this chip; repeat for more.")] = None,
    type: Annotated[list[str] | None, typer.Option(help="Only this type of deal; repeat for more.")] = None,  # noqa: A002
    status: Annotated[list[str] | None, typer.Option(help="Only deals of this status; repeat for more.")] = None,
    source_language: Annotated[
        list[str] | None, typer.Option(help="Only what was reported in this language; repeat for more.")
    ] = None,
    min_usd: Annotated[float | None, typer.Option(help="Only sums from here on, in US dollars.")] = None,
) -> None:
    """Add a subscription to subscriptions.toml. What is left out is as the brackets say; no filter means all deals."""
    from pipeline.subscriptions import subscribe

    given: dict[str, Any] = {
        "address": address, "language": language, "currency": currency, "cadence": cadence, "day": day, "time": time,
        "zone": zone, "format": format, "quiet_days": quiet_days, "companies": company, "chips": chip, "types": type,
        "statuses": status, "languages": source_language, "min_usd": min_usd,
    }  # fmt: skip
    settings = read_settings()
    added = subscribe(settings.subscriptions, {key: value for key, value in given.items() if value not in (None, [])})
    say(f"{added.address} gets a {added.cadence} digest: {settings.subscriptions}")
    note("dealwire digest --send sends it; run that every ten minutes or so, and each reader gets one when it is due")


def remove(
    address: AddressArgument,
    cadence: Annotated[str | None, typer.Option(help="Only the digest of this cadence.")] = None,
) -> None:
    """Take an address out of subscriptions.toml, and what waits for it out of the outbox."""
    from pipeline.mail import Outbox
    from pipeline.subscriptions import unsubscribe

    settings = read_settings()
    gone = unsubscribe(settings.subscriptions, address, cadence)
    outbox = Outbox(settings.outbox)
    try:
        for subscription in gone:
            outbox.cancel(subscription.address, subscription.series)
            say(f"{subscription.address} gets no {subscription.cadence} digest any more")
    finally:
        outbox.close()


def show(json: JsonOption = False) -> None:
    """Who gets which digest, and up to when each knows the ledger; status 1 if an entry is wrong."""
    from pipeline.mail import Outbox
    from pipeline.subscriptions import read_subscriptions

    settings = read_settings()
    book = read_subscriptions(settings.subscriptions)
    outbox = Outbox(settings.outbox)
    try:
        rows = [
            {**_row(one), "told_until": outbox.told_until(one.address, one.series)} for one in book.subscriptions
        ]  # fmt: skip
    finally:
        outbox.close()
    if json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS, Format.table)
    if not book.subscriptions and not book.problems:
        note("dealwire subscribe ann@example.org adds the first")
    if show_problems(book):
        raise typer.Exit(1)


def _row(one: Subscription) -> dict[str, Any]:
    from pipeline.vocabulary import DAYS

    wanted, filters = one.preferences, one.preferences.filters
    named: Sequence[tuple[str, frozenset[str]]] = (
        ("companies", filters.companies), ("chips", filters.chips), ("types", filters.types),
        ("statuses", filters.statuses), ("languages", filters.languages),
    )  # fmt: skip
    told = [f"{key}: {' '.join(sorted(values))}" for key, values in named if values]
    if filters.min_usd:
        told.append(f"min_usd: {filters.min_usd:g}")
    day = f"{DAYS[one.weekday]} " if one.cadence == "weekly" else ""
    return {
        "address": one.address, "cadence": one.cadence, "time": f"{day}{one.at:%H:%M}", "zone": wanted.zone,
        "language": wanted.language, "currency": wanted.currency, "format": one.parts, "filters": told,
    }  # fmt: skip


def show_problems(book: SubscriptionBook) -> bool:
    """Name the entries that cannot be used; whether there are any."""
    for problem in book.problems:
        show_error(f"{problem.path}: {problem.key}: {problem.message}", problem.hint)
    return bool(book.problems)
