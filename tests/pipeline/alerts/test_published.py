"""The feed and the calendar beside the snapshot, read back by the libraries that readers' tools use."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest

from pipeline.alerts.atom import MOST, feed_of
from pipeline.alerts.calendar_file import calendar_of
from pipeline.alerts.commitments import Kind, commitments
from pipeline.alerts.published import publish_files
from pipeline.alerts.words import words
from pipeline.cli import app
from pipeline.digest import languages
from pipeline.digest.money import Sum
from warehouse.db import connect_snapshot
from warehouse.reference import read_reference

AMAZON_OPENAI = {"amazon": "investor", "openai": "investee"}
ORACLE_OPENAI = {"oracle": "provider", "openai": "customer"}
HOSTILE = (
    "</title><script>alert(1)</script> \x1b[31m\x00\u202eevil\ufffe ]]>\r\nBEGIN:VEVENT\r\nSUMMARY:x; by 31 March 2027"
)


@pytest.fixture
def snapshot(world):
    """Opens what is published, until it is asked again or the test ends."""
    opened = []

    def open_it():
        for former in opened:
            former.close()
        opened.append(connect_snapshot(world.settings.snapshot))
        return opened[-1]

    yield open_it
    for con in opened:
        con.close()


def entries(content):
    return [part for part in icalendar.Calendar.from_ical(content).walk() if part.name == "VEVENT"]


def test_the_feed_tells_the_latest_events_first(world, snapshot):
    world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9, bound="over", lang="ja", said="協議")
    now = world.tell("2026-03-20", "equity_investment", "announced", AMAZON_OPENAI, 10e9)
    con = snapshot()
    found = feedparser.parse(feed_of(con, now))
    assert not found.bozo
    assert [entry.title for entry in found.entries] == [
        "Amazon has agreed to invest $10 bn in OpenAI.",
        "Amazon is in talks to invest more than $10 bn in OpenAI.",
    ]
    first = found.entries[1]
    assert first.link == "https://example.org/a1"
    assert "“協議” — wire (ja), 2026-03-01" in first.content[0].value
    assert {"new", "equity_investment", "amazon", "openai"} <= {tag.term for tag in first.tags}
    assert found.feed.updated_parsed[:4] == (2026, 4, 1, 8)
    assert feed_of(con, now) == feed_of(con, now + timedelta(days=1))  # nothing new: the same feed
    assert len(found.entries) <= MOST


def test_an_empty_ledger_has_a_valid_feed_and_calendar(world, snapshot):
    con = snapshot()
    found = feedparser.parse(feed_of(con, world.now))
    assert (found.bozo, found.entries) == (False, [])
    assert entries(calendar_of(commitments(con, date(2026, 4, 1)))) == []


@pytest.mark.parametrize(
    ("kind", "status", "said", "lang", "expected"),
    [
        ("acquisition", "announced", "The deal should close by 30 June 2026.", "en", ("closing", date(2026, 6, 30))),
        ("compute_contract", "announced", "The contract runs until 2031.", "en", ("ends", date(2031, 12, 31))),
        ("compute_contract", "announced", "合同自2027年起执行。", "zh", ("starts", date(2027, 1, 1))),
        ("infrastructure", "announced", "2027年末に稼働する。", "ja", ("milestone", date(2027, 12, 31))),
        ("equity_investment", "in_talks", "Bis Ende 2026 soll es so weit sein.", "de", ("closing", date(2026, 12, 31))),
    ],
)  # fmt: skip
def test_what_falls_due(world, snapshot, kind, status, said, lang, expected):
    roles = {"acquisition": ("acquirer", "target"), "equity_investment": ("investor", "investee")}
    giver, taker = roles.get(kind, ("provider", "customer"))
    world.tell("2026-03-01", kind, status, {"oracle": giver, "openai": taker}, 3e9, said=said, lang=lang)
    found = commitments(snapshot(), date(2026, 4, 1))
    assert [(one.kind, one.on, one.evidence) for one in found] == [(*expected, said)]
    (entry,) = entries(calendar_of(found))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (expected[1], expected[1] + timedelta(days=1))
    assert said in entry["DESCRIPTION"]
    assert "Oracle" in entry["SUMMARY"]
    assert "$3 bn" in entry["SUMMARY"]


def test_a_conditional_part_says_what_it_is_worth(world, snapshot):
    world.tell("2026-03-01", "equity_investment", "announced", AMAZON_OPENAI, 35e9, conditional=True,
               said="Another $35bn follows by the end of 2027 if milestones are met.")  # fmt: skip
    (one,) = commitments(snapshot(), date(2026, 4, 1))
    assert (one.kind, one.on, one.amount) == ("condition", date(2027, 12, 31), Sum(35e9, "USD"))


@pytest.mark.parametrize(
    ("language", "title", "summary", "window"),
    [
        ("en", "Deals of the AI cloud war", "Expected closing: Amazon → OpenAI (equity investment, more than $3 bn)",
         "Some day from 1 January 2027 to 31 December 2027."),
        ("ja", "AIクラウド戦争の取引", "完了予定：Amazon → OpenAI（出資、30億ドル超）",
         "2027年1月1日から2027年12月31日までのいずれかの日。"),
        ("de", "Geschäfte im KI-Cloud-Krieg",
         "Erwarteter Abschluss: Amazon → OpenAI (Beteiligung, mehr als 3 Mrd. Dollar)",
         "Irgendwann vom 1. Januar 2027 bis zum 31. Dezember 2027."),
    ],
)  # fmt: skip
def test_both_files_are_in_the_language_that_is_asked_for(world, snapshot, language, title, summary, window):
    now = world.tell("2026-03-01", "equity_investment", "announced", AMAZON_OPENAI, 3e9, bound="over",
                     said="It should be done in 2027.")  # fmt: skip
    con = snapshot()
    feed = feedparser.parse(feed_of(con, now, language))
    assert (feed.feed.title, feed.feed.language) == (title, language)
    (entry,) = entries(calendar_of(commitments(con, date(2026, 4, 1)), language))
    assert entry["SUMMARY"] == summary
    assert window in entry["DESCRIPTION"]


def test_every_language_has_words_for_all_that_a_calendar_names():
    for language in languages():
        assert sorted(words(language)["types"]) == sorted(row["type"] for row in read_reference()["deal_types"])
        assert words(language)["due"].keys() == set(get_args(Kind))


def test_what_is_off_or_long_past_is_not_in_the_calendar(world, snapshot):
    said = "The contract runs until 2031."
    world.tell("2026-03-01", "compute_contract", "announced", ORACLE_OPENAI, said=said)
    world.tell("2026-03-01", "acquisition", "announced", {"nvidia": "acquirer", "groq": "target"},
               said="It should close by 30 June 2026.")  # fmt: skip
    con = snapshot()
    assert len(commitments(con, date(2026, 7, 15))) == 2
    assert len(commitments(con, date(2026, 8, 15))) == 1
    world.tell("2026-03-20", "compute_contract", "ended", ORACLE_OPENAI, tier=1)
    assert [one.kind for one in commitments(snapshot(), date(2026, 4, 1))] == ["closing"]


def test_several_reports_of_one_day_make_one_entry_with_the_same_uid_later(world, snapshot):
    for source, tier in (("blog", 4), ("filing", 1)):
        world.tell("2026-03-01", "compute_contract", "announced", ORACLE_OPENAI, source=source, tier=tier,
                   said="The contract runs until 2031.")  # fmt: skip
    found = commitments(snapshot(), date(2026, 4, 1))
    assert [one.source for one in found] == ["filing"]
    first, second = entries(calendar_of(found)), entries(calendar_of(found))
    assert first[0]["UID"] == second[0]["UID"]


def test_hostile_words_act_in_neither_file(world, snapshot):
    name = "~" + HOSTILE
    now = world.tell("2026-03-01", "acquisition", "announced", {"amazon": "acquirer", name: "target"}, said=HOSTILE,
                     url="javascript:alert(1)")  # fmt: skip
    con = snapshot()
    content = feed_of(con, now)
    tree = ElementTree.fromstring(content)  # noqa: S314 - our own
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {
        "feed", "id", "title", "updated", "published", "author", "name", "generator", "entry", "category", "content",
    }  # fmt: skip
    (entry,) = entries(calendar_of(commitments(con, date(2026, 4, 1))))
    assert "URL" not in entry
    texts = [content.decode(), entry["SUMMARY"], entry["DESCRIPTION"]]
    for sign in ("\x1b", "\x00", "\u202e", "\ufffe", "\r", "javascript:"):
        assert not any(sign in text for text in texts), repr(sign)


def test_files_are_written_beside_the_snapshot_and_left_alone_if_unchanged(world, snapshot):
    now = world.tell("2026-03-01", "compute_contract", "announced", ORACLE_OPENAI, said="It runs until 2031.")
    con = snapshot()
    paths = publish_files(con, world.settings.snapshot.parent, now)
    assert [path.name for path in paths] == ["events.atom", "commitments.ics"]
    before = [path.stat().st_ino for path in paths]
    publish_files(con, world.settings.snapshot.parent, now)
    assert [path.stat().st_ino for path in paths] == before


def test_publishing_writes_them(world, monkeypatch):
    from typer.testing import CliRunner

    world.tell("2026-03-01", "compute_contract", "announced", ORACLE_OPENAI, said="It runs until 2031.")
    done = CliRunner().invoke(app, ["db", "publish"], env={"DEALWIRE_HOME": str(world.settings.home)})
    assert done.exit_code == 0, done.output
    folder = world.settings.snapshot.parent
    assert len(feedparser.parse((folder / "events.atom").read_bytes()).entries) == 1
    assert len(entries((folder / "commitments.ics").read_bytes())) == 1
