"""A mail server by SMTP. The steps are taken one by one, since it matters at which of them a connection is lost."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipeline.mail.addresses import on_the_wire
from pipeline.mail.backends import Kind, NotDeliveredError
from pipeline.mail.letters import WaitingLetter
from pipeline.mail.settings import MailSettings

_DOT = re.compile(rb"(?m)^\.")
_OK, _GO_AHEAD = (250, 251), (354,)
_CLOSING, _TOO_LARGE = 421, 552


class SmtpBackend:
    """A mail server. The connection is made with the first message, and again after it was lost."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.name = f"{settings.host}:{settings.server_port}"
        self._smtp: smtplib.SMTP | None = None

    @contextmanager
    def session(self) -> Iterator[None]:
        """Says goodbye at the end."""
        try:
            yield
        finally:
            self._drop(politely=True)

    def greet(self) -> None:
        """Connect and log in, and send nothing.

        Raises:
            NotDeliveredError: the server is away, does not prove its name, or refuses the login.
        """
        self._connected()

    def send(self, waiting: WaitingLetter) -> None:
        """Hand a message to the server; see :class:`pipeline.mail.backends.Backend`."""
        smtp = self._connected()
        sender, to = on_the_wire(waiting.letter.sender), on_the_wire(waiting.letter.recipient)
        handed_over = False
        try:
            self._expect(_OK, smtp.mail(sender, self._options(smtp, sender + to, len(waiting.body))), "MAIL FROM")
            self._expect(_OK, smtp.rcpt(to), f"RCPT TO {to}")
            smtp.putcmd("data")
            self._expect(_GO_AHEAD, smtp.getreply(), "DATA")
            smtp.send(_DOT.sub(b"..", waiting.body.removesuffix(b"\r\n")) + b"\r\n.\r\n")
            handed_over = True
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            raise NotDeliveredError(
                "doubt" if handed_over else "later", f"{self.name}: the connection was lost: {error}"
            ) from error
        self._expect(_OK, answer, "the end of DATA")

    def _options(self, smtp: smtplib.SMTP, addresses: str, size: int) -> list[str]:
        options = [f"size={size}"] if smtp.has_extn("size") else []
        if addresses.isascii():
            return options
        if not smtp.has_extn("smtputf8"):
            raise NotDeliveredError("refused", f"{self.name} takes no names beyond ASCII (SMTPUTF8)")
        return [*options, "SMTPUTF8", "BODY=8BITMIME"]

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._smtp.rset()[0] in _OK:
                    return self._smtp
            self._drop()
        try:
            self._smtp = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise NotDeliveredError(
                "unreachable", f"{self.name} refuses the login: {_said(error.smtp_error)}"
            ) from error
        except ssl.SSLCertVerificationError as error:
            said = f"{self.name}: its certificate is not trusted: {error.verify_message}"
            raise NotDeliveredError("unreachable", said) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotDeliveredError("unreachable", f"{self.name} cannot be reached: {error}") from error
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        settings, context = self.settings, self._tls()
        where, timeout = (settings.host, settings.server_port), settings.timeout_s
        smtp = (
            smtplib.SMTP_SSL(*where, timeout=timeout, context=context)
            if settings.security == "tls"
            else smtplib.SMTP(*where, timeout=timeout)
        )
        try:
            if settings.security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if settings.user and settings.password:
                smtp.login(settings.user, settings.password.get_secret_value())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.settings.ca_file) if self.settings.ca_file else None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if not self.settings.check_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _expect(self, wanted: tuple[int, ...], answer: tuple[int, bytes], step: str) -> None:
        code, said = answer
        if code in wanted:
            return
        kind: Kind = "refused" if 500 <= code < 600 else "later"
        if step == "MAIL FROM" and kind == "refused" and code != _TOO_LARGE:
            kind = "unreachable"  # it is the sender or the login that is wrong, and the next recipient fares no better
        if code == _CLOSING or code < 0:
            self._drop()
        raise NotDeliveredError(kind, f"{self.name} answers {code} to {step}: {_said(said)}")

    def _drop(self, politely: bool = False) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                if politely:
                    smtp.quit()
            smtp.close()


def _said(answer: bytes | str) -> str:
    """A server's words, on one line and of bounded length."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
