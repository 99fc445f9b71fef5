"""``db``: the ledger's file. Looking after it is all that writes besides ``run`` and ``ingest``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note, say
from pipeline.cli.output import Format, print_rows
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    import duckdb

    from pipeline.settings import Settings

_SHOWN = 5  # rows of a failed check


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(no_args_is_help=True, help="The ledger: migrate, copy, publish, snapshots, check, path.")
    group.command("migrate", epilog=examples("dealwire db migrate"))(migrate)
    group.command("copy", epilog=examples("DEALWIRE_WAREHOUSE='ducklake:postgres:dbname=lake' dealwire db copy"))(copy)
    group.command("publish", epilog=examples("dealwire db publish", "dealwire db publish --parquet"))(publish)
    snapshots_examples = examples("dealwire db snapshots", "dealwire db snapshots --verify --json")
    group.command("snapshots", epilog=snapshots_examples)(snapshots)
    group.command("check", epilog=examples("dealwire db check"))(check)
    group.command("path", epilog=examples('duckdb -readonly "$(dealwire db path)"', "dealwire db path --writer"))(path)
    app.add_typer(group, name="db", epilog=examples("dealwire db migrate", "dealwire db check"))


def migrate() -> None:
    """Bring the schema, the views, and the rows of companies, chips and deal types up to date."""
    from datetime import UTC, datetime

    from pipeline.relink import relink
    from warehouse import migrate as migrations
    from warehouse.db import connect_writer
    from warehouse.reference import read_companies, sync_reference
    from warehouse.store import Store

    settings = read_settings()
    con = connect_writer(settings.ledger, settings.writer_wait_s)
    try:
        done = migrations.migrate(con)
        counts = sync_reference(Store(con))
        Store(con).index_words()
        relink(Store(con), read_companies(), datetime.now(UTC))
    finally:
        con.close()
    say("\n".join(f"applied {name}" for name in done) or "the schema is up to date")
    say(", ".join(f"{count} {table}" for table, count in counts.items()))


def copy() -> None:
    """Copy the ledger of this home's file into the empty DuckLake that DEALWIRE_WAREHOUSE names."""
    from warehouse.copy_rows import move_in

    settings = read_settings()
    if settings.ledger == settings.database:
        raise ConfigError("DEALWIRE_WAREHOUSE: is not set", "name the DuckLake to copy into; see docs/ducklake.md")
    counts = move_in(settings.database, settings.ledger, settings.writer_wait_s)
    say(f"{sum(counts.values())} rows of {len(counts)} tables copied into {settings.ledger}")
    note("dealwire db check looks them over, dealwire db publish shows them to readers")


def publish(
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Every table and view as a Parquet file too, with a manifest.")
    ] = False,
) -> None:
    """Copy the ledger to the snapshot that readers open, in one step that no reader sees half done."""
    from datetime import UTC, datetime

    from pipeline.alerts.published import publish_files
    from warehouse.publish import publish as place

    settings = read_settings()
    files = parquet or settings.publish_parquet
    with _writer(settings) as con:
        snapshot, version = place(con, settings.snapshot, settings.keep_snapshots, parquet=files)
        publish_files(con, snapshot.parent, datetime.now(UTC), settings.published_language)
    say(str(snapshot))
    if files:
        say(str(snapshot.with_suffix(".parquet")))
    note(f"kept as {version.name} too")


def snapshots(
    verify: Annotated[bool, typer.Option("--verify", help="Read every block, to find torn and flipped ones.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the published versions that are kept, newest first; exit status 1 when one of them cannot be read."""
    from warehouse.snapshots import list_versions

    found = list_versions(read_settings().snapshot, verify=verify)
    rows = [
        {
            "published_at": version.published_at, "current": version.current, "articles": version.articles,
            "deals": version.deals, "schema": version.schema_version, "bytes": version.bytes,
            "problem": version.problem, "path": version.path,
        }
        for version in found
    ]  # fmt: skip
    columns = ("published_at", "current", "articles", "deals", "schema", "bytes", "problem", "path")
    print_rows(rows, columns, Format.json if as_json else Format.table)
    if any(version.problem for version in found):
        raise typer.Exit(1)


def check() -> None:
    """Look for rows that a sound ledger never has; exit status 1 when there are some."""
    from warehouse import sql
    from warehouse.check import check as find

    settings = read_settings()
    with _writer(settings) as con:
        found = find(con)
    for name in sql.names("checks"):
        say(f"{name}: {'ok' if name not in found else f'{len(found[name])} rows'}")
        for row in found.get(name, [])[:_SHOWN]:
            say("  " + ", ".join(f"{key}={value}" for key, value in row.items()))
    if found:
        raise typer.Exit(1)


def path(
    writer: Annotated[bool, typer.Option("--writer", help="The writer's ledger instead of the snapshot.")] = False,
) -> None:
    """Print the path of the published snapshot, for use with other tools."""
    settings = read_settings()
    say(str(settings.ledger if writer else settings.snapshot))


@contextmanager
def _writer(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger, up to date: a run that was killed while it migrated may have left tables without their views."""
    from warehouse import migrate as migrations
    from warehouse.db import connect_writer

    if not settings.has_ledger:
        raise ConfigError(
            f"{settings.database}: there is no ledger here",
            "dealwire db migrate makes one; DEALWIRE_HOME says where data lives",
        )
    con = connect_writer(settings.ledger, settings.writer_wait_s)
    try:
        migrations.migrate(con)
        yield con
    finally:
        con.close()
