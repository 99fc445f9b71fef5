"""A word to the operator: a short plain mail, through the outbox like any other."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.mail.backends import backend_for
from pipeline.mail.deliver import DeliveryReport, deliver
from pipeline.mail.letters import Letter
from pipeline.mail.message import build_message, bytes_of, stable_id
from pipeline.mail.outbox import Outbox
from pipeline.mail.settings import MailSettings
from pipeline.plain import one_line
from pipeline.settings import Settings

SERIES = "notice"


def send_notice(
    settings: Settings, mail: MailSettings, recipient: str, about: str, subject: str, text: str,
    now: datetime | None = None,
) -> DeliveryReport:  # fmt: skip
    """Write the notice and send all mail that waits. ``about`` is what it tells of: each is told to a recipient once.

    Where the server does not take it now, it waits for the next that sends.

    Raises:
        OutboxError: the outbox cannot be used, or another process sends; then the notice waits.
    """
    now = now or datetime.now(UTC)
    message_id = stable_id(mail, recipient, SERIES, about)
    message = build_message(
        mail, to=recipient, subject=subject, message_id=message_id, when=now, text=text, html=None, list_name=SERIES
    )
    outbox = Outbox(settings.outbox)
    try:
        outbox.put(
            Letter(message_id, recipient, SERIES, about, mail.sender_address, one_line(subject), bytes_of(message),
                   now, now, 0),
            now,
        )  # fmt: skip
        return deliver(outbox, backend_for(mail, settings.home / "mail"), mail, now)
    finally:
        outbox.close()
