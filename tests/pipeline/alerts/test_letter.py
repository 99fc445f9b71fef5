"""Alerts by mail, through the outbox that digests go through."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from pipeline.alerts import send_alerts

AMAZON_OPENAI = {"amazon": "investor", "openai": "investee"}
HOSTILE = '</p><script>alert(1)</script><img src="https://evil.example/"> \u202eevil\x1b[31m\r\nBcc: a@example.org'


@pytest.fixture
def mails(world, monkeypatch):
    """Mail goes into files; gives what is there, parsed."""
    monkeypatch.setenv("DEALWIRE_MAIL_BACKEND", "file")
    monkeypatch.setenv("DEALWIRE_MAIL_SENDER", "Dealwire <news@example.org>")

    def read():
        found = sorted((world.settings.home / "mail").glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]

    return read


def rules(*addresses, extra=""):
    listed = ", ".join(f'"{address}"' for address in addresses)
    return f'[[rule]]\nname = "money"\nmail = [{listed}]\n{extra}\n'


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_each_address_gets_one_letter_with_both_parts(world, mails):
    world.rules(rules("a@example.org", "b@example.org", extra='language = "ja"'))
    now = world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9, bound="over", said="So said.")
    report = send_alerts(world.settings, now)
    assert (report.sent, report.well) == (2, True)
    assert send_alerts(world.settings, now + timedelta(hours=1)).sent == 0
    assert {mail["To"] for mail in mails()} == {"a@example.org", "b@example.org"}
    mail = mails()[0]
    assert mail["Subject"] == "アマゾンがオープンAIに100億ドル超を出資する方向で協議している。"
    assert "alerts" in mail["List-Id"]
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in mail.iter_parts())
    for part in (text, html):
        assert "アマゾンがオープンAIに100億ドル超を出資する方向で協議している。" in part
        assert "So said." in part
        assert "https://example.org/a1" in part
        assert "「money」" in part


def test_hostile_words_act_in_no_part(world, mails):
    world.rules(rules("a@example.org"))
    name = "~" + HOSTILE.replace("\r\n", " ")
    send_alerts(world.settings, world.tell("2026-03-01", "equity_investment", "in_talks",
                                           {"amazon": "investor", name: "investee"}, said=HOSTILE))  # fmt: skip
    (mail,) = mails()
    assert mail["Bcc"] is None
    assert mail["To"] == "a@example.org"
    text, html = (part.get_content() for part in mail.iter_parts())
    names = {tag for tag, _ in Tags(html).tags}
    assert not names & {"script", "img", "iframe", "object", "form"}
    for part in (mail["Subject"], text, html):
        assert not {"\x1b", "\u202e", "\x07"} & set(part)


def test_wrong_settings_of_mail_are_told_and_webhooks_go_on(world, receiver, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_PORT", "many")
    hook = f'webhooks = ["desk"]\n[webhook.desk]\nurl = "{receiver.url}"'
    world.rules(rules("a@example.org", extra=hook))
    report = send_alerts(world.settings, world.tell("2026-03-01", "equity_investment", "in_talks", AMAZON_OPENAI, 10e9))
    assert (report.sent, report.waiting) == (1, 1)
    assert "DEALWIRE_MAIL_PORT" in report.problems[0]
    assert len(receiver.got) == 1
