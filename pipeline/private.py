"""Files that hold people's addresses: made so that only their owner can read them."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.settings import Settings

MODE = 0o600
_OTHERS = 0o007


def make(path: Path) -> Path:
    """Make an empty private file, and its folder, where it is missing.

    A file that is there keeps its mode, which somebody may have chosen (a group that shares it); nor is it opened,
    since closing it would drop the locks that SQLite holds on it in this process.

    Raises:
        OSError: it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, MODE))
    return path


def replace(path: Path, content: bytes) -> None:
    """Give the file new content, whole or not at all; one that is there keeps its mode, a new one is private.

    Raises:
        OSError: it cannot be written; it is as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    mode = path.stat().st_mode & 0o777 if path.exists() else MODE
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def open_to_others(settings: Settings) -> list[Path]:
    """Files with addresses in them that every user of this machine can read or write."""
    kept = (settings.outbox, settings.subscriptions, settings.alerts, settings.alerts_state)
    mails = sorted((settings.home / "mail").glob("*.eml"))
    return [path for path in (*kept, *mails) if path.is_file() and path.stat().st_mode & _OTHERS]
