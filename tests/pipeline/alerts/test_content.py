"""The JSON of an alert: after its schema, and harmless whatever a stranger wrote."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipeline.alerts import alert_schema
from pipeline.alerts.rehearse import rehearse
from pipeline.alerts.rules import read_rules
from pipeline.alerts.words import FOLDER, headline, words
from pipeline.digest import languages
from warehouse.db import connect_snapshot

AMAZON_OPENAI = {"amazon": "investor", "openai": "investee"}
HOSTILE = "<script>alert(1)</script>\x1b[31m\x1b]0;owned\x07 \u202eevil\u2066\r\nBcc: a@example.org ]]> \ud7ff\ufffe"
RULE = '[[rule]]\nname = "r"\nmail = ["desk@example.org"]\n'


def rehearsed(world, extra=""):
    world.rules(RULE + extra)
    con = connect_snapshot(world.settings.snapshot)
    try:
        return rehearse(con, read_rules(world.settings.alerts).get("r"), (world.start - timedelta(days=1)).date())
    finally:
        con.close()


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(alert_schema().read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture
def eventful(world):
    """A ledger with an event of each kind."""
    world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9, bound="over", tier=2)
    world.tell("2026-03-02", "equity_investment", "in_talks", AMAZON_OPENAI, 25e9, tier=2, source="nikkei", lang="ja")
    world.tell("2026-03-05", "equity_investment", "announced", AMAZON_OPENAI, 25e9, tier=1, source="filing")
    world.tell("2026-03-06", "equity_investment", "in_talks", AMAZON_OPENAI, None, tier=4, source="blog")
    world.tell("2026-03-20", "equity_investment", "ended", AMAZON_OPENAI, None, tier=1, source="filing")
    return world


ALL = 'transitions = ["any -> any"]\nrevised_sums = true\ndisputes = true\nfirst_report_in = ["ja", "en"]\n'


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_event_follows_the_schema_in_every_language(eventful, validator, language):
    messages = rehearsed(eventful, f'{ALL}language = "{language}"\n')
    events = [event for message in messages for event in message.content["data"]["events"]]
    assert {"new", "status", "first_report"} <= {event["kind"] for event in events}
    assert {"amount", "conflict", "contested"} & {event["kind"] for event in events}
    for message in messages:
        assert list(validator.iter_errors(json.loads(json.dumps(message.content)))) == []
    for event in events:
        assert not set("{}[]") & set(event["sentence"])


def test_the_schema_notices_what_is_missing_or_wrong(eventful, validator):
    content = rehearsed(eventful, ALL)[0].content
    event = content["data"]["events"][0]
    for wrong in (
        {**event, "kind": "rumour"},
        {**event, "date": "yesterday"},
        {**event, "evidence": {**event["evidence"], "url": "javascript:alert(1)"}},
        {name: value for name, value in event.items() if name != "sentence"},
    ):
        changed = {**content, "data": {**content["data"], "events": [wrong]}}
        assert not validator.is_valid(changed), wrong


def test_hostile_words_are_harmless(world, validator):
    world.tell("2026-03-01", "equity_investment", "in_talks", {"amazon": "investor", "~x\x1b[2J\u202ey": "investee"},
               said=HOSTILE, url="javascript:alert(1)")  # fmt: skip
    (message,) = rehearsed(world)
    assert list(validator.iter_errors(message.content)) == []
    text = json.dumps(message.content, ensure_ascii=False)
    for sign in ("\\u001b", "\x1b", "\x07", "\u202e", "\u2066", "\\r", "\\n", "\ufffe", "javascript:"):
        assert sign not in text
    assert message.content["data"]["events"][0]["evidence"]["url"] is None


def test_a_message_has_the_same_id_for_the_same_events_only(eventful):
    first, second = rehearsed(eventful, ALL), rehearsed(eventful, ALL)
    assert [message.id for message in first] == [message.id for message in second]
    assert len({message.id for message in first}) == len(first) > 1


def test_all_languages_of_the_digest_have_the_words_of_alerts():
    told = {path.stem for path in Path(FOLDER).glob("*.toml")}
    assert set(languages()) <= told
    keys = set(words("en"))
    for language in told:
        assert set(words(language)) == keys, language


def test_a_headline_counts_what_follows():
    assert headline(["A buys B."], "en") == "A buys B."
    assert "2" in headline(["A buys B.", "C buys D.", "E buys F."], "en")
