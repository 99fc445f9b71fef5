"""The demonstration: the sample newsroom is read over HTTP, and the terminal shows what the ledger made of it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.demo.server import Newsroom
from pipeline.errors import ConfigError
from pipeline.report import RunReport
from pipeline.settings import Settings
from pipeline.sources import load_sources

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console

# Fixed, since addresses hold it: on another port a second run would take the same articles for new ones.
PORT = 8737
EVENTS = 15
_PAIR = {"one": "amazon", "other": "openai", "type": "equity_investment"}
_WIDTH = 118  # of what is piped; no terminal says how wide it is
_COLOUR = {"in_talks": "yellow", "announced": "cyan", "completed": "green", "ended": "red"}


def run_demo(settings: Settings, console: Console, revision: int = 1, port: int = PORT) -> int:
    """Serve the newsroom on loopback, run the pipeline over it once and print what came of it.

    Returns the exit status: 0, or 1 where the report says that somebody should look.

    Raises:
        ConfigError: the port is taken, or the newsroom has no such revision.
    """
    from pipeline.run import run_once

    show = _Screen(console)
    started = time.monotonic()
    local = settings.model_copy(update={"allow_private": True, "host_delay_s": 0.0, "warehouse": None})
    with _newsroom(port, revision) as newsroom:
        folder = settings.home / "demo" / "sources"
        newsroom.write_sources(folder)
        catalog = load_sources(folder)
        show.line(
            f"The sample newsroom is at {newsroom.base_url}: {len(catalog.sources)} publishers, "
            f"{len(newsroom.articles)} articles, revision {revision}. Reading it over HTTP …"
        )
        report = run_once(local, sources=catalog.sources, force=True)
    _show(show, settings, report, revision, time.monotonic() - started)
    return 1 if report.failed else 0


def _newsroom(port: int, revision: int) -> Newsroom:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(
                f"port {port} of 127.0.0.1 is taken, and the sample newsroom needs it: {error}",
                "end the program that listens there (is another demo running?) and try again",
            ) from error
    return Newsroom(port=port, revision=revision)


def _show(show: _Screen, settings: Settings, report: RunReport, revision: int, seconds: float) -> None:
    from warehouse import sql
    from warehouse.db import connect_snapshot

    con = connect_snapshot(settings.snapshot)
    try:
        show.table(
            "What was read", report.as_rows(), {"stage": "whole", "what": "", "count": "right", "seconds": "right"}
        )
        _problems(show, report)
        everything = dict.fromkeys(
            ("company", "chip", "type", "status", "lang", "since", "until", "recorded_since", "min_usd")
        )
        events = sql.run(con, "timeline_filtered", **everything, row_limit=EVENTS)
        show.table(
            f"The timeline: the latest {len(events)} events", [_event(row) for row in events],
            {
                "date": "whole", "who": "", **({"deal": "whole"} if show.wide else {}), "status": "whole",
                "sum": "right", **({"chips": ""} if show.wide else {}), "sources": "whole",
            },
        )  # fmt: skip
        deals = sql.run(con, "deal_of_pair", **_PAIR)
        for deal in sorted(deals[:2], key=lambda deal: deal["first_on"]):
            show.table(
                f"How the ledger learnt of {deal['deal_id']}",
                [_step(row) for row in sql.run(con, "deal_history", deal_id=deal["deal_id"])],
                {
                    "day": "whole",
                    "event": "",
                    "status": "whole",
                    "sum": "right",
                    "the words that say so": "",
                    "lang": "whole",
                },
            )
        totals = sql.run(con, "ledger_counts")[0]
        preview = _preview(con, settings.home / "demo")
    finally:
        con.close()
    _close(show, settings, report, revision, totals, preview, seconds)


def _preview(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The digest of what the latest batch of articles changed, in English and Japanese; returns the English one."""
    from pipeline.digest import Preferences, build, write_preview
    from warehouse import sql

    moments = [row["recorded_at"] for row in sql.run(con, "load_moments")]
    until, since = moments[0], moments[1] if len(moments) > 1 else None
    for preferences in (Preferences("en", "EUR"), Preferences("ja", "JPY", "Asia/Tokyo")):
        write_preview(build(con, since, until, preferences), folder / f"digest-{preferences.language}.html")
    return folder / "digest-en.html"


def _problems(show: _Screen, report: RunReport) -> None:
    if report.problems:
        show.line("What did not go smoothly (the newsroom fails on purpose here and there):")
        for problem in report.problems[:12]:
            show.line(f"  {problem}")
        if len(report.problems) > 12:
            show.line(f"  and {len(report.problems) - 12} more")
        show.line("")


def _close(
    show: _Screen, settings: Settings, report: RunReport, revision: int, totals: dict[str, Any], preview: Path,
    seconds: float,
) -> None:  # fmt: skip
    counts = report.counts
    if not report.added:
        known = counts.get("items_known", 0)
        others = f", and the {known} entries of the others were known already" if known else ""
        show.line(
            f"Nothing was added: {counts.get('feeds_not_modified', 0)} feeds answered that nothing has changed since "
            f"the last poll{others}."
        )
    show.line(
        f"The ledger holds {totals['articles']} articles, {totals['claims']} claims, {totals['deals']} deals, "
        f"{totals['events']} events. This run took {seconds:.0f} seconds."
    )
    show.line(f"Database        {settings.snapshot}")
    show.line(f"Digest preview  {preview}")
    show.line("")
    show.line("What to type next:")
    commands = [
        ("dealwire timeline --company openai", "who deals with OpenAI"),
        ("dealwire demo --revision 2", "the same publishers after a correction")
        if revision == 1
        else ("dealwire demo", "the newsroom as it was first"),
        ("dealwire run", "the real feeds, if this machine may reach them"),
        (f"duckdb -readonly {settings.snapshot}", "SQL; start with FROM timeline"),
    ]
    width = max(len(command) for command, _ in commands[:3])
    for command, why in commands:
        show.line(f"  {command:<{width}}  {why}")


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": row["date"], "who": row["headline"], "deal": row["type_name"], "status": row["status"],
        "sum": row["amount_text"] or "", "chips": ", ".join(row["chips"][:2]),
        "sources": f"{row['sources']} ({' '.join(code for code in row['languages'] if code)})",
    }  # fmt: skip


def _step(row: dict[str, Any]) -> dict[str, Any]:
    words = " ".join((row["evidence"] or "").split())
    return {
        "day": row["occurred_on"], "event": row["kind"] + (" (taken back)" if row["retracted_at"] else ""),
        "status": row["status"], "sum": row["amount_text"] or "",
        "the words that say so": words if len(words) <= 150 else words[:149] + "…", "lang": row["lang"],
    }  # fmt: skip


class _Screen:
    """Prints plain lines and tables; a stranger's text never reaches the terminal as markup or control sequence."""

    def __init__(self, console: Console) -> None:
        from rich.console import Console as Plain

        piped = Plain(file=console.file, width=int(os.environ.get("COLUMNS") or _WIDTH), color_system=None)
        self._console = console if console.is_terminal else piped
        self.wide = self._console.width >= _WIDTH

    def line(self, text: str) -> None:
        self._console.print(_plain(text), markup=False, highlight=False, soft_wrap=True)

    def table(self, title: str, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
        """``columns`` says of each how it is set: "right" (numbers), "whole" (never folded) or "" (folded)."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
        for column, style in columns.items():
            table.add_column(
                column, justify="right" if style == "right" else "left", no_wrap=bool(style), overflow="fold"
            )
        for row in rows:
            table.add_row(*(Text(_cell(row[column]), style=_COLOUR.get(str(row[column]), "")) for column in columns))
        self._console.print(table, soft_wrap=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    return _plain(str(value)).replace("in_talks", "in talks")


def _plain(text: str) -> str:
    """Without control characters and marks that turn the direction of writing."""
    import unicodedata

    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf"))
