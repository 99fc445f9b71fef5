"""``alerts``: what a person sees of rules, rehearsals and sending; titles in this ledger are hostile."""

from __future__ import annotations

import json
import os
import shutil

import pytest

RULES = """
[[rule]]
name = "all"
mail = ["desk@example.org"]

[[rule]]
name = "chips"
chips = ["amd-mi450"]
mail = ["desk@example.org"]
language = "ja"
"""


@pytest.fixture
def here(dealwire, ledger, tmp_path):
    """A copy of the ledger with rules that were written before it knew anything; mail goes into files."""
    home = tmp_path / "home"
    shutil.copytree(ledger, home)
    (home / "alerts.toml").write_text(RULES, "utf-8")
    os.utime(home / "alerts.toml", (0, 0))
    dealwire.env |= {"DEALWIRE_HOME": str(home), "DEALWIRE_MAIL_BACKEND": "file"}
    return dealwire


def test_test_shows_what_would_have_been_sent_and_sends_nothing(here, tmp_path):
    answer = here("alerts", "test", "chips", "--since", "2026-01-01")
    assert answer.status == 0, answer.err
    assert "2026-04-01 06:00 UTC to mail:desk@example.org" in answer.out
    assert "2026-02-24" in answer.out
    assert "1 messages, 1 events" in answer.err
    assert not (tmp_path / "home" / "mail").exists()
    assert not (tmp_path / "home" / "alerts.sqlite").exists()


def test_test_by_the_day_of_the_event(here):
    answer = here("alerts", "test", "all", "--since", "2026-01-01")
    assert "some of this happened earlier" in answer.err
    answer = here("alerts", "test", "all", "--since", "2026-01-01", "--as-dated")
    assert [line[:16] for line in answer.out.splitlines() if " UTC to " in line] == [
        "2026-02-24 12:00", "2026-03-27 12:00",
    ]  # fmt: skip
    assert "happened earlier" not in answer.err
    assert "nothing" in here("alerts", "test", "all", "--since", "2026-05-01", "--as-dated").err


def test_test_as_json(here):
    (message,) = json.loads(here("alerts", "test", "all", "--since", "2020-01-01", "--json").out)
    assert message["targets"] == ["mail:desk@example.org"]
    assert message["content"]["data"]["rule"] == "all"
    assert len(message["content"]["data"]["events"]) == 3


def test_hostile_titles_do_not_act_on_the_terminal(here):
    answer = here.program("alerts", "test", "all", "--since", "2020-01-01")
    assert answer.status == 0, answer.err
    assert "Amazon in talks" in answer.out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(answer.out + answer.err)


def test_send_once_and_list(here, tmp_path):
    first = here("alerts", "send", "--json")
    assert (first.status, json.loads(first.out)["sent"]) == (0, 2)
    assert len(list((tmp_path / "home" / "mail").glob("*.eml"))) == 2
    again = here("alerts", "send")
    assert again.out == ""
    assert "0 alerts sent by 2 rules" in again.err
    rows = {row["rule"]: row for row in json.loads(here("alerts", "list", "--json").out)}
    assert rows["all"]["sent"] == 1
    assert rows["chips"]["tells"] == "chip amd-mi450; all news"
    assert "desk@example.org" in here("alerts", "list").out


def test_a_wrong_rule_is_told_and_the_others_are_sent(here, tmp_path):
    path = tmp_path / "home" / "alerts.toml"
    path.write_text(RULES.replace("amd-mi450", "amd-mi45"), "utf-8")
    os.utime(path, (0, 0))
    answer = here("alerts", "send")
    assert answer.status == 1
    assert "1 alerts sent by 1 rules" in answer.err
    assert "did you mean 'amd-mi450'?" in answer.err
    listed = here("alerts", "list")
    assert listed.status == 1
    assert "rule 'chips': chips[1]" in listed.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["test", "chip", "--since", "2026-01-01"], "did you mean 'chips'?"),
        (["test", "all", "--since", "yesterday"], "--since: 'yesterday' is no day"),
    ],
)
def test_slips_name_the_remedy(here, arguments, told):
    answer = here("alerts", *arguments)
    assert answer.status == 2
    assert told in answer.err


@pytest.mark.parametrize("command", [["list"], ["send"], ["test", "all", "--since", "2026-01-01"]])
def test_without_rules_the_way_to_write_them_is_named(empty, command):
    answer = empty("alerts", *command)
    assert answer.status == 2
    assert "docs/alerts.md" in answer.err


def test_ingest_sends_what_it_found_and_writes_feed_and_calendar(empty, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "alerts.toml").write_text(RULES, "utf-8")
    (tmp_path / "note.txt").write_text("Meta will acquire Manus for $2 billion, the companies said.", "utf-8")
    empty.env["DEALWIRE_MAIL_BACKEND"] = "file"
    answer = empty("ingest", str(tmp_path / "note.txt"))
    assert answer.status == 0, answer.err
    assert "1 alerts sent by 2 rules" in answer.err
    assert len(list((home / "mail").glob("*.eml"))) == 1
    assert b"Meta" in (home / "published" / "events.atom").read_bytes()
    assert (home / "published" / "commitments.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
