"""``dealwire query`` is a window into the snapshot and into nothing else, for statements of every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app, console

# {file} is a file with a secret, {out} one that must not come into being.
REFUSED = [
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_csv('{file}', header = false)",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "FROM '{file}'",
    "SELECT * FROM query_table('{file}')",
    "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "SELECT * FROM sniff_csv('{file}')",
    "COPY articles TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT parquet)",
    "COPY articles FROM '{file}'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{out}' AS other",
    "SELECT 1; ATTACH '{out}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{file}'",
    "FORCE INSTALL spatial FROM community",
    "CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "SET enable_external_access = true",
    "SET allowed_directories = ['{folder}']",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "SET temp_directory = '{folder}'",
    "SET lock_configuration = false",
    "PRAGMA enable_profiling; PRAGMA profile_output = '{out}'; SELECT 1",
    "SET log_query_path = '{out}'",
    "DELETE FROM deals",
    "DROP TABLE deals",
    "CREATE TABLE mine AS SELECT 1",
    "SELECT getenv('HOME')",
    "FROM 'https://news.example/x.parquet'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_a_statement_cannot_leave_the_snapshot(dealwire: Callable[..., str], tmp_path: Path, statement: str) -> None:
    secret, out = tmp_path / "secret.csv", tmp_path / "out"
    secret.write_text("hidden word\n", "utf-8")
    said = dealwire("query", statement.format(file=secret, out=out, folder=tmp_path), status=2)
    assert "hidden word" not in said
    assert "hint:" in said
    assert list(tmp_path.iterdir()) == [secret]


def test_bounds_are_settings(hostile_home: Path) -> None:
    slow = "SELECT count(*) FROM range(1000000000) a, range(1000000) b"
    for statement, name, value, said in (
        (slow, "DEALWIRE_QUERY_SECONDS", "0.1", "longer than 0.1 s"),
        ("SELECT i FROM range(9000000) t(i)", "DEALWIRE_QUERY_MEMORY", "100MB", "more than 100 MB"),
        (slow, "DEALWIRE_QUERY_SECONDS", "never", "DEALWIRE_QUERY_SECONDS: "),
        (slow, "DEALWIRE_QUERY_MEMORY", "much", "DEALWIRE_QUERY_MEMORY: "),
        (slow, "DEALWIRE_QUERY_MEMORY", "3B", "DEALWIRE_QUERY_MEMORY: Input should be greater"),
    ):
        console.reset()
        result = CliRunner().invoke(app, ["query", statement], env={"DEALWIRE_HOME": str(hostile_home), name: value})
        console.reset()
        assert result.exit_code == 2
        assert said in " ".join(result.stderr.split())
        assert name in result.stderr
