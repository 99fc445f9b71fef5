"""``timeline``, ``deal`` and ``query``: reading the published snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import day, examples, read_settings, snapshot
from pipeline.cli.output import Format, print_rows
from pipeline.nearest import nearest_names

if TYPE_CHECKING:
    import duckdb

STATUSES = ("in_talks", "announced", "completed", "ended")
_SHORT = ("date", "status", "type", "headline", "amount_text", "chips", "sources", "languages", "deal_id")
_FULL = (
    "date", "deal_id", "kind", "type", "status", "previous_status", "headline", "amount_text", "amount", "currency",
    "bound", "usd", "chips", "company_ids", "sources", "languages", "evidence", "lang", "attribution", "tier", "source",
    "title", "url", "recorded_at",
)  # fmt: skip
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "timeline",
        epilog=examples(
            "dealwire timeline --company openai",
            "dealwire timeline --type compute_contract --since 2026-01-01 --limit 20",
            "dealwire timeline --chip google-tpu --format csv > tpu.csv",
        ),
    )(timeline)
    app.command("deal", epilog=examples("dealwire deal amazon-openai-equity-2025-12"))(deal)
    app.command(
        "query",
        epilog=examples(
            'dealwire query "SELECT headline, usd FROM deals_current ORDER BY usd DESC LIMIT 5"',
            'dealwire query "FROM circular_flows" --format json',
            "dealwire query - < question.sql",
        ),
    )(query)


def timeline(
    company: Annotated[str | None, typer.Option(help="Id of a company; a group counts with its subsidiaries.")] = None,
    chip: Annotated[str | None, typer.Option(help="Id of a chip family.")] = None,
    type: Annotated[str | None, typer.Option(help="Type of deal, such as equity_investment.")] = None,  # noqa: A002
    status: Annotated[str | None, typer.Option(help=f"One of {', '.join(STATUSES)}.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, as 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most rows to print, newest first.")] = 50,
    style: FormatOption = Format.table,
) -> None:
    """What happened when: an event a row, newest first."""
    from warehouse import sql

    first, last = day(since, "--since"), day(until, "--until")
    with snapshot(read_settings()) as con:
        _check_filters(con, {"company": company, "chip": chip, "type": type, "status": status})
        rows = sql.run(
            con, "timeline_filtered", company=company, chip=chip, type=type, status=status, since=first, until=last,
            lang=None, recorded_since=None, min_usd=None, row_limit=limit,
        )  # fmt: skip
    print_rows(rows, _SHORT if style is Format.table else _FULL, style)


def _check_filters(con: duckdb.DuckDBPyConnection, given: dict[str, str | None]) -> None:
    """A mistyped id would print an empty timeline, which reads as "nothing happened"."""
    from pipeline.errors import ConfigError

    known_by = {
        "company": "SELECT company_id FROM companies UNION SELECT unnest([company_id, root_id]) FROM deal_parties",
        "chip": "SELECT chip_id FROM chips",
        "type": "SELECT type FROM deal_types",
    }  # fmt: skip
    for name, value in given.items():
        if value is None:
            continue
        known = [row[0] for row in con.execute(known_by[name]).fetchall()] if name in known_by else list(STATUSES)
        if value not in known:
            near = nearest_names(value, known)
            raise ConfigError(
                f"--{name}: no {name} has the id {value!r}", f"did you mean {', '.join(near)}?" if near else ""
            )


def deal(
    deal_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the deal, as the timeline prints it.")],
    style: Annotated[Format, typer.Option("--format", "-f", help="table or json.")] = Format.table,
) -> None:
    """All that is known of one deal: parties, sums, history, and each claim with its words and source."""
    from warehouse import sql

    with snapshot(read_settings()) as con:
        found = sql.run(con, "deal", deal_id=deal_id)
        if not found:
            _no_deal(con, deal_id)
        parts = {
            "parties": sql.run(con, "deal_parties", deal_id=deal_id),
            "amounts": sql.run(con, "deal_amounts", deal_id=deal_id),
            "history": sql.run(con, "deal_history", deal_id=deal_id),
            "claims": sql.run(con, "deal_claims", deal_id=deal_id),
        }
    if style is Format.table:
        _print_deal(found[0], parts)
    elif style is Format.json:
        from pipeline.cli.output import print_json

        print_json({**found[0], **parts})
    else:
        print_rows(parts["claims"], list(parts["claims"][0]) if parts["claims"] else (), style)


def _no_deal(con: duckdb.DuckDBPyConnection, deal_id: str) -> None:
    from pipeline.errors import ConfigError

    rows = con.execute("SELECT deal_id, merged_into FROM deals").fetchall()
    merged = {name: into for name, into in rows if into}
    if deal_id in merged:
        raise ConfigError(
            f"{deal_id} was found to be the same deal as {merged[deal_id]}", f"dealwire deal {merged[deal_id]}"
        )
    near = nearest_names(deal_id, [name for name, into in rows if not into])
    hint = f"did you mean {', '.join(near)}?" if near else "dealwire timeline lists the ids"
    raise ConfigError(f"no deal has the id {deal_id!r}", hint)


_FACTS = {
    "amount_text": "sum", "amount_reason": "why this sum", "status_reason": "why this status", "chips": "chips",
    "gigawatts": "GW", "units": "chips in all", "parent_id": "part of", "thread_id": "continues",
}  # fmt: skip
_PARTS = {
    "parties": ("company_id", "name", "role", "side"),
    "amounts": ("amount_text", "usd", "semantics", "settled", "sources", "last_on", "reason"),
    "history": ("recorded_at", "occurred_on", "kind", "status", "amount_text", "retracted_at", "reason"),
}


def _print_deal(head: dict[str, Any], parts: dict[str, list[dict[str, Any]]]) -> None:
    from pipeline.cli.console import say
    from pipeline.cli.output import shown

    say(f"{head['headline']}: {head['type_name'] or head['type']}, {head['status']} since {head['status_on']}")
    for key, label in _FACTS.items():
        if head[key] and head[key] != head["deal_id"]:
            say(f"  {label}: {shown(head[key])}")
    for name, columns in _PARTS.items():
        print_rows(parts[name], columns, Format.table, title=name.capitalize())
    say("Claims")
    for claim in parts["claims"]:
        said = ", ".join(
            (claim["attribution"], f"tier {claim['tier']}", *(("a copy",) if claim["duplicate_of"] else ()))
        )
        stated = " ".join(filter(None, (str(claim["occurred_on"]), claim["status"], claim["amount_text"])))
        say(f"  {stated}  [{claim['lang']}] {claim['source']} ({said})")
        say(f"    “{' '.join((claim['evidence'] or '').split())}”")
        say(f"    {claim['url']}")


def query(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="A statement, or - to read it from standard input.")],
    style: FormatOption = Format.table,
) -> None:
    """Run SQL on the published snapshot: read-only, and confined to it (no files, no network, no extensions).

    It is stopped after DEALWIRE_QUERY_SECONDS, or when it needs more than DEALWIRE_QUERY_MEMORY.

    docs/data-dictionary.md lists tables and columns.
    """
    import sys

    from pipeline.errors import InputError
    from warehouse import bounded

    text = sys.stdin.read() if statement == "-" else statement
    if not text.strip():
        raise InputError("the statement is empty", 'write it in quotes: dealwire query "FROM deals_current"')
    settings = read_settings()
    bounds = bounded.Bounds(settings.query_seconds, settings.query_memory)
    with snapshot(settings, bounds) as con:
        columns, rows = bounded.table(con, text, bounds)
    names = unique(columns)
    print_rows([dict(zip(names, row, strict=True)) for row in rows], names, style)


def unique(columns: list[str]) -> list[str]:
    """Column names that a join gives twice, told apart by a number."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return names
