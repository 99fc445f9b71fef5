"""The SQL cookbook: its questions are run as ``dealwire query`` runs them.

``python -m tests.docs.cookbook`` writes today's output into the page.
A question is a heading, words, a block of SQL and a block with the output.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app, console
from tests.docs.newsroom_ledger import build

PAGE = Path(__file__).parents[2] / "docs" / "sql-cookbook.md"
_BLOCK = re.compile(r"```sql\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def questions(page: str) -> Iterator[tuple[str, str]]:
    """The SQL of each question, and the output that the page shows for it."""
    for found in _BLOCK.finditer(page):
        yield found[1], found[2]


def answer(home: Path, statement: str) -> str:
    """What ``dealwire query`` prints for it, on the ledger below ``home``."""
    console.reset()
    result = CliRunner().invoke(app, ["query", "-"], input=statement, env={"DEALWIRE_HOME": str(home)})
    console.reset()
    assert result.exit_code == 0, f"{statement}\n{result.stderr}"
    return result.stdout


def refreshed(home: Path, page: str) -> str:
    """The page with the output of today in place of what it shows."""
    return _BLOCK.sub(lambda found: f"```sql\n{found[1]}```\n\n```text\n{answer(home, found[1])}```", page)


def main() -> None:
    """Run all questions and write their output into the page."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        PAGE.write_text(refreshed(Path(folder), PAGE.read_text("utf-8")), "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
