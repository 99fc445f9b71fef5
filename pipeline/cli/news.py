"""``demo``, ``run``, ``ingest`` and ``backfill``: news comes in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import day, examples, read_settings
from pipeline.cli.console import note, out, progress
from pipeline.cli.output import Format, print_json, print_rows

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pipeline.report import RunReport
    from pipeline.settings import Settings

_SHOWN = 20  # problems of a run
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print what the run did.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo", epilog=examples("dealwire demo", "dealwire demo --revision 2"))(demo)
    app.command("run", epilog=examples("dealwire run", "dealwire run --source heise --source nikkei-xtech --force"))(
        run
    )
    app.command("ingest", epilog=examples("dealwire ingest article.html", "dealwire ingest articles.jsonl inbox/"))(
        ingest
    )

    app.command(
        "backfill",
        epilog=examples(
            "dealwire backfill --since 2025-01-01 --until 2025-12-31",
            "dealwire backfill --since 2025-01-01 --source heise --archive crawls/ --limit 5000",
        ),
    )(backfill)


def demo(
    revision: Annotated[int, typer.Option(min=1, max=2, help="2: the same publishers after their corrections.")] = 1,
) -> None:
    """Read the sample newsroom over HTTP on this machine and show what the ledger makes of it; needs no network."""
    from pipeline.demo.run_demo import run_demo

    status = run_demo(read_settings(), out(), revision=revision)
    if status:
        raise typer.Exit(status)


def run(
    source: Annotated[
        list[str] | None, typer.Option(help="Id of a source; repeat for several. All by default.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Poll feeds that are not due yet, too.")] = False,
    style: FormatOption = Format.table,
) -> None:
    """Poll the feeds that are due, read what is new, load it, publish the snapshot and send alerts."""
    from pipeline.cli.sources import load
    from pipeline.run import run_once

    settings = read_settings()
    catalog = load(settings)
    chosen = [catalog.get(name) for name in source] if source else None
    with progress() as bar:
        result = run_once(settings, sources=chosen, force=force, progress=_Bar(bar))
    _conclude(settings, result, style, well=chosen is not None or not catalog.problems)


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files (.txt, .html, .jsonl) or folders of them.")
    ],
    style: FormatOption = Format.table,
) -> None:
    """Read files into the ledger as if a publisher had sent them, publish the snapshot and send alerts."""
    from pipeline.ingest import ingest_paths

    settings = read_settings()
    with progress() as bar:
        result = ingest_paths(settings, paths, progress=_Bar(bar))
    _conclude(settings, result, style)


def backfill(
    since: Annotated[str, typer.Option(metavar="DAY", help="First day of publication, as 2025-01-31.")],
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day; today by default.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Id of a source; repeat for several. All by default.")
    ] = None,
    archive: Annotated[
        list[Path] | None, typer.Option(help="A .warc or .warc.gz file, or a folder of them; repeat for several.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take at most so many articles; run again for more.")] = None,
    style: FormatOption = Format.table,
) -> None:
    """Read a past range anew after models or companies have changed, or take in web archives; can be broken off."""
    from pipeline.backfill import Past
    from pipeline.backfill import backfill as fill_in

    first, last = day(since, "--since"), day(until, "--until")
    past = Past(first or date.min, last or datetime.now(UTC).date(), tuple(source or ()), tuple(archive or ()))
    settings = read_settings()
    with progress() as bar:
        result = fill_in(settings, past, limit=limit, progress=_Bar(bar))
    _conclude(settings, result, style)


class _Bar:
    """Shows a run's stages, one bar each (:class:`pipeline.report.Progress`)."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._now = ""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins, or begins again with more to do."""
        self._now = stage
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        elif total is not None:
            self._bar.update(self._tasks[stage], total=total + self._bar.tasks[self._tasks[stage]].completed)

    def step(self, count: int = 1) -> None:
        """So many items are done."""
        self._bar.advance(self._tasks[self._now], count)


def _conclude(settings: Settings, report: RunReport, style: Format, *, well: bool = True) -> None:
    """Show what the run did and send alerts, where there are rules; status 1 if somebody should look at either."""
    _show(report, style)
    if settings.alerts.is_file():
        from pipeline.cli.alerts import report_alerts

        well = report_alerts(settings) and well
    if report.failed or not well:
        raise typer.Exit(1)


def _show(report: RunReport, style: Format) -> None:
    """What the run did."""
    if style is Format.json:
        print_json(report.to_json())
    else:
        print_rows(report.as_rows(), ("stage", "what", "count", "seconds"), style)
    for problem in report.problems[:_SHOWN]:
        note(f"{problem.stage}: {problem}")
    if len(report.problems) > _SHOWN:
        note(f"and {len(report.problems) - _SHOWN} problems more; --format json names all")
