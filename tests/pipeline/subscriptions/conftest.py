"""A home with a ledger that learns of deals and is published, and a mail server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.settings import Settings
from tests.pipeline.mail.server import MailServer, mail_server, write_authority
from warehouse.db import connect_writer
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reference import read_companies, sync_reference
from warehouse.store import Store

COMPANIES = read_companies()
PAIRS = list(combinations(["anthropic", "coreweave", "meta", "microsoft", "mistral-ai", "openai", "oracle", "xai"], 2))


class Newsroom:
    """A home whose ledger learns of a deal at a time, each between two companies of its own and for its own sum."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.con: duckdb.DuckDBPyConnection = connect_writer(self.settings.database)
        self.store = Store(self.con)
        self.told = 0

    def learn(self, now: datetime, *, billions: float | None = None, lang: str = "en", publish: bool = True) -> str:
        """One more deal, recorded at ``now``; returns how digests write its sum in English: ``$21 bn``."""
        buyer, seller = PAIRS[self.told]
        self.told += 1
        sum_usd = billions or 20 + self.told
        name, said = f"a{self.told}", f"{buyer} buys {seller} for {sum_usd:g} billion dollars."
        published = now - timedelta(hours=1)
        article = Article(name, f"{name}@1", "wire", f"https://example.org/{name}", said, f"Body {name}.", lang, now,
                          published)  # fmt: skip
        parties = (Party(buyer, "acquirer"), Party(seller, "target"))
        deal = Deal("acquisition", "announced", parties, DealAmount(sum_usd * 1e9, "USD", "exact"), (), None,
                    Span(0, len(said)), 0.9)  # fmt: skip
        linked = link(Reading(name, lang, True, deals=(deal,), model="m1"), article, COMPANIES, 2)
        load_batch(self.store, [article], [linked], now)
        if publish:
            self.publish()
        return f"${sum_usd:g} bn"

    def publish(self) -> None:
        publish(self.con, self.settings.snapshot)


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger that holds nothing yet; making one takes a while."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.duckdb"
    con = connect_writer(path)
    migrate(con)
    sync_reference(Store(con))
    con.close()
    return path


@pytest.fixture
def newsroom(tmp_path: Path, empty_ledger: Path) -> Iterator[Newsroom]:
    (tmp_path / "home").mkdir()
    shutil.copy(empty_ledger, tmp_path / "home")
    made = Newsroom(tmp_path / "home")
    made.publish()
    yield made
    made.con.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server(*write_authority(tmp_path_factory.mktemp("ca"))) as running:
        yield running


@pytest.fixture
def post(server: MailServer) -> MailServer:
    """A mail server that has taken nothing yet and takes all."""
    server.postbox.clear()
    return server


@pytest.fixture
def morning() -> Callable[[int], datetime]:
    """Half past seven (UTC) of a day of April 2026."""

    def morning(day: int, **later: Any) -> datetime:
        return datetime(2026, 4, day, 7, 30, tzinfo=UTC) + timedelta(**later)

    return morning
