"""``python -m pipeline.demo``: the newsroom in the foreground until Ctrl-C."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated

import typer

from pipeline.demo.server import Newsroom
from pipeline.errors import ConfigError


def serve(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes any free one.")] = 8099,
    revision: Annotated[int, typer.Option(help="2 serves the corrected articles.")] = 1,
    sources: Annotated[Path | None, typer.Option(help="Write the publishers' source files into this folder.")] = None,
) -> None:
    """Serve the sample newsroom's publishers until Ctrl-C."""
    try:
        with Newsroom(port=port, revision=revision) as newsroom:
            typer.echo(f"{len(newsroom.articles)} articles at {newsroom.base_url}, revision {revision}")
            for source in newsroom.sources():
                typer.echo(f"{source['language']}  {source['feed'][0]['url']}  {source['name']}")
            if sources:
                typer.echo(f"{len(newsroom.write_sources(sources))} source files in {sources}")
            typer.echo("Ctrl-C ends it.")
            threading.Event().wait()
    except ConfigError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        typer.echo("Closed.")


typer.run(serve)
