"""Digests from a ledger through the outbox to a real mail server: each change is told once, to each reader."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from pipeline.digest import Filters, Preferences
from pipeline.mail import Outbox, OutboxError
from pipeline.subscriptions import Subscription, send_digests

ANN = Subscription("ann@example.org")
JAPANESE = Subscription("desk@example.org", preferences=Preferences("ja", "JPY", "Asia/Tokyo"))


@pytest.fixture
def send(newsroom, post):
    def send(now: datetime, *readers: Subscription, **mail):
        return send_digests(newsroom.settings, post.settings(**mail), readers or [ANN], now)

    return send


def texts(post, address="ann@example.org"):
    """The plain text parts that an address got, in their order, up to the charts, which tell of thirty days."""
    whole = [message.get_body(("plain",)).get_content() for to, message in post.postbox.taken if to == address]
    return [text.partition("\nEvents by day")[0] for text in whole]


def sums(text):
    return re.findall(r"\$\d+ bn", text)


def states(newsroom):
    outbox = Outbox(newsroom.settings.outbox)
    rows = outbox.rows()
    outbox.close()
    return [(row["period"], row["state"]) for row in sorted(rows, key=lambda row: row["period"])]


def test_two_readers_two_languages(newsroom, post, send, morning):
    newsroom.learn(morning(2, hours=-2))
    report = send(morning(2), ANN, JAPANESE)
    assert (report.written, report.delivery.sent, report.problems) == ([r.address for r in (ANN, JAPANESE)],) * 2 + (
        [],
    )
    (english,), (japanese,) = (
        [message for to, message in post.postbox.taken if to == reader.address] for reader in (ANN, JAPANESE)
    )
    assert "$21 bn" in english["Subject"]
    assert "210億ドル" in japanese["Subject"]
    for message, language in ((english, "en"), (japanese, "ja")):
        assert message["Content-Language"] == language
        assert message.get_body(("html",)).get_content_type() == "text/html"
        pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
        page = message.get_body(("html",)).get_content()
        assert [f"cid:{part['Content-ID'][1:-1]}" in page for part in pictures] == [True, True]
        assert "21" in message.get_body(("plain",)).get_content()
        assert "mailto:news@example.org" in message["List-Unsubscribe"]
        assert "mailto:news@example.org?subject=unsubscribe" in message.get_body(("plain",)).get_content()


def test_a_second_run_sends_nothing(newsroom, post, send, morning):
    newsroom.learn(morning(2, hours=-2))
    send(morning(2))
    again = send(morning(2, hours=1))
    assert (again.written, again.written_before, again.delivery.sent) == ([], [ANN.address], [])
    assert len(post.postbox.taken) == 1


def test_each_issue_tells_what_came_since_the_last(newsroom, post, send, morning):
    newsroom.learn(morning(1, hours=-40))
    first = newsroom.learn(morning(2, hours=-1))
    send(morning(2))
    second = newsroom.learn(morning(2, hours=1))
    third = newsroom.learn(morning(3, hours=-1))
    send(morning(3))
    assert [set(sums(text)) for text in texts(post)] == [{first}, {second, third}]


def test_what_is_published_later_than_recorded_is_not_lost(newsroom, post, send, morning):
    early = newsroom.learn(morning(2, hours=-2))
    late = newsroom.learn(morning(2, seconds=-1), publish=False)
    send(morning(2))
    newsroom.publish()
    send(morning(3))
    assert [set(sums(text)) for text in texts(post)] == [{early}, {late}]


def test_filters(newsroom, post, send, morning):
    newsroom.learn(morning(2, hours=-2), billions=2)
    newsroom.learn(morning(2, hours=-1), billions=30)
    rich = Subscription("rich@example.org", preferences=Preferences(filters=Filters(min_usd=1e10)))
    send(morning(2), ANN, rich)
    assert set(sums(texts(post)[0])) == {"$2 bn", "$30 bn"}
    assert set(sums(texts(post, "rich@example.org")[0])) == {"$30 bn"}


def test_quiet_days(newsroom, post, send, morning):
    newsroom.learn(morning(1))
    send(morning(2))
    silent = Subscription("silent@example.org", quiet_days="nothing")
    report = send(morning(3), ANN, silent)
    assert report.quiet == ["silent@example.org"]
    assert report.delivery.sent == ["ann@example.org"]
    assert "Nothing new" in texts(post)[-1]
    assert texts(post, "silent@example.org") == []
    assert send(morning(3), silent).written_before == ["silent@example.org"]


@pytest.mark.parametrize(("parts", "kind"), [("text", "text/plain"), ("html", "text/html")])
def test_one_part_only(newsroom, post, send, morning, parts, kind):
    newsroom.learn(morning(2, hours=-2))
    send(morning(2), Subscription("ann@example.org", parts=parts))
    kinds = {part.get_content_type() for part in post.postbox.taken[0][1].walk()}
    assert kind in kinds
    assert not kinds & ({"text/plain", "text/html"} - {kind})


def test_down_over_two_mornings_is_one_message_with_both_days(newsroom, post, send, morning):
    first = newsroom.learn(morning(2, hours=-2))
    assert send(morning(2), ANN, port=1).delivery.waiting == ["ann@example.org"]
    second = newsroom.learn(morning(3, hours=-2))
    assert send(morning(3), ANN, port=1).delivery.waiting == ["ann@example.org"]
    assert send(morning(3, hours=1)).delivery.sent == ["ann@example.org"]
    assert [set(sums(text)) for text in texts(post)] == [{first, second}]
    assert states(newsroom) == [("2026-04-02", "superseded"), ("2026-04-03", "sent")]


def test_a_refused_issue_is_told_by_the_next(newsroom, post, send, morning):
    first = newsroom.learn(morning(2, hours=-2))
    post.postbox.on_rcpt = lambda _: "550 mailbox is full"
    assert send(morning(2)).delivery.failed == ["ann@example.org"]
    post.postbox.on_rcpt = lambda _: None
    second = newsroom.learn(morning(3, hours=-2))
    send(morning(3))
    assert [set(sums(text)) for text in texts(post)] == [{first, second}]


def test_one_that_cannot_be_made_does_not_stop_the_others(newsroom, post, send, morning):
    newsroom.learn(morning(2, hours=-2))
    wrong = Subscription("bob@example.org", preferences=Preferences(language="tlh"))
    report = send(morning(2), wrong, ANN)
    assert report.delivery.sent == ["ann@example.org"]
    assert "bob@example.org" in report.problems[0]
    assert "tlh" in report.problems[0]
    assert not report.well


def test_a_weekly_digest_has_the_week(newsroom, post, send, morning):
    weekly = Subscription("ann@example.org", "weekly", weekday=4)
    told = {newsroom.learn(morning(day)) for day in (1, 2)}
    for day in range(1, 12):
        send(morning(day), weekly)
        if day == 5:
            told.add(newsroom.learn(morning(5)))
    assert len(texts(post)) == 3
    assert set(sums("".join(texts(post)))) == told


def test_two_runs_at_a_time_are_one(newsroom, post, send, morning):
    other = Outbox(newsroom.settings.outbox)
    with other.only_sender(), pytest.raises(OutboxError, match="another run is sending"):
        send(morning(2))
    other.close()
    assert send(morning(2)).delivery.sent == ["ann@example.org"]


def test_an_empty_ledger(newsroom, post, send, morning):
    assert send(morning(2)).delivery.sent == ["ann@example.org"]
    assert "Nothing new" in texts(post)[0]
    told = newsroom.learn(morning(2, hours=1))
    send(morning(3))
    assert sums(texts(post)[1])[0] == told


def test_through_a_bad_week(newsroom, post, send, morning):
    """A ledger that learns all the time, published now and then, and a server that refuses, puts off or is away."""
    told = set()
    for day in range(1, 9):
        told.add(newsroom.learn(morning(day, hours=-3), publish=day % 3 != 0))
        answer = {2: "451 later", 4: "550 never", 6: "451 later"}.get(day)
        post.postbox.on_rcpt = lambda _, answer=answer: answer
        send(morning(day), ANN, **({"port": 1} if day == 5 else {}))
        send(morning(day, hours=1))
    assert len(texts(post)) < 8
    heard = [amount for text in texts(post) for amount in dict.fromkeys(sums(text))]
    assert sorted(heard) == sorted(told)
