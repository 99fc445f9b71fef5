"""What reaches the terminal: colour only there, strangers' text without control sequences, progress only for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from pipeline.plain import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


@cache
def out() -> Console:
    """Results, on standard output. Piped, lines are not folded."""
    return _console(stderr=False)


@cache
def err() -> Console:
    """Messages and progress, on standard error."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, soft_wrap=not stream.isatty())


def say(text: str) -> None:
    """A line of result, as it is: no markup, no colour."""
    out().print(clean(text), markup=False, soft_wrap=True)


def note(text: str) -> None:
    """A remark on standard error, so that piped results stay clean."""
    err().print(clean(text), markup=False, soft_wrap=True)


def show_error(message: str, hint: str = "") -> None:
    """An error and what to do about it, on standard error."""
    from rich.text import Text

    err().print(Text.assemble(("error: ", "bold red"), clean(message)), soft_wrap=True)
    if hint:
        err().print(Text.assemble(("hint:  ", "bold"), clean(hint)), soft_wrap=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress display on standard error; silent unless that is a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeElapsedColumn(), console=err(), transient=True, disable=not err().is_terminal)
    with bar:
        yield bar


def reset() -> None:
    """Forget the consoles, after standard streams were replaced (tests do)."""
    out.cache_clear()
    err.cache_clear()
