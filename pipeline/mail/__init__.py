"""Mail: built once, kept in an outbox until a server has taken it, and sent once.

settings = read_mail_settings()
message_id = stable_id(settings, address, "digest/daily", "2026-04-02")
letter = Letter(message_id, address, "digest/daily", "2026-04-02", settings.sender_address, subject, bytes_of(message))
outbox.put(letter, now)
report = deliver(outbox, backend_for(settings, folder), settings, now)
"""

from pipeline.mail.backends import Backend, FileBackend, NotDeliveredError, backend_for
from pipeline.mail.deliver import DeliveryReport, deliver
from pipeline.mail.letters import Letter
from pipeline.mail.message import build_message, bytes_of, stable_id, unsubscribe_link
from pipeline.mail.outbox import Outbox, OutboxError
from pipeline.mail.settings import MailSettings, read_mail_settings

__all__ = [
    "Backend",
    "DeliveryReport",
    "FileBackend",
    "Letter",
    "MailSettings",
    "NotDeliveredError",
    "Outbox",
    "OutboxError",
    "backend_for",
    "build_message",
    "bytes_of",
    "deliver",
    "read_mail_settings",
    "stable_id",
    "unsubscribe_link",
]
