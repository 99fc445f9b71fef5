"""The inbox: a folder into which anybody drops files. Claimed by rename, they become batches of articles.

``inbox`` → ``inbox/claimed`` → ``inbox/taken``, or ``inbox/rejected`` with the reason beside the file. A file is in one
of these at any moment, so whoever breaks off leaves it where the next one finds it.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, InputError
from pipeline.records import Article
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.parse import InputProblem
    from pipeline.parse.archives import Captured

TRIES = 3  # of a file whose reading ends the process
_MAX_NAME, _KEPT_END = 200, 20  # bytes and characters; file systems allow 255 bytes
_TAG = 9  # characters that a claim puts before a name: eight of chance, and a hyphen


def inbox_of(settings: Settings) -> Path:
    """Where files are dropped."""
    return settings.home / "inbox"


def prepare(folder: Path) -> None:
    """Make the inbox and its folders.

    Raises:
        ConfigError: they cannot be made or written to.
    """
    try:
        for name in ("", "claimed", "taken", "rejected"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{folder}: cannot be made an inbox: {error.strerror}", "check who may write there"
        ) from error


def claim(folder: Path, settled_s: float = 0.5) -> list[str]:
    """Take what was dropped: each file is renamed into ``claimed``; returns the new names, oldest first.

    Hidden files, ``.part`` and those touched within ``settled_s`` seconds wait: somebody is writing them. Of two
    processes that claim at once, one gets the file.
    """
    prepare(folder)
    claimed = []
    now = time.time()
    for path in _files(folder):
        try:
            if path.name.endswith((".part", ".tmp")) or now - path.stat().st_mtime < settled_s:
                continue
            name = f"{uuid.uuid4().hex[:8]}-{_short(path.name)}"
            path.rename(folder / "claimed" / name)
        except FileNotFoundError:  # somebody else's
            continue
        claimed.append(name)
    return claimed


def waiting(folder: Path) -> list[str]:
    """Names of the claimed files that nobody has dealt with, oldest first."""
    return [path.name for path in _files(folder / "claimed")]


def take_in(settings: Settings, names: Sequence[str], now: datetime | None = None) -> tuple[list[str], list[str]]:
    """Make batches of claimed files: ids of the batches, and a line for each file or line that is refused.

    A file that is gone was taken in by an earlier try. Of a file with good and bad lines the good ones are taken, and
    the file goes to ``rejected`` with the reasons of the others. So does a file that breaks the reading of it; one that
    ends the whole process (or outlasts its time) is tried after the others, ``TRIES`` times in all.

    Raises:
        OSError: a batch cannot be written, as on a full disk; the file stays claimed.
    """
    from pipeline.stages import batches_of

    folder, batches, written, refused = inbox_of(settings), batches_of(settings), [], []
    known = set(waiting(folder))
    paths = [folder / "claimed" / name for name in names if name in known]
    for path in sorted(paths, key=_tries):
        if not path.is_file():
            continue
        reasons: list[str] = []
        if _tries(path) >= TRIES:
            reasons.append(f"reading it was broken off {TRIES} times (is it too large, or made to do harm?)")
        else:
            with _trying(path):
                stream = _articles(path, now or datetime.now(UTC), reasons)
                while found := list(islice(stream, settings.batch_size)):
                    written.append(batches.put_raw("inbox", found))
        _put_away(folder, path, reasons)
        refused += [f"{original(path.name)}: {reason}" for reason in reasons]
    return written, refused


def original(name: str) -> str:
    """The name under which a claimed file was dropped."""
    return name[_TAG:]


def _short(name: str) -> str:
    """A name that leaves room for what is put before and behind it; cut before its last characters, the suffix."""
    while len(os.fsencode(name)) > _MAX_NAME:
        name = name[: -_KEPT_END - 1] + name[-_KEPT_END:]
    return name


def _files(folder: Path) -> Iterator[Path]:
    try:
        found = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    except FileNotFoundError:
        return
    aged = []
    for path in found:
        try:
            aged.append((path.stat().st_mtime_ns, path.name, path))
        except FileNotFoundError:
            continue
    yield from (path for *_, path in sorted(aged))


def _articles(path: Path, now: datetime, reasons: list[str]) -> Iterator[Article]:
    """The articles of a file, one by one; to ``reasons`` what cannot be read of it, whatever that may be."""
    from pipeline.ingest import article_of
    from pipeline.logging import logger
    from pipeline.parse import InputProblem

    try:
        for found in _read(path):
            if isinstance(found, InputProblem):
                place = f"line {found.line}: " if found.line else ""
                reasons.append(f"{place}{found.message}" + (f" ({found.hint})" if found.hint else ""))
            else:
                yield article_of(found.document, original(path.name), min(found.at or now, now))
    except InputError as error:
        reasons.append(str(error))
    except Exception as error:  # one file must not stop the others, whatever a library makes of it
        logger().error("inbox_file_broke_reading", file=str(path), exc_info=True)
        reasons.append(f"{type(error).__name__}: {error} (this is a fault of ours: send us the file)")


def _read(path: Path) -> Iterator[Captured | InputProblem]:
    from pipeline.parse import InputProblem, read_files
    from pipeline.parse.archives import SUFFIXES as ARCHIVES
    from pipeline.parse.archives import Captured, is_archive, read_archive
    from pipeline.parse.files import SUFFIXES
    from pipeline.parse.mails import document_of_mail

    suffix = path.suffix.lower()
    if is_archive(path):
        yield from read_archive(path)
    elif suffix == ".eml":
        yield Captured(document_of_mail(path), None)
    elif suffix in SUFFIXES:
        for found in read_files([path]):
            yield found if isinstance(found, InputProblem) else Captured(found, None)
    else:
        known = ", ".join((*SUFFIXES, ".eml", *ARCHIVES))
        raise InputError(f"files of the kind {suffix or 'without suffix'!r} are not read", f"drop {known}")


@contextmanager
def _trying(path: Path) -> Iterator[None]:
    """Count a try, on disk, so that one that ends the process is remembered; one that ends in order is not."""
    mark = _mark(path)
    mark.write_text("x" * (_tries(path) + 1), "ascii")
    try:
        yield
    except Exception:
        mark.unlink(missing_ok=True)
        raise
    mark.unlink(missing_ok=True)


def _tries(path: Path) -> int:
    try:
        return _mark(path).stat().st_size
    except FileNotFoundError:
        return 0


def _mark(path: Path) -> Path:
    return path.with_name(f".{path.name}.tries")


def _put_away(folder: Path, path: Path, reasons: Sequence[str]) -> None:
    _mark(path).unlink(missing_ok=True)
    if not reasons:
        path.replace(folder / "taken" / path.name)
        return
    target = folder / "rejected" / path.name
    target.with_name(f"{target.name}.reason.txt").write_text("\n".join(reasons) + "\n", "utf-8", "backslashreplace")
    path.replace(target)
