"""Errors of the warehouse. Each carries ``message`` (names the file, table or query) and ``hint`` (what to do)."""

from __future__ import annotations


class WarehouseError(Exception):
    """Base of all errors that the warehouse raises on purpose. ``retryable`` says whether waiting can help."""

    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class LedgerBusyError(WarehouseError):
    """Another process holds the database file. ``pid`` is that process, where DuckDB says so."""

    retryable = True

    def __init__(self, message: str, hint: str = "", pid: int | None = None) -> None:
        super().__init__(message, hint)
        self.pid = pid


class SnapshotMissingError(WarehouseError):
    """Nothing has been published at the path that a reader opens."""


class NewerDatabaseError(WarehouseError):
    """The file was written by a newer DuckDB, or its schema by a newer Dealwire."""


class MigrationError(WarehouseError):
    """A migration failed and was rolled back, or an applied one was edited afterwards."""


class QueryError(WarehouseError):
    """A statement that DuckDB refuses, or a query name that no file bears."""
