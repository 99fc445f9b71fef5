"""``eval``: how well the reader agrees with annotated documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import examples, read_settings
from pipeline.cli.console import note, progress
from pipeline.cli.output import Format, print_rows
from pipeline.errors import InputError

if TYPE_CHECKING:
    from models.facts import Document

_KEYS: dict[str, type] = {
    "id": str,
    "lang": str,
    "text": str,
    "orgs": list,
    "chips": list,
    "amounts": list,
    "deals": list,
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        "eval",
        epilog=examples("dealwire eval gold.jsonl", "dealwire eval gold.jsonl --readings readings.jsonl --format json"),
    )(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated documents, one a line.")],
    readings: Annotated[
        Path | None, typer.Option(help="Score these lines of `dealwire extract` instead of reading the documents now.")
    ] = None,
    style: Annotated[Format, typer.Option("--format", "-f", help="How to print the figures.")] = Format.table,
) -> None:
    """Read annotated documents and print how far the readings agree: F1 and shares, overall and for each language."""
    from models.evaluation import MEASURES
    from models.evaluation import evaluate as score

    documents = list(read_lines(gold, _KEYS))
    found = {row["id"]: row for row in read_lines(readings, {"id": str})} if readings else _read(documents)
    scores = score(documents, found)
    rows = [
        {"group": group, "documents": result.documents}
        | {name: None if value is None else round(value, 3) for name, value in result.figures().items()}
        for group, result in sorted(scores.items(), key=lambda item: (item[0] != "all", item[0]))
    ]
    if style is Format.table:
        rows = [{k: f"{v:.3f}" if isinstance(v, float) else v for k, v in row.items()} for row in rows]
    print_rows(rows, ("group", "documents", *MEASURES), style)
    absent = [doc["id"] for doc in documents if "error" in found.get(doc["id"], {"error": ""})]
    if absent:
        note(f"{len(absent)} of {len(documents)} documents have no reading and count as empty: {', '.join(absent[:5])}")
        raise typer.Exit(1)


def read_lines(path: Path, keys: dict[str, type]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file that have ``keys`` of these types.

    Raises:
        InputError: the file or a line cannot be read; names the line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}", "the file must be UTF-8 text, a JSON object a line") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: not JSON: {error}", "write one object a line") from None
        wrong = [key for key, kind in keys.items() if not isinstance(row, dict) or not isinstance(row.get(key), kind)]
        if wrong:
            raise InputError(
                f"{path}:{number}: missing or of the wrong type: {', '.join(wrong)}", "see docs/evaluation.md"
            )
        yield row


def _read(gold: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    from models.reader import Reader

    found = {}
    with progress() as bar:
        task = bar.add_task("Reading documents", total=len(gold))
        for reading in Reader(read_settings().batch_size).read(_document(row) for row in gold):
            found[reading.id] = reading.to_json()
            bar.advance(task)
    return found


def _document(row: dict[str, Any]) -> Document:
    from models.facts import Document

    return Document(row["id"], row["text"], row.get("title") or "", row["lang"], row.get("published"), row.get("url"))
