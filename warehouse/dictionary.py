"""The data dictionary, written from the comments in the catalogue: ``python -m warehouse.dictionary``."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from warehouse import sql
from warehouse.migrate import migrate

PATH = sql.HERE.parent / "docs" / "data-dictionary.md"
_INHERITS = re.compile(r"^-- inherits: (\w+)$", re.MULTILINE)
_HEAD = """# Data dictionary

Every table, view and macro of the ledger, as its catalogue describes it.
Written by `python -m warehouse.dictionary`; do not edit.

Times are UTC. Money is in plain units of its currency (10 bn is 10000000000). Analysts start with the views.
"""
Comments = dict[str, dict[str, tuple[str, str | None]]]


def undescribed(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Columns (``table.column``) and relations that no comment describes."""
    missing = [
        f"{table}.{name}" for table, columns in _columns(con).items() for name, (_, told) in columns.items() if not told
    ]
    missing += [name for name, told in _relations(con).items() if not told]
    return sorted(missing)


def render(con: duckdb.DuckDBPyConnection) -> str:
    """The dictionary of a migrated database, as Markdown."""
    relations, columns = _relations(con), _columns(con)
    views = [name for name in relations if _is_view(name)]
    tables = [name for name in relations if not _is_view(name)]
    parts = [_HEAD, "## Views\n"]
    parts += [_section(name, relations[name], columns[name]) for name in views]
    parts.append("## Macros\n")
    parts += [f"- `{name}`: {comment}" for name, comment in _macros(con)]
    parts.append("\n## Tables\n")
    parts += [_section(name, relations[name], columns[name]) for name in tables]
    return "\n".join(parts).rstrip() + "\n"


def _section(name: str, grain: str | None, columns: dict[str, tuple[str, str | None]]) -> str:
    lines = [f"### {name}\n", f"Grain: {grain or ''}.\n", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{column}` | {kind} | {told or ''} |" for column, (kind, told) in columns.items()]
    return "\n".join(lines) + "\n"


def _is_view(name: str) -> bool:
    return name in sql.names("views")


def _relations(con: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    rows = con.execute(
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal "
        "UNION ALL SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
    ).fetchall()
    return dict(rows)


def _columns(con: duckdb.DuckDBPyConnection) -> Comments:
    """Columns in their order; a view that ``-- inherits:`` from a table takes over what it does not say itself."""
    found: Comments = {}
    rows = con.execute(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal "
        "ORDER BY table_name, column_index"
    ).fetchall()
    for table, column, kind, told in rows:
        found.setdefault(table, {})[column] = (kind, told)
    for name in found:
        parent = _INHERITS.search(sql.load(name, "views")) if _is_view(name) else None
        if parent:
            inherited = found[parent[1]]
            found[name] = {
                column: (kind, told or inherited.get(column, (kind, None))[1])
                for column, (kind, told) in found[name].items()
            }
    return found


def _macros(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = con.execute(
        "SELECT DISTINCT function_name, array_to_string(parameters, ', '), comment FROM duckdb_functions() "
        "WHERE NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY 1"
    ).fetchall()
    return [(f"{name}({parameters})", told or "") for name, parameters, told in rows]


def main() -> None:
    """Write ``docs/data-dictionary.md``."""
    con = duckdb.connect()
    migrate(con)
    Path(PATH).write_text(render(con), "utf-8")
    print(f"wrote {PATH}")


if __name__ == "__main__":
    main()
