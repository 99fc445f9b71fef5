"""From a load to a receiver over real HTTP: told once, signed, tried again, held when asked, untold when untrue."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.alerts import send_alerts
from pipeline.alerts.state import AlertsBusyError, AlertState

AMAZON_OPENAI = {"amazon": "investor", "openai": "investee"}
AMD_META = {"amd": "provider", "meta": "customer"}


def rule(name="money", extra="", url="https://hooks.example.org/"):
    return f'[webhook.desk]\nurl = "{url}"\n[[rule]]\nname = "{name}"\nwebhooks = ["desk"]\n{extra}\n'


def told(receiver):
    return [event["sentence"] for message in receiver.messages for event in message["data"]["events"]]


def test_what_a_load_found_is_told_once(world, receiver):
    world.rules(rule(url=receiver.url, extra='companies = ["openai"]'))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9, bound="over")
    world.tell("2026-03-01", "chip_supply", "announced", AMD_META, 6e10)
    report = send_alerts(world.settings, now)
    assert (report.rules, report.found, report.messages, report.sent, report.well) == (1, 1, 1, 1, True)
    assert told(receiver) == ["Amazon is in talks to invest more than $10 bn in OpenAI."]
    assert send_alerts(world.settings, now + timedelta(hours=1)).sent == 0
    later = world.tell("2026-03-20", "equity_investment", "announced", AMAZON_OPENAI, 10e9)
    send_alerts(world.settings, later)
    assert told(receiver)[1:] == ["Amazon has agreed to invest $10 bn in OpenAI."]


def test_two_failures_then_success_keep_id_and_body_and_the_signature_holds(world, receiver):
    receiver.answers = [503, 500]
    world.rules(rule(url=receiver.url))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    assert send_alerts(world.settings, now).sent == 1
    assert len(receiver.got) == 3
    assert len(set(receiver.ids)) == 1
    assert len({body for _, body in receiver.got}) == 1
    for headers, body in receiver.got:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(receiver.key.encode(), signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_receiver_that_is_down_gets_it_later_and_holds_up_nobody(world, receiver, monkeypatch):
    other = f'[webhook.down]\nurl = "http://127.0.0.1:1/"\n{rule(url=receiver.url)}'.replace(
        '["desk"]', '["down", "desk"]'
    )
    world.rules(other)
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    report = send_alerts(world.settings, now)
    assert (report.sent, report.waiting, report.well) == (1, 1, False)
    assert "rule 'money': webhook 'down': 127.0.0.1: ConnectError" in report.problems[0]
    assert send_alerts(world.settings, now + timedelta(seconds=30)).problems == []  # its pause is not over
    world.rules(other.replace("http://127.0.0.1:1/", receiver.url))
    assert send_alerts(world.settings, now + timedelta(minutes=2)).sent == 1
    assert len(set(receiver.ids)) == 1
    assert len(receiver.got) == 2


def test_what_nobody_takes_is_given_up_after_a_day_and_can_be_revived(world, receiver):
    world.rules(rule(url=receiver.url))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    receiver.answers = [404] * 30
    assert send_alerts(world.settings, now).waiting == 1
    assert len(receiver.got) == 1  # a refusal is not asked again at once
    report = send_alerts(world.settings, now + timedelta(hours=25))
    assert (report.waiting, report.failed) == (0, 1)
    assert "given up" in report.problems[0]
    receiver.answers = []
    assert send_alerts(world.settings, now + timedelta(hours=26)).sent == 0
    assert send_alerts(world.settings, now + timedelta(hours=27), again=True).sent == 1


@pytest.mark.parametrize(
    ("answer", "headers", "tries", "said"),
    [
        (302, {"Location": "http://127.0.0.1:1/"}, 1, "put the final address into alerts.toml"),
        (401, {}, 1, "does the receiver know this address, and the key?"),
        (429, {"Retry-After": "3600"}, 1, "answered 429"),
        (429, {"Retry-After": "1"}, 4, "answered 429"),
        (500, {}, 4, "answered 500"),
    ],
)
def test_answers(world, receiver, answer, headers, tries, said):
    world.rules(rule(url=receiver.url))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    receiver.answers, receiver.headers = [answer] * 4, headers
    assert said in send_alerts(world.settings, now).problems[0]
    assert len(receiver.got) == tries


@pytest.mark.parametrize(
    ("secret", "said"),
    [("", "DEALWIRE_WEBHOOK_SECRET is not set"), ("short", "shorter than 24 bytes"), ("whsec_%%", "no base64")],
)
def test_a_key_that_is_missing_or_weak_is_told_without_showing_it(world, receiver, monkeypatch, secret, said):
    monkeypatch.setenv("DEALWIRE_WEBHOOK_SECRET", secret)
    world.rules(rule(url=receiver.url))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    (problem,) = send_alerts(world.settings, now).problems
    assert said in problem
    assert "%%" not in problem
    assert receiver.got == []


def test_a_key_in_the_form_of_standard_webhooks(world, receiver, monkeypatch):
    monkeypatch.setenv("DEALWIRE_WEBHOOK_SECRET", "whsec_" + base64.b64encode(receiver.key.encode()).decode())
    world.rules(rule(url=receiver.url))
    send_alerts(world.settings, world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9))
    headers, body = receiver.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.digest(receiver.key.encode(), signed, "sha256")).decode()
    )


def test_private_addresses_are_refused_unless_configured(world, receiver):
    world.settings = world.settings.model_copy(update={"allow_private": False})
    world.rules(rule(url=receiver.url))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    (problem,) = send_alerts(world.settings, now).problems
    assert "not a public address" in problem
    assert receiver.got == []


def test_the_past_is_no_news_to_a_new_rule(world, receiver):
    before = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    world.rules(rule(url=receiver.url), written=before + timedelta(minutes=5))
    now = world.tell("2026-03-01", "chip_supply", "announced", AMD_META, 6e10)
    send_alerts(world.settings, now)
    assert told(receiver) == ["Meta has agreed to take chips worth $60 bn from AMD."]


def test_a_rule_that_is_widened_does_not_tell_what_it_judged_before(world, receiver):
    world.rules(rule(url=receiver.url, extra="min_usd = 50_000_000_000"))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    assert send_alerts(world.settings, now).found == 0
    world.rules(rule(url=receiver.url))
    assert send_alerts(world.settings, now).found == 0


def test_a_throttle_gathers_what_comes_in_between(world, receiver):
    world.rules(rule(url=receiver.url, extra="throttle_minutes = 180"))
    send_alerts(world.settings, world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9))
    report = send_alerts(world.settings, world.tell("2026-03-01", "chip_supply", "announced", AMD_META, 6e10))
    assert (report.held, report.next_at) == (1, world.start + timedelta(hours=4))
    last = world.tell("2026-03-01", "acquisition", "announced", {"nvidia": "acquirer", "groq": "target"}, 2e10)
    assert send_alerts(world.settings, last).held == 2
    assert send_alerts(world.settings, world.start + timedelta(hours=4)).sent == 1
    assert [len(message["data"]["events"]) for message in receiver.messages] == [1, 2]


def test_quiet_hours_hold_until_morning(world, receiver):
    world.rules(rule(url=receiver.url, extra='quiet = { from = "08:30", to = "12:00", zone = "Europe/Berlin" }'))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)  # 09:00 in Berlin
    assert send_alerts(world.settings, now).held == 1
    assert receiver.got == []
    assert send_alerts(world.settings, now + timedelta(hours=3)).sent == 1


def test_what_is_no_longer_true_when_quiet_ends_is_not_told(world, receiver):
    world.rules(rule(url=receiver.url, extra='quiet = { from = "08:30", to = "12:00", zone = "Europe/Berlin" }'))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9, name="hoax")
    send_alerts(world.settings, now)
    world.unsay("hoax")
    report = send_alerts(world.settings, now + timedelta(hours=3))
    assert (report.messages, report.held, report.sent) == (0, 0, 0)
    assert receiver.got == []


def test_an_event_that_is_only_proved_better_is_the_same_news(world, receiver):
    world.rules(rule(url=receiver.url))
    send_alerts(world.settings, world.tell("2026-03-03", "equity_investment", "announced", AMAZON_OPENAI, 10e9, tier=4))
    now = world.tell("2026-03-02", "equity_investment", "announced", AMAZON_OPENAI, 10e9, tier=1, source="filing")
    assert send_alerts(world.settings, now).found == 0
    assert len(receiver.got) == 1


def test_two_rules_each_tell_it(world, receiver):
    second = f'[[rule]]\nname = "all"\nwebhooks = ["desk"]\n{rule(url=receiver.url)}'
    world.rules(second)
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    assert send_alerts(world.settings, now).sent == 2
    assert len(set(receiver.ids)) == 2


def test_without_rules_nothing_happens(world):
    assert send_alerts(world.settings).to_json()["rules"] == 0
    assert not world.settings.alerts_state.exists()


def test_one_run_at_a_time(world, receiver, monkeypatch):
    world.rules(rule(url=receiver.url))
    with AlertState(world.settings.alerts_state), pytest.raises(AlertsBusyError, match="another run"):
        AlertState(world.settings.alerts_state, wait_s=0).__enter__()


def _program(world, receiver):
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "dealwire"), "alerts", "send"],
        env={**os.environ, "DEALWIRE_HOME": str(world.settings.home), "DEALWIRE_ALLOW_PRIVATE": "true",
             "DEALWIRE_WEBHOOK_SECRET": receiver.key},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_sender_killed_in_the_middle_sends_again_under_the_same_id_and_then_never(world, receiver):
    world.rules(rule(url=receiver.url))
    world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9)
    receiver.go_on.clear()  # the receiver has it, and does not answer
    killed = _program(world, receiver)
    assert receiver.arrived.wait(60), killed.stderr.read()
    killed.kill()
    killed.wait()
    receiver.go_on.set()
    second = _program(world, receiver)
    assert second.wait(60) == 0, second.stderr.read()
    third = _program(world, receiver)
    assert third.wait(60) == 0, third.stderr.read()
    assert len(receiver.got) == 2
    assert len(set(receiver.ids)) == 1
    assert receiver.got[0][1] == receiver.got[1][1]


PAIRS = [{"amazon": "investor", one: "investee"} for one in ("openai", "anthropic", "mistral-ai")]
tellings = st.tuples(
    st.sampled_from(PAIRS), st.sampled_from(["in_talks", "announced", "completed", "ended"]),
    st.sampled_from([None, 1e9, 5e9]), st.booleans(),
)  # fmt: skip


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tellings, min_size=1, max_size=5))
def test_every_change_is_told_exactly_once_whenever_sending_happens(receiver, new_world, changes):
    from pipeline.alerts.events import events_after
    from warehouse.db import connect_snapshot

    receiver.got.clear()
    with tempfile.TemporaryDirectory() as folder:
        world = new_world(Path(folder))
        world.rules(rule(url=receiver.url, extra="throttle_minutes = 90"))
        seen = set()
        for number, (parties, status, amount, send) in enumerate(changes):
            world.tell(f"2026-03-{number + 1:02}", "equity_investment", status, parties, amount)
            con = connect_snapshot(world.settings.snapshot)
            standing = {e.id for e in events_after(con, None) if e.kind in ("new", "status", "reopened", "amount")}
            con.close()
            seen |= standing
            if send:
                send_alerts(world.settings, world.now)
        send_alerts(world.settings, world.now + timedelta(days=1))
    ids = [event["id"] for message in receiver.messages for event in message["data"]["events"]]
    assert len(ids) == len(set(ids))
    assert standing <= set(ids) <= seen
