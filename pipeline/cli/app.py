"""The root of the command line: global options, and errors told in words."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli import (
    alerts,
    chart,
    console,
    database,
    digest,
    doctor,
    evaluate,
    extract,
    ledger,
    maintain,
    news,
    search,
    sources,
    subscriptions,
)
from pipeline.errors import ConfigError, DealwireError, InputError
from warehouse.errors import QueryError, SnapshotMissingError, WarehouseError

PARTIAL, WRONG_USE = 1, 2
_WRONG_USE = (ConfigError, InputError, QueryError, SnapshotMissingError)


class Group(TyperGroup):
    """Commands whose errors end in a message, a hint and an exit status: 2 for wrong use or settings, 1 otherwise."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; with ``--debug`` errors keep their traceback."""
        try:
            return super().invoke(ctx)
        except (DealwireError, WarehouseError) as error:
            if ctx.params.get("debug"):
                raise
            console.show_error(error.message, error.hint)
            raise typer.Exit(WRONG_USE if isinstance(error, _WRONG_USE) else PARTIAL) from None
        except _passed_on():
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            console.show_error(*_told(error))
            raise typer.Exit(PARTIAL) from None


def _told(error: Exception) -> tuple[str, str]:
    """Message and hint for what is no error of the pipeline or the warehouse."""
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}", "check that the path exists, who may use it, and that the disk has room"
    if type(error).__module__.startswith("models."):  # raised on purpose: a file of knowledge is wrong
        return str(error), "dealwire doctor looks at the models' files"
    return f"{type(error).__name__}: {error}", "this is a fault of ours; --debug shows where"


def _passed_on() -> tuple[type[BaseException], ...]:
    """What typer itself turns into an exit status: wrong usage, Exit, Abort, a closed pipe."""
    from typer._click.exceptions import ClickException

    return (ClickException, typer.Exit, typer.Abort, BrokenPipeError)


app = typer.Typer(
    cls=Group,
    name="dealwire",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        console.say(f"dealwire {version('dealwire')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Reads the world's business news in its own languages and keeps a ledger of the deals of the AI cloud war.

    Data lives in the folder that DEALWIRE_HOME names.

    Try: dealwire demo, then dealwire timeline --company openai
    """


for module in (
    news, extract, ledger, chart, search, sources, database, subscriptions, digest, alerts, evaluate, maintain, doctor,
):  # fmt: skip
    module.register(app)


def main() -> None:
    """Entry point of the ``dealwire`` command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # a C locale must not turn Japanese into an error
            reconfigure(encoding="utf-8", errors="replace")
    app()
