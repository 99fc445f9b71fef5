"""Throttle and quiet hours, through the nights on which the clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts.rules import Quiet, Rule
from pipeline.alerts.timing import end_of_quiet, release_at

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(BERLIN, time(22), time(7))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "ends"),
    [
        (NIGHT, "2026-01-15 12:00", "2026-01-15 12:00"),  # day: at once
        (NIGHT, "2026-01-15 20:59", "2026-01-15 20:59"),  # 21:59 in Berlin
        (NIGHT, "2026-01-15 21:00", "2026-01-16 06:00"),  # 22:00 in Berlin, to 07:00 CET
        (NIGHT, "2026-01-16 05:59", "2026-01-16 06:00"),
        (NIGHT, "2026-01-16 06:00", "2026-01-16 06:00"),  # the end is not quiet
        (NIGHT, "2026-07-15 20:00", "2026-07-16 05:00"),  # summer: 22:00 CEST to 07:00 CEST
        (NIGHT, "2026-03-28 21:30", "2026-03-29 05:00"),  # into summer time: the night is an hour shorter
        (NIGHT, "2026-10-24 20:30", "2026-10-25 06:00"),  # out of it: an hour longer
        (Quiet(BERLIN, time(22), time(2, 30)), "2026-03-28 23:00", "2026-03-29 01:30"),  # 02:30 is skipped: 03:30 CEST
        (Quiet(BERLIN, time(22), time(2, 30)), "2026-10-24 23:00", "2026-10-25 01:30"),  # 02:30 comes twice: the second
        (Quiet(BERLIN, time(22), time(2, 30)), "2026-10-25 00:45", "2026-10-25 00:45"),  # 02:45 CEST
        (Quiet(BERLIN, time(12), time(13)), "2026-01-15 11:30", "2026-01-15 12:00"),  # within a day
        (Quiet(ZoneInfo("Asia/Tokyo"), time(22), time(7)), "2026-01-15 14:00", "2026-01-15 22:00"),
        (Quiet(BERLIN, time(0), time(0), frozenset({5, 6})), "2026-01-17 09:00", "2026-01-18 23:00"),  # a weekend
        (Quiet(BERLIN, time(22), time(7), frozenset({5, 6})), "2026-01-16 21:30", "2026-01-19 06:00"),  # and its nights
    ],
)
def test_quiet_ends_when_the_clock_on_the_wall_says_so(quiet, moment, ends):
    assert end_of_quiet(quiet, utc(moment)) == utc(ends)


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: utc("2011-01-01") + timedelta(minutes=minutes))


@given(zones, clocks, clocks, st.frozensets(st.integers(0, 6), max_size=6), moments)
def test_it_never_ends_early_nor_within_quiet_time(zone, start, end, days, moment):
    quiet = Quiet(ZoneInfo(zone), start, end, days)
    ends = end_of_quiet(quiet, moment)
    assert moment <= ends <= moment + timedelta(days=9)
    assert end_of_quiet(quiet, ends) == ends


def test_the_throttle_counts_from_the_last_message_and_ends_outside_quiet_hours():
    rule = Rule("r", (), throttle=timedelta(minutes=30), quiet=NIGHT)
    noon = utc("2026-01-15 12:00")
    assert release_at(rule, noon, None) == noon
    assert release_at(rule, noon, noon - timedelta(minutes=10)) == noon + timedelta(minutes=20)
    assert release_at(rule, noon, noon - timedelta(hours=2)) == noon
    assert release_at(rule, utc("2026-01-15 20:45"), utc("2026-01-15 20:40")) == utc("2026-01-16 06:00")
