"""The ledger as Parquet files, for readers without DuckDB: one file a table or view, and a manifest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import sql
from warehouse.migrate import schema_version

MANIFEST = "manifest.json"


def export(con: duckdb.DuckDBPyConnection, folder: Path, now: datetime) -> dict[str, Any]:
    """Write every table and view into the new ``folder`` and say in its ``manifest.json`` what stands there.

    The manifest, which is returned, has ``published_at`` (UTC), ``schema_version`` and by name of the table ``file``,
    ``kind`` (table, view), ``rows``, ``bytes`` and ``sha256``.
    """
    folder.mkdir(parents=True)
    relations = sql.run(con, "relations_here")
    tables = {row["name"]: {"kind": row["kind"], **_write(con, row["name"], folder)} for row in relations}
    manifest = {
        "published_at": now.astimezone(UTC).isoformat(),
        "schema_version": schema_version(con),
        "duckdb": duckdb.__version__,
        "tables": tables,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return manifest


def _write(con: duckdb.DuckDBPyConnection, name: str, folder: Path) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    quoted = str(path).replace("'", "''")  # COPY takes no parameters
    told = con.execute(f"COPY (FROM \"{name}\") TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"file": path.name, "rows": told[0] if told else 0, "bytes": path.stat().st_size, "sha256": digest}
