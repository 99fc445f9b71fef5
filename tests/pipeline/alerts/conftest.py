"""A ledger that is told things and published, rules beside it, and a receiver of webhooks on this machine."""

from __future__ import annotations

import json
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stamina

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.session import open_ledger
from pipeline.settings import Settings
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.reference import read_companies, sync_reference

START = datetime(2026, 4, 1, 6, tzinfo=UTC)
KEY = "a key that is long enough for this"


@pytest.fixture(autouse=True)
def _no_waiting():
    """Pauses between tries are stamina's; tests need not wait for them."""
    stamina.set_testing(True, attempts=4, cap=True)
    yield
    stamina.set_testing(False)


class World:
    """A home whose ledger learns one thing an hour from ``START`` on; every load is published."""

    def __init__(self, home, empty):
        shutil.copytree(empty, home, dirs_exist_ok=True)
        self.settings = Settings(home=home, allow_private=True)
        self.start = self.now = START
        self._told = 0

    def rules(self, text, written=START):
        """Write alerts.toml, as if at that moment."""
        self.settings.alerts.write_text(text, encoding="utf-8")
        os.utime(self.settings.alerts, (written.timestamp(), written.timestamp()))

    def tell(self, day, kind, status, parties, amount=None, *, bound="exact", said="So it was said.", lang="en",
             tier=2, chips=(), source="wire", url=None, name=None, hours=1, conditional=False):  # fmt: skip
        """Load an article with one deal; returns when that was recorded. ``name``: a new version of that article."""
        self._told += 1
        self.now += timedelta(hours=hours)
        name = name or f"a{self._told}"
        published = datetime.fromisoformat(day).replace(tzinfo=UTC)
        article = Article(name, f"{name}@{self._told}", source, url or f"https://example.org/{name}", said,
                          f"Body {self._told}.", lang, self.now, published)  # fmt: skip
        deal = Deal(
            kind, status, tuple(Party(*party) for party in parties.items()),
            DealAmount(amount, "USD", bound) if amount else None, tuple(chips), None, Span(0, len(said)), 0.9,
            conditional=conditional,
        )  # fmt: skip
        linked = link(Reading(name, lang, True, deals=(deal,), model="m1"), article, read_companies(), tier)
        with open_ledger(self.settings) as store:
            load_batch(store, [article], [linked], self.now)
            publish(store.con, self.settings.snapshot)
        return self.now

    def unsay(self, name):
        """Load a version of an article that states no deal any more."""
        self._told += 1
        self.now += timedelta(hours=1)
        article = Article(name, f"{name}@{self._told}", "wire", f"https://example.org/{name}", "Nothing.", "Nothing.",
                          "en", self.now, self.now)  # fmt: skip
        with open_ledger(self.settings) as store:
            linked = link(Reading(name, "en", True, deals=(), model="m1"), article, read_companies(), 2)
            load_batch(store, [article], [linked], self.now)
            publish(store.con, self.settings.snapshot)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """A home with a published ledger that knows nothing yet."""
    settings = Settings(home=tmp_path_factory.mktemp("empty"))
    with open_ledger(settings) as store:
        migrate(store.con)
        sync_reference(store)
        publish(store.con, settings.snapshot)
    return settings.home


@pytest.fixture
def new_world(empty_home):
    """Makes a world in a folder."""
    return lambda folder: World(folder, empty_home)


@pytest.fixture
def world(tmp_path, new_world):
    return new_world(tmp_path / "home")


class Receiver:
    """Answers with the statuses it is given, then 204; keeps what it was sent."""

    def __init__(self):
        self.key = KEY
        self.got, self.answers, self.headers = [], [], {}
        self.arrived, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers.items()), body))
                receiver.arrived.set()
                receiver.go_on.wait(30)
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # senders die
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.got]

    @property
    def messages(self):
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("DEALWIRE_WEBHOOK_SECRET", KEY)
    running = Receiver()
    yield running
    running.close()
