"""A small real ledger, published; the command line called in this process, or as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.cli import app, console
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.settings import Settings
from warehouse.db import connect_writer
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reference import read_companies, sync_reference
from warehouse.store import Store

NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)
# A title that would turn the terminal red, ring, set the window's title, and start a formula in a spreadsheet.
HOSTILE = "=HYPERLINK(1) \x1b[31mAmazon\x07 \x1b]0;gotcha\x07in talks\x9b2J \u202eto invest"
TALKS = (Party("amazon", "investor"), Party("openai", "investee"))
SUPPLY = (Party("amd", "provider"), Party("meta", "customer"))


def _claims() -> list[tuple[Article, Reading]]:
    def article(name: str, day: str, title: str, lang: str = "en") -> Article:
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
        url = f"https://example.org/{name}"
        return Article(name, f"{name}@1", "wire", url, title, f"text of {name}", lang, moment, moment)

    def reading(about: Article, *deals: Deal) -> tuple[Article, Reading]:
        return about, Reading(about.id, about.lang, True, deals=deals, model="test")

    rumour, chips, paid = (
        article("rumour", "2025-12-17", HOSTILE),
        article("chips", "2026-02-24", "AMD liefert Meta MI450", "de"),
        article("paid", "2026-03-27", "Amazon completes investment"),
    )
    return [
        reading(rumour, Deal("equity_investment", "in_talks", TALKS, DealAmount(1e10, "USD", "over"), (), None,
                             Span(0, len(HOSTILE)), 0.9, attribution="anonymous")),
        reading(chips, Deal("chip_supply", "announced", SUPPLY, DealAmount(6e10, "USD"), ("amd-mi450",), None,
                            Span(0, 10), 0.9, attribution="official")),
        reading(paid, Deal("equity_investment", "completed", TALKS, DealAmount(1e10, "USD"), (), None,
                           Span(0, 6), 0.9)),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a ledger of three articles and two deals. Shared: tests only read it."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home)
    companies = read_companies()
    con = connect_writer(settings.database)
    migrate(con)
    store = Store(con)
    sync_reference(store)
    claims = _claims()
    load_batch(store, [article for article, _ in claims], [link(r, a, companies, 2) for a, r in claims], NOW)
    publish(con, settings.snapshot)
    con.close()
    return home


@dataclass(frozen=True)
class Answer:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str


class CommandLine:
    """Calls ``dealwire`` with this home."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.env = {"DEALWIRE_HOME": str(home), "COLUMNS": "200", **variables}

    def __call__(self, *arguments: str, stdin: str | None = None) -> Answer:
        """In this process."""
        console.reset()
        result = CliRunner().invoke(app, list(arguments), input=stdin, env=self.env)
        console.reset()
        return Answer(result.exit_code, result.stdout, result.stderr)

    command = str(Path(sys.executable).parent / "dealwire")

    def variables(self) -> dict[str, str]:
        """The environment of the program: none of this machine's own settings."""
        return {k: v for k, v in os.environ.items() if not k.startswith("DEALWIRE_")} | self.env

    def program(self, *arguments: str, stdin: str | None = None, **variables: str) -> Answer:
        """As the installed program."""
        found = subprocess.run(
            [self.command, *arguments],
            input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
            env=self.variables() | variables,
        )  # fmt: skip
        return Answer(found.returncode, found.stdout, found.stderr)


@pytest.fixture
def dealwire(ledger: Path) -> CommandLine:
    return CommandLine(ledger)


@pytest.fixture
def empty(tmp_path: Path) -> CommandLine:
    """A home that holds nothing yet."""
    return CommandLine(tmp_path / "home")
