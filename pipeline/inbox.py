"""The inbox: a folder into which anybody drops files. Claimed by rename, they become batches of articles.

``inbox`` → ``inbox/claimed`` → ``inbox/taken``, or ``inbox/rejected`` with the reason beside the file. A file is in one
of these at any moment, so whoever breaks off leaves it where the next one finds it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from models.facts import Document
from pipeline.errors import ConfigError, InputError
from pipeline.settings import Settings

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
            name = f"{uuid.uuid4().hex[:8]}-{path.name}"
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
    the file goes to ``rejected`` with the reasons of the others.
    """
    from pipeline.ingest import article_of
    from pipeline.stages import batches_of

    folder, batches, written, refused = inbox_of(settings), batches_of(settings), [], []
    for name in names:
        path = folder / "claimed" / name
        if Path(name).name != name or not path.is_file():
            continue
        found, reasons = _read(path)
        articles = [article_of(document, original(name), now or datetime.now(UTC)) for document in found]
        written += batches.put_all_raw("inbox", articles, settings.batch_size)
        _put_away(folder, path, reasons)
        refused += [f"{original(name)}: {reason}" for reason in reasons]
    return written, refused


def original(name: str) -> str:
    """The name under which a claimed file was dropped."""
    return name[_TAG:]


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


def _read(path: Path) -> tuple[list[Document], list[str]]:
    from pipeline.parse import InputProblem, read_files
    from pipeline.parse.files import SUFFIXES
    from pipeline.parse.mails import document_of_mail

    suffix, read_here = path.suffix.lower(), (*SUFFIXES, ".eml")
    if suffix not in read_here:
        return [], [f"files of the kind {suffix or 'without suffix'!r} are not read (drop {', '.join(read_here)})"]
    try:
        results = [document_of_mail(path)] if suffix == ".eml" else list(read_files([path]))
    except InputError as error:
        return [], [str(error)]
    documents, reasons = [], []
    for result in results:
        if isinstance(result, InputProblem):
            place = f"line {result.line}: " if result.line else ""
            reasons.append(f"{place}{result.message}" + (f" ({result.hint})" if result.hint else ""))
        else:
            documents.append(result)
    return documents, reasons


def _put_away(folder: Path, path: Path, reasons: Sequence[str]) -> None:
    if not reasons:
        path.replace(folder / "taken" / path.name)
        return
    target = folder / "rejected" / path.name
    target.with_name(f"{target.name}.reason.txt").write_text("\n".join(reasons) + "\n", "utf-8")
    path.replace(target)
