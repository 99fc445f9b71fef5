"""Who has the ledger open for writing: a writer signs beside the file, and whoever is refused reads the signature.

The lock itself is DuckDB's. The signature only says more about its holder than a process number, and counts for nothing
once another process holds the lock, so one that a killed writer left behind does no harm.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

_LONGEST = 120  # characters of a command that an error shows


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that writes; ``since`` is UTC, in ISO 8601, empty where it is not known."""

    pid: int
    host: str
    command: str
    since: str = ""

    def __str__(self) -> str:
        since = f", since {self.since}" if self.since else ""
        return f"process {self.pid} on {self.host} ({self.command or 'command unknown'}{since})"


def sign(database: Path) -> None:
    """Say beside the database that this process writes to it. To be called by who has the lock."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]).strip()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = json.dumps(asdict(Holder(os.getpid(), socket.gethostname(), command, now)))
    with suppress(OSError):  # a full disk must not keep a reader of the ledger's state from opening it
        part = _signature(database).with_suffix(".part")
        part.write_text(told, "utf-8")
        part.replace(_signature(database))


def find(database: Path, pid: int | None) -> Holder | None:
    """The holder whose process number the refusal named (None or 0: it named none, as across containers)."""
    try:
        signed = Holder(**json.loads(_signature(database).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        signed = None
    if signed is not None and (not pid or signed.pid == pid):
        return signed
    return Holder(pid, socket.gethostname(), _command(pid)) if pid else None


def _command(pid: int) -> str:
    """The command line of a process of this host, where the system shows it."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return " ".join(word.decode(errors="replace") for word in words if word)[:_LONGEST]


def _signature(database: Path) -> Path:
    return database.with_name(f"{database.name}.writer")
