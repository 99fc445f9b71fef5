"""What part of the ledger's history an issue tells, whatever becomes of the letters before it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.digest import Preferences
from pipeline.errors import ConfigError
from pipeline.mail import Letter, Outbox
from pipeline.subscriptions import Subscription, due_span, span_of_day

ANN = Subscription("ann@example.org")
NOW = datetime(2026, 4, 2, 7, 30, tzinfo=UTC)  # a Thursday
DAY = timedelta(days=1)


@pytest.fixture
def outbox(tmp_path):
    made = Outbox(tmp_path / "outbox.sqlite")
    yield made
    made.close()


def put(outbox, span, now=NOW, one=ANN):
    letter = Letter(f"<{span.period}>", one.address, one.series, span.period, "n@example.org", "", b"x", span.since,
                    span.until)  # fmt: skip
    outbox.put(letter, now, supersede=True)
    return letter


def test_the_first_issue_reaches_back_to_the_one_before_it(outbox):
    due = NOW - timedelta(minutes=30)
    known = NOW - timedelta(minutes=5)
    for one, since in (
        (ANN, due - DAY),
        (Subscription("ann@example.org", "weekdays"), due - DAY),
        (Subscription("ann@example.org", "weekly", weekday=0), due - 10 * DAY),
    ):
        span = due_span(outbox, one, NOW, known)
        assert (span.since, span.until, span.written) == (since, known, False)


def test_the_next_one_begins_where_the_last_one_ended(outbox):
    first = due_span(outbox, ANN, NOW, NOW - timedelta(hours=1))
    outbox.sent(put(outbox, first).message_id, NOW)
    assert due_span(outbox, ANN, NOW, NOW).written
    span = due_span(outbox, ANN, NOW + DAY, NOW + timedelta(hours=20))
    assert (span.period, span.since, span.until) == ("2026-04-03", first.until, NOW + timedelta(hours=20))


def test_nothing_new_since(outbox):
    first = due_span(outbox, ANN, NOW, NOW - timedelta(hours=1))
    outbox.sent(put(outbox, first).message_id, NOW)
    for known in (NOW - timedelta(hours=1), NOW - DAY, None):
        span = due_span(outbox, ANN, NOW + DAY, known)
        assert span.since == span.until == first.until


def test_a_day_as_it_was_written_and_as_it_would_have_been(outbox):
    known = NOW - timedelta(minutes=5)
    written = due_span(outbox, ANN, NOW, known)
    put(outbox, written)
    later = NOW + 5 * DAY
    again = span_of_day(outbox, ANN, later, later, date(2026, 4, 2))
    assert (again.since, again.until, again.written) == (written.since, written.until, True)
    other = span_of_day(outbox, ANN, later, later, date(2026, 4, 4))
    due = datetime(2026, 4, 4, 7, tzinfo=UTC)
    assert (other.period, other.since, other.until, other.written) == ("2026-04-04", due - DAY, due, False)
    assert span_of_day(outbox, ANN, later, later, date(2026, 4, 7)) == due_span(outbox, ANN, later, later)


@pytest.mark.parametrize(
    ("one", "day", "said"),
    [
        (ANN, date(2026, 4, 3), "not due before 2026-04-03 07:00 (UTC)"),
        (Subscription("x@example.org", preferences=Preferences(zone="Asia/Tokyo")), date(2026, 4, 3), "(Asia/Tokyo)"),
        (Subscription("x@example.org", "weekly", weekday=4), date(2026, 4, 2), "its days: fri"),
        (Subscription("x@example.org", "weekdays"), date(2026, 3, 29), "its days: mon to fri"),
    ],
)
def test_days_without_an_issue(outbox, one, day, said):
    with pytest.raises(ConfigError) as caught:
        span_of_day(outbox, one, NOW, NOW, day)
    assert said in str(caught.value)


# The ledger learns something, or is published, or digests are sent and the server takes them, puts them off, refuses
# them, or is lost after it took them or before, or the sender dies; and how many hours later.
SENDING = ["take", "put off", "refuse", "take unsaid", "lose", "die"]
STEPS = st.lists(
    st.tuples(st.sampled_from(["learn", "publish", *SENDING]), st.sampled_from([0, 1, 7, 26])), max_size=40
)


@settings(max_examples=40)  # each writes a file many times
@given(st.sampled_from(SENDING), STEPS, st.sampled_from(["daily", "weekdays", "weekly"]))
def test_every_change_is_told_once(tmp_path_factory, first, steps, cadence):
    run = _Run(tmp_path_factory.mktemp("outbox"), Subscription("ann@example.org", cadence))
    run.step(first)
    for what, hours in steps:
        run.now += timedelta(hours=hours, seconds=1)
        run.step(what)
    for what in ("publish", "take", "take"):
        run.now += 8 * DAY
        run.step(what)
    run.outbox.close()
    assert run.told() == Counter(run.learnt)


class _Run:
    """A ledger that is a list of moments, a reader whose mail program shows each Message-ID once."""

    def __init__(self, folder: Path, one: Subscription) -> None:
        self.outbox, self.one, self.now = Outbox(folder / "outbox.sqlite"), one, NOW
        self.learnt: list[datetime] = []
        self.published: list[datetime] = []
        self.arrived: dict[str, list[datetime]] = {}

    def told(self) -> Counter[datetime]:
        return Counter(change for changes in self.arrived.values() for change in changes)

    def step(self, what: str) -> None:
        if what == "learn":
            self.learnt.append(self.now)
        elif what == "publish":
            self.published = list(self.learnt)
        else:
            with self.outbox.only_sender():
                known = self.published[-1] if self.published else None
                span = due_span(self.outbox, self.one, self.now, known)
                if not span.written:
                    put(self.outbox, span, self.now, self.one)
                for waiting in self.outbox.waiting():
                    self.send(what, waiting.letter)

    def send(self, what: str, letter: Letter) -> None:
        self.outbox.start(letter.message_id, self.now)
        if what in ("take", "take unsaid", "die"):
            changes = [one for one in self.published if letter.covers_from < one <= letter.covers_until]
            assert self.arrived.setdefault(letter.message_id, changes) == changes
        if what == "take":
            self.outbox.sent(letter.message_id, self.now)
        elif what == "put off":
            self.outbox.wait(letter.message_id, self.now, "later")
        elif what == "refuse" and letter.message_id not in self.arrived:
            self.outbox.fail(letter.message_id, self.now, "never")
        elif what in ("take unsaid", "lose", "refuse"):
            self.outbox.wait(letter.message_id, self.now, "lost", doubt=True)
