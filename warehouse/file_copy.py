"""Copying a file that DuckDB has locked, in a process of its own: ``python file_copy.py SOURCE TARGET``.

DuckDB locks by POSIX record locks, and a process loses all of these on a file as soon as it closes *any* descriptor of
that file. A writer that read its own database file to copy it would go on unlocked, and a second writer could get in.
The process of the copy imports the standard library only, so that it starts within some ten milliseconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def copy_apart(source: Path, target: Path) -> None:
    """Copy ``source`` to ``target`` and flush it to disk.

    Raises:
        OSError: it could not be read or written; the message is that of the copying process.
    """
    command = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own file, no shell
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        raise OSError(said or f"the copying process ended with status {done.returncode}")


def main(source: str, target: str) -> None:
    """Copy, then see that the bytes are on disk before the caller gives the file its name."""
    shutil.copyfile(source, target)
    flush(target)


def flush(path: str | Path) -> None:
    """Wait until the bytes of a file that is written and closed are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main(*sys.argv[1:])
