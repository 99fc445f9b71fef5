"""SQL that anybody may type, within bounds of time and memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Event, Timer
from typing import Any

import duckdb

from warehouse import sql
from warehouse.errors import QueryError

_CHUNK = 2_048  # DuckDB's own vector size
_STATUS = Path("/proc/self/status")
_NARROW = "ask for less (WHERE, LIMIT, an aggregate)"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one statement may take: seconds in all, and bytes, both inside DuckDB and for the rows that it returns."""

    seconds: float
    memory: int


def confine(con: duckdb.DuckDBPyConnection, bounds: Bounds) -> None:
    """Bound the memory of a connection; nothing spills to disk, which would only move the trouble there."""
    con.execute(f"SET memory_limit = '{bounds.memory}B'")
    con.execute("SET temp_directory = ''")


def table(con: duckdb.DuckDBPyConnection, statement: str, bounds: Bounds) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows, as :func:`warehouse.sql.table`.

    Raises:
        QueryError: DuckDB refuses the statement, or it takes longer, or more memory, than ``bounds`` allow.
    """
    late = Event()

    def stop() -> None:
        late.set()
        con.interrupt()

    timer = Timer(bounds.seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        with _ceiling(2 * bounds.memory):
            return _read(con, statement, bounds, late)
    except duckdb.InterruptException as error:
        raise _too_long(bounds) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise _too_large(bounds) from error
    except duckdb.Error as error:
        raise sql.explained(error) from error
    finally:
        timer.cancel()


def _read(
    con: duckdb.DuckDBPyConnection, statement: str, bounds: Bounds, late: Event
) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = con.execute(statement)
    columns = [column[0] for column in cursor.description or ()]
    rows: list[tuple[Any, ...]] = []
    held = 0
    while chunk := cursor.fetchmany(_CHUNK):
        held += sum(map(sys.getsizeof, chain(chunk, chain.from_iterable(chunk))))
        if held > bounds.memory:
            raise _too_large(bounds)
        if late.is_set():
            raise _too_long(bounds)
        rows += chunk
    return columns, rows


def _too_long(bounds: Bounds) -> QueryError:
    return QueryError(
        f"the query took longer than {bounds.seconds:g} s and was stopped",
        f"{_NARROW}, or raise DEALWIRE_QUERY_SECONDS",
    )


def _too_large(bounds: Bounds) -> QueryError:
    return QueryError(
        f"the query needs more than {bounds.memory / 1e6:,.0f} MB of memory",
        f"{_NARROW}, or raise DEALWIRE_QUERY_MEMORY",
    )


@contextmanager
def _ceiling(more: int) -> Iterator[None]:
    """Let the process grow by ``more`` bytes at most: DuckDB does not count the strings that functions make.

    Only where the kernel says how large the process is (Linux).
    """
    try:
        import resource

        now = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmData:"))
    except (ImportError, OSError, StopIteration):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(now.split()[1]) * 1024 + more
    if soft != resource.RLIM_INFINITY:
        wanted = min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        with suppress(ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
