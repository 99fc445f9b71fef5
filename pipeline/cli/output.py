"""Rows as a table for people, CSV for spreadsheets or JSON for programs."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipeline.cli.console import note, out
from pipeline.plain import clean

if TYPE_CHECKING:
    from rich.table import Table

Rows = Sequence[Mapping[str, Any]]


class Format(StrEnum):
    """How rows are printed. ``csv-raw`` is CSV for programs: cells that look like formulas stay as they are."""

    table = "table"
    csv = "csv"
    csv_raw = "csv-raw"
    json = "json"


# A cell that starts so is a formula to a spreadsheet, which may run commands or send data away. OWASP's list, with the
# full-width signs that spreadsheets of East Asia take for the narrow ones.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LINE = ("\t", "\r", "\n")
# What JSON allows raw, and a terminal or an editor would obey; escaped, a program reads the same string.
_ACTS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def print_rows(rows: Rows, columns: Sequence[str], style: Format, *, title: str = "") -> None:
    """Print rows in the order given; ``columns`` says which, and heads an empty table too."""
    if style is Format.json:
        _print_json(rows, columns)
    elif style in (Format.csv, Format.csv_raw):
        _print_csv(rows, columns, neutral if style is Format.csv else cell)
    else:
        _print_table(rows, columns, title)


def _print_json(rows: Rows, columns: Sequence[str]) -> None:
    print_json([{column: row[column] for column in columns} for row in rows])


def print_json(value: Any) -> None:
    """One JSON document; days and times in ISO 8601."""
    sys.stdout.write(json_text(value, indent=2) + "\n")


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON that is safe to look at: no control character, direction mark or lone surrogate stands in it unescaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_json)
    return _ACTS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _print_csv(rows: Rows, columns: Sequence[str], write: Callable[[Any], str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([write(column) for column in columns])
    writer.writerows([write(row[column]) for column in columns] for row in rows)


def _print_table(rows: Rows, columns: Sequence[str], title: str) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=clean(title) or None, title_justify="left", pad_edge=False)
    for column in columns:
        numeric = bool(rows) and all(isinstance(row[column], int | float | Decimal | None) for row in rows)
        table.add_column(Text(clean(column)), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(shown(row[column]))) for column in columns))
    if out().is_terminal:
        out().print(table)
    else:
        _print_wide(table)
    if not rows:
        note("no rows")


def _print_wide(table: Table) -> None:
    """Piped, a table takes the width it needs: folded cells would be of no use to grep, nor trailing blanks to diff."""
    from io import StringIO

    from rich.console import Console

    page = StringIO()
    Console(file=page, width=10_000, highlight=False, color_system=None).print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in page.getvalue().splitlines() if line.strip())


def shown(value: Any) -> str:
    """A value to read: lists by commas, times without what they do not say, large sums grouped."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.2f}"
    if isinstance(value, dict):
        return json_text(value)
    return str(value)


def neutral(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe before it."""
    text = cell(value)
    if isinstance(value, bool | int | float | Decimal):
        return text
    return f"'{text}" if text.startswith(_LINE) or text.lstrip().startswith(_FORMULA) else text


def cell(value: Any) -> str:
    """A CSV cell for programs: lists by commas, mappings as JSON, times in ISO 8601, no control characters."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return json_text(value)
    return clean(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
