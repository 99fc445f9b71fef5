"""Looking at a home after an accident: is what is there whole, and is it what an undisturbed run makes?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from pipeline.settings import Settings
from warehouse.check import check
from warehouse.db import connect_snapshot, connect_writer
from warehouse.migrate import migrate
from warehouse.snapshots import list_versions

_UNLIKE = {"run_log", "schema_migrations"}  # tables that tell of the runs themselves, which accidents make more of
_BROKEN_BATCHES = """
SELECT count(*) FROM (
    SELECT version_id, count(DISTINCT observations.observation_id) AS claims, any_value(readings.claims) AS stated
    FROM readings LEFT JOIN observations USING (version_id) GROUP BY version_id HAVING claims <> stated
)
"""


def rows(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those on runs, in an order that does not depend on how they came in."""
    names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
    return {name: con.execute(f'FROM "{name}" ORDER BY ALL').fetchall() for name in names if name not in _UNLIKE}


def ledger_rows(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The same of the writer's ledger of a home."""
    with connect_writer(Settings(home=home).database) as con:
        return rows(con)


def differences(found: dict[str, list[tuple[Any, ...]]], due: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """What is lost or doubled, by table."""
    return [
        f"{name}: {len(found.get(name, []))} rows for {len(due[name])}, "
        f"lost {len(set(map(repr, due[name])) - set(map(repr, found.get(name, []))))}"
        for name in due
        if found.get(name) != due[name]
    ]


def wounds(home: Path) -> list[str]:
    """What is not whole: the ledger opens and passes its checks, so does what readers open, every version reads."""
    settings = Settings(home=home)
    found: list[str] = []
    if settings.database.exists():
        with connect_writer(settings.database) as con:
            migrate(con)  # as `dealwire db check` does: the process may have been killed among the migrations
            found += _unsound(con, "ledger")
    if settings.snapshot.exists():
        with connect_snapshot(settings.snapshot) as con:
            found += _unsound(con, "snapshot")
    found += [f"{version.path.name}: {version.problem}" for version in list_versions(settings.snapshot, verify=True)
              if version.problem]  # fmt: skip
    return found


def _unsound(con: duckdb.DuckDBPyConnection, what: str) -> list[str]:
    broken = con.execute(_BROKEN_BATCHES).fetchone()
    found = [f"{what}: {name}: {len(bad)} rows" for name, bad in check(con).items()]
    return found + ([f"{what}: {broken[0]} readings without all their claims"] if broken and broken[0] else [])


def leftovers(home: Path) -> list[str]:
    """Files that were to be renamed and never were."""
    return [str(path.relative_to(home)) for path in home.rglob("*.part")]
