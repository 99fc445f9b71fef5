"""Ways out: a mail server by SMTP, or .eml files in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal, Protocol

from pipeline import private
from pipeline.mail.letters import WaitingLetter
from pipeline.mail.settings import MailSettings

Kind = Literal["refused", "later", "unreachable", "doubt"]


class NotDeliveredError(Exception):
    """A message that did not go out, as far as is known.

    ``kind``: ``refused`` (for good), ``later`` (the server puts it off), ``unreachable`` (no message will go out now),
    ``doubt`` (all of it was handed over, and no answer came).
    """

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Backend(Protocol):
    """Sends single messages, within ``with backend.session():``."""

    def session(self) -> AbstractContextManager[None]:
        """A context in which a connection is kept open between messages."""

    def send(self, waiting: WaitingLetter) -> None:
        """Hand a message over; returns once it is taken.

        Raises:
            NotDeliveredError: it was not, or that is not known.
        """


class FileBackend:
    """Writes each message to ``<folder>/<Message-ID>.eml``: written again, it replaces itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def session(self) -> Iterator[None]:
        """Nothing to keep open."""
        yield

    def send(self, waiting: WaitingLetter) -> None:
        """Write the message whole or not at all."""
        name = re.sub(r"[^0-9A-Za-z.@_-]", "_", waiting.letter.message_id.strip("<>"))
        try:
            private.replace(self.folder / f"{name}.eml", waiting.body)
        except OSError as error:
            raise NotDeliveredError("unreachable", f"{error.filename or self.folder}: {error.strerror}") from error


def backend_for(settings: MailSettings, folder: Path) -> Backend:
    """The backend that the settings ask for; ``folder`` takes .eml files where they name none."""
    from pipeline.mail.smtp import SmtpBackend

    return SmtpBackend(settings) if settings.backend == "smtp" else FileBackend(settings.folder or folder)
