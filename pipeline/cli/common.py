"""What several commands share: settings, the snapshot, examples in help texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    import duckdb

    from pipeline.settings import Settings
    from warehouse.bounded import Bounds


def read_settings() -> Settings:
    """The settings of the environment.

    Raises:
        ConfigError: a value is not valid; the message names the variable.
    """
    from pipeline import logging
    from pipeline.settings import read_settings as of_environment

    logging.configure()  # else what stamina logs through structlog lands among the results, on standard output
    return of_environment()


@contextmanager
def snapshot(settings: Settings, bounds: Bounds | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published snapshot, read-only and confined; ``bounds`` limit its memory."""
    from warehouse.db import connect_snapshot

    con = connect_snapshot(settings.snapshot, bounds=bounds)
    try:
        yield con
    finally:
        con.close()


def examples(*lines: str) -> str:
    """The closing part of a command's help."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"[cyan]{line}[/cyan]" for line in lines)


def day(text: str | None, option: str) -> date | None:
    """A day given as YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option}: {text!r} is no day", "write it as 2026-01-31") from None
