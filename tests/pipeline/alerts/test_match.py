"""Which events a rule tells of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.alerts.describe import described
from pipeline.alerts.events import Event
from pipeline.alerts.match import matches
from pipeline.alerts.rules import Rule

EVENT = Event(
    "0" * 16, "status", datetime(2026, 4, 1, tzinfo=UTC), "d", "equity_investment", "announced", "in_talks",
    date(2026, 3, 30), 10e9, "USD", "over", 10e9, None, ("aws-trainium",), ("amazon-web-services", "openai"),
    ("amazon-web-services", "amazon", "openai"), 2, ("en", "ja"), "So said.", "ja", "named", 2, "wire", "T", None,
)  # fmt: skip


def rule(**wanted):
    return Rule("r", ("mail:a@example.org",), **wanted)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, True),
        ({"companies": frozenset({"openai", "meta"})}, True),
        ({"companies": frozenset({"amazon"})}, True),  # through its subsidiary
        ({"companies": frozenset({"meta"})}, False),
        ({"pairs": (frozenset({"amazon", "openai"}), frozenset({"amd", "meta"}))}, True),
        ({"pairs": (frozenset({"amazon", "meta"}),)}, False),
        ({"chips": frozenset({"aws-trainium", "google-tpu"})}, True),
        ({"chips": frozenset({"google-tpu"})}, False),
        ({"types": frozenset({"acquisition"})}, False),
        ({"min_usd": 10e9}, True),
        ({"min_usd": 10e9 + 1}, False),
        ({"transitions": frozenset({("in_talks", "announced")})}, True),
        ({"transitions": frozenset({("any", "announced")})}, True),
        ({"transitions": frozenset({("in_talks", "any")})}, True),
        ({"transitions": frozenset({("new", "announced"), ("any", "ended")})}, False),
        ({"disputes": True}, False),
        ({"max_age": timedelta(days=2)}, True),
        ({"max_age": timedelta(days=1)}, False),
        ({"companies": frozenset({"openai"}), "types": frozenset({"acquisition"})}, False),
    ],
)
def test_a_change_of_status(wanted, expected):
    assert matches(rule(**wanted), EVENT) is expected


@pytest.mark.parametrize(
    ("kind", "wanted", "expected"),
    [
        ("new", {}, True),
        ("amount", {}, True),
        ("conflict", {}, False),
        ("contested", {}, False),
        ("first_report", {}, False),
        ("conflict", {"disputes": True}, True),
        ("contested", {"disputes": True}, True),
        ("amount", {"disputes": True}, False),
        ("amount", {"revised_sums": True}, True),
        ("first_report", {"first_report_in": frozenset({"ja"})}, True),
        ("first_report", {"first_report_in": frozenset({"ko"})}, False),
        ("new", {"first_report_in": frozenset({"ja"})}, False),
        ("conflict", {"transitions": frozenset({("any", "any")})}, False),
    ],
)
def test_kinds_of_events(kind, wanted, expected):
    assert matches(rule(**wanted), replace(EVENT, kind=kind)) is expected


def test_a_first_event_comes_from_new_and_an_unknown_sum_is_below_any_minimum():
    first = replace(EVENT, kind="new", previous_status=None, amount=None, usd=None)
    assert matches(rule(transitions=frozenset({("new", "announced")})), first)
    assert not matches(rule(min_usd=1), first)


def test_a_rule_in_a_line():
    told = described(rule(companies=frozenset({"openai"}), min_usd=5e9, disputes=True, throttle=timedelta(minutes=30)))
    assert told == "company openai; $ 5,000,000,000 or more; disputes; at most every 30 min"
    assert described(rule()) == "all news"
