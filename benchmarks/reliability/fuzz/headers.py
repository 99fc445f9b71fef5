"""Checks of headers: mail addresses and letters, webhook keys and signatures, Retry-After and what a body is."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

from benchmarks.reliability.fuzz.bodies import CONTENT_TYPES, NOW
from benchmarks.reliability.fuzz.target import Check
from benchmarks.reliability.fuzz.texts import as_text, chosen

_VARIABLE = "DEALWIRE_FUZZ_SECRET"
_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted",
         "X-Auto-Response-Suppress", "Content-Type", "Content-Language", "MIME-Version",
         "Content-Transfer-Encoding")  # fmt: skip


def letters() -> Check:
    """A mailbox that is accepted can be written to: each header once, the address whole, nothing injected."""
    from pipeline.mail.addresses import bare, is_mailbox, on_the_wire, same
    from pipeline.mail.message import build_message, bytes_of, stable_id
    from pipeline.mail.settings import MailSettings
    from pipeline.plain import one_line

    settings = MailSettings(unsubscribe_url="https://news.example/stop?who={address}")

    def check(data: bytes) -> None:
        mailbox, _, rest = as_text(data).partition("\n")
        subject, _, text = rest.partition("\n")
        if not is_mailbox(mailbox):
            return
        assert same(on_the_wire(bare(mailbox))) == same(bare(mailbox))
        body = bytes_of(
            build_message(
                settings, to=mailbox, subject=subject, message_id=stable_id(settings, bare(mailbox), "digest", "1"),
                when=NOW, text=text, html=None,
            )
        )  # fmt: skip
        read = message_from_bytes(body, policy=policy.default)
        assert [name for name in read if name not in (*_ONCE, "List-Unsubscribe-Post")] == []
        assert all(len(read.get_all(name, [])) == 1 for name in _ONCE if name != "Content-Transfer-Encoding")
        to = [address.addr_spec.encode("utf-8", "surrogateescape").decode() for address in read["To"].addresses]
        assert to == [on_the_wire(bare(mailbox))]
        assert " ".join(str(read["Subject"]).split()) == one_line(subject, 150)

    return check


def webhooks() -> Check:
    """A key is taken or refused; what is signed with it can be verified."""
    from pipeline.alerts.rules import Webhook
    from pipeline.alerts.webhook import key_of, signature

    hook = Webhook("desk", "https://hooks.example/x", _VARIABLE)

    def check(data: bytes) -> None:
        secret, _, body = data.partition(b"\n")
        with _environment(secret.replace(b"\0", b"")):
            key = key_of(hook)
        said = signature(key, "msg_1", NOW, body)
        signed = b"msg_1." + str(int(NOW.timestamp())).encode() + b"." + body
        assert b64decode(said.removeprefix("v1,")) == hmac.digest(key, signed, hashlib.sha256)

    return check


def answers() -> Check:
    """Retry-After is a number of seconds or nothing; what is wrong with a body is said in words."""
    from pipeline.fetch.answers import retry_after_seconds, wrong_content

    def check(data: bytes) -> None:
        header, _, body = data[1:].partition(b"\n")
        seconds = retry_after_seconds(header.decode("latin-1"), NOW)
        assert seconds is None or seconds >= 0
        for wanted in ("feed", "page", "robots"):
            assert isinstance(wrong_content(wanted, chosen(CONTENT_TYPES, data), body), str)

    return check


@contextmanager
def _environment(value: bytes) -> Iterator[None]:
    os.environb[_VARIABLE.encode()] = value
    try:
        yield
    finally:
        del os.environ[_VARIABLE]
