"""Sending to a real server on loopback: TLS, login, refusals, lost connections."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest

from pipeline.mail import MailSettings, deliver
from pipeline.mail.smtp import SmtpBackend
from tests.pipeline.mail.server import NOW, cut_cable, letter, lose_connection

# True of the server that speaks TLS from the first byte, which aiosmtpd does not take for TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def run(outbox, server, now=NOW, **more):
    settings = server.settings(**more)
    return deliver(outbox, SmtpBackend(settings), settings, now)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_arrives_as_it_was_written(serve, outbox, security):
    server = serve(security)
    outbox.put(letter(), NOW)
    assert run(outbox, server).sent == ["ann@example.org"]
    ((to, message),) = server.postbox.taken
    assert server.postbox.peers == [(True, True)]
    assert to == "ann@example.org"
    assert message["Subject"] == "今朝のAI提携：€5 Mrd."
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Grüße.\n.\n..two dots\nアマゾン\n"
    assert message.get_body(("html",)).get_content().strip() == "<p>アマゾン → OpenAI</p>"
    assert outbox.rows()[0]["state"] == "sent"


def test_a_second_run_sends_nothing(serve, outbox):
    server = serve()
    assert outbox.put(letter(), NOW)
    run(outbox, server)
    assert not outbox.put(letter("Ann@Example.ORG"), NOW)
    assert run(outbox, server).sent == []
    assert len(server.postbox.taken) == 1


def test_one_refused_does_not_stop_the_others(serve, outbox):
    server = serve()
    server.postbox.on_rcpt = lambda address: "550 no such user here" if address.startswith("gone") else None
    for name in ("ann", "gone", "zoe"):
        outbox.put(letter(f"{name}@example.org"), NOW)
    report = run(outbox, server)
    assert (report.sent, report.failed) == (["ann@example.org", "zoe@example.org"], ["gone@example.org"])
    assert "550" in report.problems[0]
    assert "no such user here" in outbox.rows("failed")[0]["error"]
    assert run(outbox, server).sent == []


def test_a_letter_that_cannot_be_sent_at_all_does_not_stop_the_others(serve, outbox, monkeypatch):
    server = serve()
    for name in ("ann", "bob"):
        outbox.put(letter(f"{name}@example.org"), NOW)
    settings = server.settings()
    backend = SmtpBackend(settings)
    send = backend.send

    def fails_for_ann(waiting):
        if waiting.letter.recipient.startswith("ann"):
            raise RuntimeError("a fault of ours")
        send(waiting)

    monkeypatch.setattr(backend, "send", fails_for_ann)
    report = deliver(outbox, backend, settings, NOW)
    assert (report.sent, report.waiting) == (["bob@example.org"], ["ann@example.org"])
    assert "a fault of ours" in outbox.rows("queued")[0]["error"]


def test_put_off_once_is_sent_at_the_next_try(serve, outbox):
    server = serve()
    answers = iter(["451 greylisted, come back later", None])
    server.postbox.on_data = lambda *_: next(answers)
    outbox.put(letter(), NOW)
    settings, pauses = server.settings(pause_s=2), []
    report = deliver(outbox, SmtpBackend(settings), settings, NOW, pause=pauses.append)
    assert (report.sent, report.problems, pauses) == (["ann@example.org"], [], [2.0])
    assert outbox.rows()[0]["attempts"] == 2


def test_put_off_for_ever_waits_and_is_given_up(serve, outbox):
    server = serve()
    server.postbox.on_data = lambda *_: "452 no room"
    outbox.put(letter(), NOW)
    report = run(outbox, server)
    assert report.waiting == ["ann@example.org"]
    assert "452" in report.problems[0]
    assert run(outbox, server, NOW + timedelta(hours=73)).failed == ["ann@example.org"]
    assert "given up after 72 hours" in outbox.rows()[0]["error"]
    assert outbox.told_until("ann@example.org", "digest/daily") is None


def test_a_connection_lost_within_data_is_made_anew(serve, outbox):
    server = serve()
    outbox.put(letter(text="long\n" * 20_000), NOW)
    outbox.put(letter("bob@example.org"), NOW)
    with cut_cable(server.controller.port, after=30_000) as port:
        first, second = run(outbox, server, port=port), run(outbox, server, port=port)
    assert first.sent[0] == "bob@example.org"
    assert [*first.sent, *second.sent] == ["bob@example.org", "ann@example.org"] == server.postbox.recipients
    assert outbox.rows()[-1]["attempts"] + outbox.rows()[0]["attempts"] == 3


def test_a_server_that_dies_after_data_gets_the_same_message_again(serve, outbox):
    server = serve()
    dies = iter([True, False])

    def on_data(smtp, body):
        if next(dies):
            lose_connection(smtp)

    server.postbox.on_data = on_data
    outbox.put(letter(), NOW)
    report = run(outbox, server)
    assert (report.sent, report.waiting) == ([], ["ann@example.org"])
    assert run(outbox, server).sent == ["ann@example.org"]
    first, second = (message for _, message in server.postbox.taken)
    assert first.as_bytes() == second.as_bytes()
    assert first["Message-ID"] == outbox.rows()[0]["message_id"]
    assert outbox.rows()[0]["doubts"] == 1


def test_a_server_that_always_dies_after_data_is_not_flooded(serve, outbox):
    server = serve()
    server.postbox.on_data = lambda smtp, body: lose_connection(smtp)
    outbox.put(letter(covers_until=NOW), NOW)
    reports = [run(outbox, server) for _ in range(4)]
    assert [report.failed for report in reports] == [[], [], ["ann@example.org"], []]
    assert len(server.postbox.taken) == 3
    assert "may have arrived" in outbox.rows()[0]["error"]
    assert outbox.told_until("ann@example.org", "digest/daily") == NOW


def test_a_server_that_hangs_is_left_after_the_time_out(outbox):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = MailSettings(host="127.0.0.1", port=silent.getsockname()[1], security="none", timeout_s=0.2)
        for name in ("ann", "bob"):
            outbox.put(letter(f"{name}@example.org"), NOW)
        report = deliver(outbox, SmtpBackend(settings), settings, NOW)
    assert report.waiting == ["ann@example.org", "bob@example.org"]
    assert len(report.problems) == 1
    assert "timed out" in report.problems[0]


def test_a_server_that_never_answers_the_message_leaves_a_doubt(outbox):
    def mute_after_data(listening):
        with listening.accept()[0] as line, line.makefile("rb") as heard:
            line.sendall(b"220 here\r\n")
            for words in heard:
                if words == b".\r\n":
                    heard.read()  # until the sender hangs up
                elif words.split(b" ")[0].strip().lower() in (b"ehlo", b"mail", b"rcpt", b"data"):
                    line.sendall(b"354 go on\r\n" if words.lower().startswith(b"data") else b"250 fine\r\n")

    outbox.put(letter(), NOW)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=mute_after_data, args=(listening,))
        server.start()
        settings = MailSettings(host="127.0.0.1", port=listening.getsockname()[1], security="none", timeout_s=0.5)
        report = deliver(outbox, SmtpBackend(settings), settings, NOW)
        server.join()
    assert report.waiting == ["ann@example.org"]
    assert "timed out" in report.problems[0]
    assert (outbox.rows()[0]["attempts"], outbox.rows()[0]["doubts"]) == (1, 1)


def test_a_server_that_is_down_for_an_hour_gets_each_letter_once(serve, outbox):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for name in ("ann", "bob"):
        outbox.put(letter(f"{name}@example.org"), NOW)
    server = serve()
    for minutes in range(0, 60, 10):
        report = run(outbox, server, NOW + timedelta(minutes=minutes), port=port)
        assert (report.sent, report.waiting, report.failed) == ([], ["ann@example.org", "bob@example.org"], [])
        assert len(report.problems) == 1
        assert "cannot be reached" in report.problems[0]
    assert outbox.counts() == {"queued": 2}
    assert run(outbox, server, NOW + timedelta(hours=1)).sent == ["ann@example.org", "bob@example.org"]
    assert run(outbox, server, NOW + timedelta(hours=1, minutes=10)).sent == []
    assert server.postbox.recipients == ["ann@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ca_file": None}, "certificate is not trusted"),
        ({"password": "sesame"}, "refuses the login"),
        ({"user": None}, "answers 530"),
        ({"security": "none", "user": None}, "answers 530"),
        ({"security": "tls"}, "cannot be reached"),
    ],
)
def test_what_is_wrong_with_the_settings_costs_no_letter(serve, outbox, more, said):
    server = serve()
    outbox.put(letter(), NOW)
    report = run(outbox, server, **more)
    assert (report.waiting, report.failed) == (["ann@example.org"], [])
    assert said in report.problems[0]
    assert "sesame" not in str(report)
    assert server.postbox.taken == []
    assert run(outbox, server).sent == ["ann@example.org"]


def test_a_certificate_for_another_host_is_refused_unless_told(serve, outbox):
    server = serve(name="mail.example.net")
    outbox.put(letter(), NOW)
    assert "not valid for 'localhost'" in run(outbox, server).problems[0]
    assert run(outbox, server, check_certificate=False).sent == ["ann@example.org"]


def test_names_beyond_ascii_need_a_server_that_takes_them(serve, outbox):
    plain, modern = serve(), serve(enable_SMTPUTF8=True)
    outbox.put(letter("jörg@bücher.example"), NOW)
    outbox.put(letter("ann@bücher.example"), NOW)
    report = run(outbox, plain)
    assert (report.sent, report.failed) == (["ann@bücher.example"], ["jörg@bücher.example"])
    assert "SMTPUTF8" in report.problems[0]
    assert plain.postbox.recipients == ["ann@xn--bcher-kva.example"]
    outbox.put(letter("jörg@bücher.example", "2026-04-03"), NOW)
    assert run(outbox, modern).sent == ["jörg@bücher.example"]
    assert str(modern.postbox.taken[0][1]["To"]).startswith("jörg@")
