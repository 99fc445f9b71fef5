"""One exception tree. A failed item is data; a failed stage is one of these, and says whether a retry can help."""

from __future__ import annotations


class DealwireError(Exception):
    """Base of all errors that Dealwire raises on purpose.

    ``message`` names the file, source, row or key; ``hint`` says what to do about it.
    """

    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ConfigError(DealwireError):
    """A setting, source file or subscription is wrong; a retry changes nothing."""


class InputError(DealwireError):
    """A file or row handed to us cannot be read."""


class FetchError(DealwireError):
    """A stage of fetching failed as a whole (one dead feed is a row, not an exception)."""

    retryable = True
