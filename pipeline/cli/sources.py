"""``sources``: the publishers that are read; the packaged ones, or those of ``DEALWIRE_SOURCES_DIR``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note, progress, say, show_error
from pipeline.cli.output import Format, print_rows

if TYPE_CHECKING:
    from pipeline.records import Source
    from pipeline.settings import Settings
    from pipeline.sources import Catalog

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--into", help="Folder of source files; DEALWIRE_SOURCES_DIR, or the packaged one, by default."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(no_args_is_help=True, help="The publishers that are read: list, try, add, import, export.")
    group.command("list", epilog=examples("dealwire sources list", "dealwire sources list --lang ja"))(list_sources)
    group.command("check", epilog=examples("dealwire sources check", "dealwire sources check nikkei-xtech heise"))(
        check
    )
    group.command("add", epilog=examples("dealwire sources add https://example.org/news --tier 2 --lang de"))(add)
    group.command("import", epilog=examples("dealwire sources import subscriptions.opml --into my-sources"))(
        import_list
    )
    group.command("export", epilog=examples("dealwire sources export > dealwire.opml"))(export)
    app.add_typer(group, name="sources", epilog=examples("dealwire sources list --lang ko", "dealwire sources check"))


def list_sources(
    lang: Annotated[str | None, typer.Option(help="Only those that write in this language (ISO 639-1).")] = None,
    style: FormatOption = Format.table,
) -> None:
    """All publishers, one a row. Files that cannot be used are named on standard error."""
    catalog = load(read_settings())
    rows = [
        {"id": s.id, "name": s.name, "lang": s.language, "country": s.country, "kind": s.kind, "tier": s.tier,
         "poll_minutes": s.poll_minutes, "feeds": [feed.url for feed in s.feeds]}
        for s in catalog.sources if lang in (None, s.language)
    ]  # fmt: skip
    columns = ["id", "name", "lang", "country", "kind", "tier", "poll_minutes", "feeds"]
    print_rows(rows, columns if style is not Format.table else columns[:-1], style)
    end_with_problems(catalog)


def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of sources; all by default.")] = None,
    style: FormatOption = Format.table,
) -> None:
    """Ask every feed once, now: what it answers, how many items, how fresh. Exit status 1 when one fails."""
    from pipeline.fetch import Fetcher, RawStore
    from pipeline.sources import check_sources

    settings = read_settings()
    catalog = load(settings)
    chosen = [catalog.get(name) for name in ids] if ids else list(catalog.sources)
    rows = []
    with progress() as bar, Fetcher(settings, RawStore(settings.raw_dir)) as fetcher:
        task = bar.add_task("Asking feeds", total=len(chosen))
        for some in _chunks(chosen, 4 * settings.concurrency):
            rows += [asdict(answer) for answer in check_sources(some, fetcher)]
            bar.advance(task, len(some))
    columns = ["source_id", "state", "items", "newest_item_at", "elapsed_ms", "feed_url", "moved_to", "error"]
    print_rows(rows, columns, style)
    failed = sum(row["state"] != "ok" for row in rows)
    if failed:
        note(f"{failed} of {len(rows)} feeds failed")
    if failed or (catalog.problems and not ids):
        end_with_problems(catalog)
        raise typer.Exit(1)


def add(
    url: Annotated[str, typer.Argument(help="Address of a feed, or of a page that names its feeds.")],
    into: FolderOption = None,
    name: Annotated[str | None, typer.Option(help="Name to show; the feed's own title by default.")] = None,
    source_id: Annotated[
        str | None, typer.Option("--id", help="Id and file name; made from the name by default.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language (ISO 639-1), where the feed does not say.")] = None,
    country: Annotated[str | None, typer.Option(help="Country (ISO 3166-1), where the feed does not say.")] = None,
    kind: Annotated[str, typer.Option(help="What it is: newspaper, wire, company, regulator, blog ...")] = "blog",
    tier: Annotated[int, typer.Option(min=1, max=4, help="Credibility: 1 wires and filings, 4 aggregators.")] = 4,
) -> None:
    """Find the feeds of an address, try them, and write a source file."""
    from pipeline.fetch import Fetcher, RawStore
    from pipeline.sources import add_source

    settings = read_settings()
    with Fetcher(settings, RawStore(settings.raw_dir)) as fetcher:
        added = add_source(url, _folder(settings, into), fetcher, source_id=source_id, name=name, country=country,
                           language=lang, kind=kind, tier=tier)  # fmt: skip
    say(f"{added.source.path}")
    for feed in added.source.feeds:
        say(f"  {feed.url}")
    for address, reason in added.left_out:
        note(f"left out {address}: {reason}")


def import_list(
    path: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A subscription list of any feed reader.")],
    into: FolderOption = None,
    lang: Annotated[str, typer.Option(help="Language of these sources; und where they differ.")] = "und",
    country: Annotated[str, typer.Option(help="Their country; ZZ where they differ.")] = "ZZ",
    tier: Annotated[int, typer.Option(min=1, max=4, help="Their credibility.")] = 4,
) -> None:
    """Write a source file for each new feed of a subscription list (OPML)."""
    from pipeline.sources import import_opml

    imported = import_opml(path, _folder(read_settings(), into), country=country, language=lang, tier=tier)
    for source in imported.taken:
        say(source.path)
    for skipped in imported.skipped:
        note(f"skipped {skipped.title or skipped.url}: {skipped.reason}")
    note(f"{len(imported.taken)} sources written, {len(imported.skipped)} feeds skipped")


def export() -> None:
    """Print all sources as a subscription list (OPML) for any feed reader."""
    import sys

    from pipeline.sources import export_opml

    catalog = load(read_settings())
    sys.stdout.write(export_opml(catalog.sources))
    end_with_problems(catalog)


def load(settings: Settings) -> Catalog:
    """The sources of the settings."""
    from pipeline.sources import load_sources

    return load_sources(settings.sources_dir)


def end_with_problems(catalog: Catalog) -> None:
    """Name the source files that cannot be used, and end with status 1 if there are any."""
    for problem in catalog.problems:
        place = f"{problem.path}: {problem.key}" if problem.key else str(problem.path)
        show_error(f"{place}: {problem.message}", problem.hint)
    if catalog.problems:
        raise typer.Exit(1)


def _folder(settings: Settings, into: Path | None) -> Path:
    from pipeline.sources import packaged_folder

    return into or settings.sources_dir or packaged_folder()


def _chunks(sources: list[Source], size: int) -> list[list[Source]]:
    return [sources[start : start + size] for start in range(0, len(sources), size)]
