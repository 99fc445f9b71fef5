"""A real mail server on loopback (aiosmtpd) with certificates of our own, and letters to send to it."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.mail import Letter, MailSettings, build_message, bytes_of, stable_id

NOW = datetime(2026, 4, 2, 7, tzinfo=UTC)
USER, PASSWORD = "dealwire", "sesame and more"


@dataclass
class Postbox:
    """What a server took, and what it is to answer instead: ``on_rcpt`` and ``on_data`` return an answer or None."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    peers: list[tuple[bool, bool]] = field(default_factory=list)  # was it TLS, was it logged in
    on_rcpt: Callable[[str], str | None] = lambda address: None
    on_data: Callable[[SMTP, bytes], str | None] = lambda server, body: None
    on_taken: Callable[[], None] = lambda: None  # before the answer is sent

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.on_rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        answer = self.on_data(server, envelope.content)
        if answer is None or answer.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.taken += [(to, message) for to in envelope.rcpt_tos]
            encrypted = server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
            self.peers.append((encrypted, bool(session.authenticated)))
            self.on_taken()
        return answer or "250 taken"

    def clear(self) -> None:
        """Forget all, and take all from now on."""
        fresh = Postbox()
        self.taken, self.peers = fresh.taken, fresh.peers
        self.on_rcpt, self.on_data, self.on_taken = fresh.on_rcpt, fresh.on_data, fresh.on_taken

    @property
    def recipients(self) -> list[str]:
        return [to for to, _ in self.taken]


def lose_connection(server: SMTP) -> None:
    """Drop the connection without a word."""
    assert server.transport is not None
    server.transport.abort()


@dataclass
class MailServer:
    """A running server and what a client has to know of it."""

    controller: _Controller
    postbox: Postbox
    ca_file: Path
    security: str

    def settings(self, **more: Any) -> MailSettings:
        given = {"host": "localhost", "port": self.controller.port, "security": self.security,
                 "ca_file": self.ca_file, "user": USER, "password": PASSWORD, "sender": "Dealwire <news@example.org>",
                 "timeout_s": 30, "pause_s": 0}  # fmt: skip
        return MailSettings(**(given | more))


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


class _Controller(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(
    ca: trustme.CA, ca_file: Path, security: str = "starttls", name: str = "localhost", **more: Any
) -> Iterator[MailServer]:
    """A server that asks for TLS (``starttls`` or ``tls``) and a login; its certificate is for ``name``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    postbox = Postbox()
    tls: dict[str, Any] = (
        {"tls_context": context, "require_starttls": True}
        if security == "starttls"
        else {"ssl_context": context, "auth_require_tls": False}
    )
    given = {"hostname": "127.0.0.1", "port": 0, "enable_SMTPUTF8": False, "auth_required": True,
             "authenticator": _login, **tls, **more}  # fmt: skip
    controller = _Controller(postbox, **given)
    controller.start()
    try:
        yield MailServer(controller, postbox, ca_file, security)
    finally:
        controller.stop(no_assert=True)


@contextmanager
def cut_cable(port: int, after: int) -> Iterator[int]:
    """A cable to ``port`` whose first connection is cut once ``after`` bytes have gone through it; yields its port."""
    cuts = iter([after])

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            left = next(cuts, None)
            threading.Thread(target=_pump, args=(server, client, None), daemon=True).start()
            _pump(client, server, left)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=carry, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, target: socket.socket, left: int | None) -> None:
    with suppress(OSError):
        while (left is None or left > 0) and (piece := source.recv(4096)):
            target.sendall(piece)
            left = None if left is None else left - len(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def write_authority(folder: Path) -> tuple[trustme.CA, Path]:
    """A certificate authority of our own, and its certificate in a file."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    return ca, folder / "ca.pem"


SETTINGS = MailSettings(sender="Dealwire <news@example.org>")


def letter(to: str = "ann@example.org", period: str = "2026-04-02", **more: Any) -> Letter:
    """A letter of the daily digest; its text has what SMTP and MIME have to take care of."""
    subject, text = "今朝のAI提携：€5 Mrd.", more.pop("text", "Grüße.\n.\n..two dots\nアマゾン")
    message_id = stable_id(SETTINGS, to, "digest/daily", period)
    message = build_message(
        SETTINGS, to=to, subject=subject, message_id=message_id, when=NOW, text=text, html="<p>アマゾン → OpenAI</p>"
    )
    return Letter(message_id, to, "digest/daily", period, SETTINGS.sender_address, subject, bytes_of(message), **more)
