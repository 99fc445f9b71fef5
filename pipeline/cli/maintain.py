"""``maintain``: what has been kept long enough goes, the ledger's file shrinks, and sick feeds are named."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note
from pipeline.cli.output import Format, print_json, print_rows

_SHOWN = ("health", "source_id", "feed_url", "failures", "last_ok_at", "last_error")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("maintain", epilog=examples("dealwire maintain --dry-run", "dealwire maintain --compact"))(maintain)


def maintain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count the files that would go.")] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Write the ledger's file anew even where little is to be gained.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Delete what has been kept long enough (DEALWIRE_KEEP_…), shrink the ledger's file, and name sick feeds.

    Articles, claims, deals and whatever waits to be read or loaded are never deleted.
    """
    from pipeline.maintenance import compact_ledger, prune_files, prune_logs, sick_feeds

    settings = read_settings()
    done = prune_files(settings, dry_run=dry_run)
    ledger = settings.has_ledger
    if ledger and not dry_run:
        done += [*prune_logs(settings), compact_ledger(settings, always=compact)]
    sick = sick_feeds(settings) if settings.snapshot.is_file() else []
    if as_json:
        print_json({"dry_run": dry_run, "pruned": [asdict(item) for item in done], "sick_feeds": sick})
        return
    print_rows([asdict(item) for item in done], ("what", "count", "bytes"), Format.table)
    if sick:
        print_rows(sick, _SHOWN, Format.table, title="Feeds to look at")
    if not ledger:
        note(f"no ledger at {settings.database}: only files were looked at")
