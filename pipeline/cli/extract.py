"""``extract``: documents in, a line each out. Needs no ledger and no network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note, progress
from pipeline.cli.output import Format, json_text, print_rows

if TYPE_CHECKING:
    from models.facts import Document
    from models.reader import Reader
    from pipeline.parse import InputProblem


class ExtractFormat(StrEnum):
    """How readings are printed."""

    jsonl = "jsonl"
    table = "table"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "extract",
        epilog=examples(
            "dealwire extract article.html notes.txt",
            "dealwire extract articles.jsonl --format table",
            "cat articles.jsonl | dealwire extract - > readings.jsonl",
        ),
    )(extract)


def extract(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Files (.txt, .html, .jsonl), or - for standard input.")
    ],
    style: Annotated[ExtractFormat, typer.Option("--format", "-f", help="jsonl or table.")] = ExtractFormat.jsonl,
    lang: Annotated[
        str | None, typer.Option(help="Language of all documents (ISO 639-1); else it is detected.")
    ] = None,
) -> None:
    """Read documents and print what each says: companies, chips, sums and deals, a line a document, in order.

    A document that cannot be read gives a line with "error"; the others are read all the same, and the status is 1.
    """
    from models.reader import Reader
    from pipeline.parse import read_files

    reader = Reader(read_settings().batch_size, detect=detector())
    failed, rows = 0, []
    with progress() as bar:
        task = bar.add_task("Reading documents", total=None)
        for row in read_all(read_files(files), reader, lang):
            failed += "error" in row
            if style is ExtractFormat.table:
                rows += _table_rows(row)
            else:
                sys.stdout.write(json_text(row) + "\n")
                sys.stdout.flush()
            bar.advance(task)
    if style is ExtractFormat.table:
        print_rows(
            rows,
            ("id", "lang", "type", "status", "parties", "amount", "chips", "occurred_on", "confidence"),
            Format.table,
        )
    if failed:
        note(f"{failed} documents could not be read")
        raise typer.Exit(1)


def read_all(
    found: Iterable[Document | InputProblem], reader: Reader, lang: str | None = None
) -> Iterator[dict[str, Any]]:
    """The JSON objects of the extraction contract, in the order of ``found``; ``lang`` holds for all documents."""
    from dataclasses import replace

    from pipeline.parse import InputProblem

    stream = iter(found)
    while batch := list(islice(stream, reader.batch_size)):
        documents = [item for item in batch if not isinstance(item, InputProblem)]
        if lang:
            documents = [replace(document, lang=lang) for document in documents]
        readings = reader.read(documents)
        for item in batch:
            if isinstance(item, InputProblem):
                yield {"id": item.file if item.line is None else f"{item.file}:{item.line}", "error": str(item)}
            else:
                yield next(readings).to_json()


def detector() -> Any:
    """Language of a document that does not name one."""
    from pipeline.parse import detect_language

    return lambda document: detect_language(document.content).lang


def _table_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A row a deal; a document without one, or in error, keeps a row of its own."""
    empty: dict[str, Any] = dict.fromkeys(("type", "status", "parties", "amount", "chips", "occurred_on", "confidence"))
    base = {**empty, "id": row["id"], "lang": row.get("lang")}
    if "error" in row:
        return [{**base, "type": "error", "parties": row["error"]}]
    return [
        {
            **base, **{key: deal[key] for key in ("type", "status", "chips", "occurred_on", "confidence")},
            "parties": [f"{party['id']} ({party['role']})" for party in deal["parties"]],
            "amount": _sum(deal["amount"]),
        }
        for deal in row["deals"]
    ] or [base]  # fmt: skip


def _sum(amount: dict[str, Any] | None) -> str:
    if amount is None:
        return ""
    bound = "" if amount["qualifier"] == "exact" else f"{amount['qualifier'].replace('_', ' ')} "
    return f"{bound}{amount['currency']} {amount['value']:,}"
