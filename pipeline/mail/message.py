"""A message as it travels: plain text and HTML, headers that programs and filters expect, nothing injected."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from pipeline.mail.addresses import bare, name_and_address, on_the_wire
from pipeline.mail.settings import MailSettings
from pipeline.plain import one_line

_MOST_SUBJECT = 150  # characters; phones show some 40, and a stranger's title may have 10,000


class _Addresses(UnstructuredHeader):
    """A header of web addresses, one a line. The standard library would turn a long one into encoded words, which
    RFC 2369 knows nothing of."""

    max_count = 1
    name: str

    def fold(self, *, policy: Any) -> str:
        """The header as it is sent."""
        return f"{self.name}: {str(self).replace(', ', ',' + policy.linesep + ' ')}{policy.linesep}"


def _policy(recipient: str) -> EmailPolicy[EmailMessage]:
    """Seven bits on the way, so that no server need know more; a name beyond ASCII cannot be written so."""
    registry = HeaderRegistry()
    as_header: Any = _Addresses  # the registry joins it with BaseHeader
    registry.map_to_type("List-Unsubscribe", as_header)
    return SMTP.clone(cte_type="7bit", header_factory=registry, utf8=not on_the_wire(recipient).isascii())


def stable_id(settings: MailSettings, recipient: str, series: str, period: str) -> str:
    """The Message-ID of a letter: the same whenever it is asked for, so that mail stores know a double."""
    key = "\x1f".join((on_the_wire(recipient).casefold(), series, period))
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_host(settings)}>"


def build_message(
    settings: MailSettings, *, to: str, subject: str, message_id: str, when: datetime, text: str | None,
    html: str | None, language: str = "en", images: Mapping[str, bytes] | None = None, list_name: str = "digest",
) -> EmailMessage:  # fmt: skip
    """A message of one or both parts (at least one).

    ``images`` are PNGs by the name that the HTML calls them by (``<img src="cid:NAME">``); they travel only with HTML.
    ``when`` becomes the Date; ``list_name`` (one word of ASCII) tells digests from alerts in List-Id.
    """
    if text is None and html is None:
        raise ValueError("a message needs a part")
    message = EmailMessage(policy=_policy(to))
    message["From"] = _as_header(settings.sender)
    message["To"] = _as_header(to)
    if settings.reply_to:
        message["Reply-To"] = _as_header(settings.reply_to)
    message["Subject"] = one_line(subject, _MOST_SUBJECT)
    message["Date"] = format_datetime(when)
    message["Message-ID"] = message_id
    message["List-Id"] = f"Dealwire {list_name} <{list_name}.{_host(settings)}>"
    message["List-Unsubscribe"] = ", ".join(f"<{address}>" for address in _unsubscribe(settings, to))
    if settings.unsubscribe_url:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if text is not None:
        message.set_content(text)
    if html is not None:
        _add_html(message, html, images or {}, alternative=text is not None)
    message["Content-Language"] = language  # last, since setting the content clears all that starts with Content-
    return message


def _add_html(message: EmailMessage, html: str, images: Mapping[str, bytes], *, alternative: bool) -> None:
    part: Any = message
    if alternative:
        message.add_alternative(html, subtype="html")
        part = message.get_payload(1)
    else:
        message.set_content(html, subtype="html")
    for name, png in images.items():
        file = f"{name.partition('@')[0]}.png"
        part.add_related(png, "image", "png", cid=f"<{name}>", disposition="inline", filename=file)


def bytes_of(message: EmailMessage) -> bytes:
    """The message as it goes over the wire, with CRLF line ends."""
    return message.as_bytes()


def unsubscribe_link(settings: MailSettings, to: str) -> str:
    """Where a reader stops the messages: the page for one click where there is one, else a mail."""
    return _unsubscribe(settings, to)[-1]


def _unsubscribe(settings: MailSettings, to: str) -> list[str]:
    mailto = on_the_wire(bare(settings.unsubscribe_mailto or settings.reply_to or settings.sender))
    found = [f"mailto:{quote(mailto, safe='@+')}?subject=unsubscribe%20{quote(to, safe='@')}"]
    if settings.unsubscribe_url:
        found.append(settings.unsubscribe_url.replace("{address}", quote(to, safe="")))
    return found


def _as_header(mailbox: str) -> Address:
    name, address = name_and_address(mailbox)
    local, _, host = on_the_wire(address).rpartition("@")
    return Address(one_line(name), local, host)


def _host(settings: MailSettings) -> str:
    return on_the_wire(settings.sender_address).rpartition("@")[2]
