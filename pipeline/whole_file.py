"""Files that readers of other processes meet whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_whole(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a file, and its folder, beside its place and put it there once it is on disk.

    Broken off, it leaves ``.<name>.<pid>.part`` at most, and what was there before stays. One thread of a process may
    write one file at a time.

    Raises:
        OSError: it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
