"""When an issue is due, over weekends, weeks and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest import Preferences
from pipeline.subscriptions import Subscription, issue_before, issue_on, latest_issue, period_of


def reader(zone="UTC", at=time(7), cadence="daily", weekday=0):
    return Subscription("ann@example.org", cadence, at, weekday, preferences=Preferences(zone=zone))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "moment"),
    [
        ("Asia/Tokyo", "07:00", "2026-04-02", "2026-04-01 22:00"),
        ("America/New_York", "06:45", "2026-01-15", "2026-01-15 11:45"),
        ("America/New_York", "06:45", "2026-07-15", "2026-07-15 10:45"),
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 01:30"),  # skipped: 03:30 by the new clock
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25 00:30"),  # comes twice: the first
        ("Asia/Kathmandu", "00:00", "2026-04-02", "2026-04-01 18:15"),
    ],
)
def test_local_time(zone, at, day, moment):
    assert issue_on(reader(zone, time.fromisoformat(at)), date.fromisoformat(day)) == utc(moment)


def test_the_cadences():
    friday, saturday, monday = (date(2026, 4, day) for day in (3, 4, 6))
    weekdays, weekly = reader(cadence="weekdays"), reader(cadence="weekly", weekday=4)
    assert [issue_on(weekdays, day) is not None for day in (friday, saturday, monday)] == [True, False, True]
    assert [issue_on(weekly, day) is not None for day in (friday, saturday, monday)] == [True, False, False]
    assert issue_before(weekdays, utc("2026-04-06 07:00")) == utc("2026-04-03 07:00")
    assert issue_before(weekly, utc("2026-04-03 07:00")) == utc("2026-03-27 07:00")
    assert period_of(weekly, utc("2026-01-02 07:00")) == "2026-W01"
    assert period_of(reader("Asia/Tokyo"), utc("2026-04-01 22:00")) == "2026-04-02"


ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]
READERS = st.builds(
    reader, st.sampled_from(ZONES), st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["daily", "weekdays", "weekly"]), st.integers(0, 6),
)  # fmt: skip


MOMENTS = st.integers(0, 19 * 365 * 24 * 60).map(lambda minutes: utc("2011-01-01") + timedelta(minutes=minutes))


@given(READERS, MOMENTS)
def test_an_issue_is_due_from_its_moment_to_the_next(one, now):
    issue = latest_issue(one, now)
    assert issue <= now < issue + timedelta(days=8, hours=2)
    assert latest_issue(one, issue) == issue
    before = issue_before(one, issue)
    assert before < issue
    assert period_of(one, before) != period_of(one, issue)
    assert latest_issue(one, issue - timedelta(seconds=1)) == before


@given(READERS, st.dates(date(2011, 12, 20), date(2030, 1, 1)))
def test_the_periods_of_a_month_come_in_order(one, start):
    first = datetime.combine(start, time(), UTC)
    met = [period_of(one, latest_issue(one, first + timedelta(hours=hour))) for hour in range(24 * 31)]
    assert met == sorted(met)
