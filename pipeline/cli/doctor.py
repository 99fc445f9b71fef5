"""``doctor``: is all in order here? Looks, changes nothing, and prints no secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import doctor_airflow, doctor_mail
from pipeline.cli.common import examples, read_settings
from pipeline.cli.finding import Finding, State
from pipeline.cli.output import Format, print_json, print_rows

if TYPE_CHECKING:
    from pipeline.settings import Settings

_LIBRARIES = ("dealwire", "duckdb", "onnxruntime", "spacy", "trafilatura", "transformers")
_SCARCE_BYTES = 1 << 30
_FULL_BYTES = 100 << 20
_OLD_SNAPSHOT_H = 48
_SOON = datetime(2025, 1, 1, tzinfo=UTC)  # a clock that shows less was never set


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor", epilog=examples("dealwire doctor", "dealwire doctor --json"))(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False) -> None:
    """Look at versions, settings, disk, clock, database, models, feeds, mail and Airflow. Status 1 on an error."""
    settings = read_settings()
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _versions, _settings, _home, _clock, _database, _snapshot, _models, _sources,
        doctor_mail.mail, doctor_airflow.inbox, doctor_airflow.airflow,
    )  # fmt: skip
    findings = [finding for look in looks for finding in look(settings)]
    rows = [asdict(finding) for finding in findings]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, ("check", "state", "found", "hint"), Format.table)
    if any(finding.state == "error" for finding in findings):
        raise typer.Exit(1)


def _versions(_: Settings) -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    yield Finding("python", "ok", sys.version.split()[0])
    for name in _LIBRARIES:
        try:
            yield Finding(name, "ok", version(name))
        except PackageNotFoundError:
            yield Finding(name, "error", "not installed", "install dealwire again")


def _settings(settings: Settings) -> Iterator[Finding]:
    """Which variables are set; values only of those that are settings of ours and no secrets."""
    from pipeline.private import open_to_others
    from pipeline.redact import names_secret

    known = {f"DEALWIRE_{name.upper()}" for name in type(settings).model_fields}
    given = sorted(name for name in os.environ if name.startswith("DEALWIRE_"))
    shown = ", ".join(
        f"{name}={os.environ[name]}" if name in known and not names_secret(name) else f"{name} (set)" for name in given
    )
    yield Finding("settings", "ok", shown or "all by default")
    if settings.allow_private:
        yield Finding(
            "allow_private", "warning", "requests to private addresses are permitted", "unset DEALWIRE_ALLOW_PRIVATE"
        )
    for path in open_to_others(settings):
        yield Finding("addresses", "warning", f"{path} is open to every user here", f"chmod o= {path}")
    if "example.org" in settings.user_agent:
        yield Finding("user_agent", "warning", "names no contact", "put your own address into DEALWIRE_USER_AGENT")


def _home(settings: Settings) -> Iterator[Finding]:
    import shutil

    home = settings.home
    there = next(folder for folder in (home, *home.absolute().parents) if folder.is_dir())
    if not os.access(there, os.W_OK):
        yield Finding("home", "error", f"{home} cannot be written", "set DEALWIRE_HOME to a folder of yours")
    else:
        yield Finding("home", "ok", f"{home}{'' if there == home else ' (not made yet)'}")
    free = shutil.disk_usage(there).free
    state: State = "error" if free < _FULL_BYTES else "warning" if free < _SCARCE_BYTES else "ok"
    yield Finding(
        "disk", state, f"{free / 1e9:.1f} GB free", "" if state == "ok" else "make room; a full disk stops loading"
    )


def _clock(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    ahead = [
        path
        for path in (settings.database, settings.snapshot)
        if path.is_file() and path.stat().st_mtime > now.timestamp() + 300
    ]
    if now < _SOON or ahead:
        why = "before this program was written" if now < _SOON else f"earlier than the last change of {ahead[0].name}"
        yield Finding(
            "clock", "error", f"{now:%Y-%m-%d %H:%M} UTC, {why}", "set the clock: times in the ledger depend on it"
        )
    else:
        yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _database(settings: Settings) -> Iterator[Finding]:
    from warehouse.db import connect_writer
    from warehouse.errors import LedgerBusyError, WarehouseError

    ledger = settings.ledger
    if not settings.has_ledger:
        yield Finding("database", "warning", "none yet", "dealwire demo or dealwire run makes one")
        return
    told = f"{settings.database.stat().st_size / 1e6:.1f} MB" if ledger == settings.database else str(ledger)
    try:
        connect_writer(ledger, wait_s=0).close()
    except LedgerBusyError as error:
        yield Finding("database", "ok", f"{told}, being written by process {error.pid or 'unknown'}")
    except WarehouseError as error:
        yield Finding("database", "error", error.message, error.hint)
    else:
        yield Finding("database", "ok", f"{told}, free to write")


def _snapshot(settings: Settings) -> Iterator[Finding]:
    from warehouse import sql
    from warehouse.db import connect_snapshot
    from warehouse.errors import SnapshotMissingError, WarehouseError

    try:
        con = connect_snapshot(settings.snapshot)
    except SnapshotMissingError:
        yield Finding("snapshot", "warning", "none published", "dealwire db publish, once there is a ledger")
        return
    except WarehouseError as error:
        yield Finding("snapshot", "error", error.message, error.hint)
        return
    with con:
        hours = (datetime.now(UTC).timestamp() - settings.snapshot.stat().st_mtime) / 3600
        counts = sql.run(con, "ledger_counts")[0]
        told = ", ".join(f"{counts[name]} {name}" for name in ("articles", "claims", "deals", "events"))
        old = hours > _OLD_SNAPSHOT_H
        yield Finding(
            "snapshot", "warning" if old else "ok", f"{hours:.1f} h old: {told}", "dealwire run" if old else ""
        )
        yield from _feeds(
            sql.execute(con, "SELECT health, count(*) AS feeds FROM feed_health GROUP BY health ORDER BY health")
        )


def _feeds(rows: list[dict[str, object]]) -> Iterator[Finding]:
    counts = {str(row["health"]): row["feeds"] for row in rows}
    bad = any(name in counts for name in ("failing", "dead"))
    told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "none polled yet"
    yield Finding("feeds", "warning" if bad else "ok", told, 'dealwire query "FROM feed_health"' if bad else "")


def _models(_: Settings) -> Iterator[Finding]:
    from models.data_files import DataFileError, languages, read_toml

    try:
        rows = {
            name: len(read_toml(f"{name}.toml")[key]) for name, key in (("companies", "company"), ("chips", "chip"))
        }
    except (DataFileError, KeyError) as error:
        yield Finding("data", "error", str(error), "install dealwire again")
    else:
        told = ", ".join(f"{count} {name}" for name, count in rows.items())
        yield Finding("data", "ok", f"{told}, languages {' '.join(languages())}")
    yield _tagger()


def _tagger() -> Finding:
    """Hashes are compared with those of the artefact's configuration; nothing is loaded into the runtime."""
    import json

    from models.tagger.artefact import FILES, FOLDER

    try:
        expected = json.loads((FOLDER / "config.json").read_text("utf-8"))["sha256"]
        wrong = [name for name in FILES if _sha256(FOLDER / name) != expected.get(name)]
    except FileNotFoundError as error:
        return Finding(
            "tagger", "warning", f"{Path(error.filename).name} is not installed", "unknown names are found less often"
        )
    if wrong:
        return Finding(
            "tagger", "error", f"{', '.join(wrong)} changed since training", "restore the files or make train"
        )
    return Finding("tagger", "ok", f"{len(FILES)} files as trained")


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sources(settings: Settings) -> Iterator[Finding]:
    from pipeline.errors import ConfigError
    from pipeline.sources import load_sources

    try:
        catalog = load_sources(settings.sources_dir)
    except ConfigError as error:
        yield Finding("sources", "error", error.message, error.hint)
        return
    for problem in catalog.problems:
        yield Finding("sources", "error", str(problem), "mend or remove the file")
    feeds = sum(len(source.feeds) for source in catalog.sources)
    yield Finding(
        "sources", "ok" if catalog.sources else "warning", f"{len(catalog.sources)} publishers, {feeds} feeds"
    )
