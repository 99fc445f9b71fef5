"""Whatever the ledger learns, and whatever becomes of the mails in between: every change is told exactly once to every
subscription that it matches, by a real server, from a real ledger."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.digest import Filters, Preferences, build
from pipeline.mail import Outbox
from pipeline.settings import Settings
from pipeline.subscriptions import Subscription, send_digests
from tests.pipeline.digest.conftest import START, teller
from tests.pipeline.digest.test_exactly_once import NEWS, Reader
from tests.pipeline.mail.server import lose_connection
from warehouse.db import connect_snapshot, connect_writer
from warehouse.publish import publish
from warehouse.store import Store


def subscription(name, **filters):
    return Subscription(f"{name}@example.org", parts="text", preferences=Preferences(filters=Filters(**filters)))


# Each with what its filter asks of a deal as it stands: companies, status, US dollars.
READERS = {
    subscription("all"): lambda companies, status, usd: True,
    subscription("microsoft", companies=frozenset({"microsoft"})): lambda companies, status, usd: (
        "microsoft" in companies
    ),
    subscription("firm", statuses=frozenset({"announced", "completed"})): lambda companies, status, usd: (
        status in ("announced", "completed")
    ),
    subscription("large", min_usd=12e9): lambda companies, status, usd: (usd or 0) >= 12e9,
}
LEARN = st.fixed_dictionaries({**NEWS, "day": st.integers(1, 28)})
SENDING = ("take", "refuse", "put off", "lose", "down")
STEPS = st.lists(st.tuples(LEARN, st.booleans(), st.sampled_from(("wait", *SENDING))), min_size=2, max_size=6)


class World:
    """A ledger on disk, readers who know the digests that reached them, and a server in a given mood."""

    def __init__(self, home, empty_ledger, post):
        home.mkdir()
        shutil.copy(empty_ledger, home)
        self.settings, self.post, self.now = Settings(home=home), post, START
        self.con = connect_writer(self.settings.database)
        self.tell = teller(Store(self.con))
        self.readers = {one.address: (one, Reader()) for one in READERS}
        self.seen = set()
        self.publish()
        self.send("take")  # a reader's first issue reaches back to the day before

    def publish(self):
        publish(self.con, self.settings.snapshot)

    def learn(self, *, pair, status, amount, day, tier, source):
        giver, taker = pair
        hours = (self.now - START) / timedelta(hours=1)
        self.tell(f"2026-03-{day:02}", "equity_investment", status, {giver: "investor", taker: "investee"}, amount,
                  tier=tier, source=source, hours=hours)  # fmt: skip

    def send(self, mood):
        box = self.post.postbox
        box.clear()
        box.on_rcpt = lambda _: {"refuse": "550 never", "put off": "451 later"}.get(mood)
        if mood == "lose":
            box.on_data = lambda smtp, _: lose_connection(smtp)
        send_digests(self.settings, self.post.settings(tries=2, **({"port": 1} if mood == "down" else {})),
                     list(READERS), self.now)  # fmt: skip
        outbox = Outbox(self.settings.outbox)
        periods = {row["message_id"]: row["period"] for row in outbox.rows(limit=1000)}
        for address, message in box.taken:
            one, reader = self.readers[address]
            if message["Message-ID"] not in self.seen:  # mail programs show a message once
                self.seen.add(message["Message-ID"])
                covered = outbox.covered(address, one.series, periods[message["Message-ID"]])
                self.read(reader, one, covered, " ".join(message.get_content().split()))
        outbox.close()

    def read(self, reader, one, covered, text):
        with connect_snapshot(self.settings.snapshot) as ledger:
            digest = build(ledger, *covered, one.preferences)
        assert all(line.sentence in text for line in digest.lines)
        assert digest.lines or "Nothing new" in text
        if one.preferences.filters == Filters():
            reader.read(digest)  # who is told all is never told what they know
            return
        for line in digest.lines:
            deal_id, kind, status, amount, _ = line.change.split(":")
            if kind not in ("conflict", "disputed", "quiet", "due"):
                assert kind != "new" or deal_id not in reader.deals
                reader.deals[deal_id] = (status, None if amount == "None" else float(amount))


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_every_change_is_told_once_to_every_matching_subscription(tmp_path_factory, empty_ledger, post, steps):
    world = World(tmp_path_factory.mktemp("world") / "home", empty_ledger, post)
    for learnt, published, then in steps:
        world.now += timedelta(hours=13)
        world.learn(**learnt)
        if published:
            world.publish()
        if then != "wait":
            world.send(then)
    world.publish()
    for _ in range(2):
        world.now += timedelta(days=1)
        world.send("take")
    rows = world.con.execute("SELECT deal_id, company_ids, status, amount, usd FROM deals_current").fetchall()
    world.con.close()
    assert rows
    for one, matches in READERS.items():
        known = world.readers[one.address][1].deals
        for deal_id, companies, status, amount, usd in rows:
            if matches(companies, status, usd):
                assert known.get(deal_id) == (status, amount), f"{one.address} does not know {deal_id}"
    world.send("take")
    assert post.postbox.taken == []
