"""Ingesting: somebody's files become articles of the source ``inbox``, and are read and loaded like any other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from models.facts import Document
from pipeline.parse import InputProblem, article_id, canonical_url, read_files, version_id
from pipeline.parse.dates import Moment, credible, parse_moment
from pipeline.parse.files import SUFFIXES
from pipeline.reading import ReaderLike, load, read, unread
from pipeline.records import Article
from pipeline.report import Progress, RunReport
from pipeline.session import Run, conclude, open_ledger, running
from pipeline.settings import Settings
from warehouse.store import Store

INBOX = "inbox"
TIER = 3
_STDIN = "-"


def ingest_paths(
    settings: Settings,
    paths: Sequence[Path | str],
    now: datetime | None = None,
    progress: Progress | None = None,
    reader: ReaderLike | None = None,
) -> RunReport:
    """Read files (.txt, .html, .jsonl, ``-`` for standard input) and folders of them into the ledger, and publish it.

    A document is known again by its address, else by the ``id`` of its JSON line, else by its words; so ingesting a
    file twice adds nothing, and a corrected text under the same address or id becomes a new version.
    What cannot be read is a problem of the report, and makes it ``failed``; the rest is loaded.

    Raises:
        LedgerBusyError: another process holds the ledger.
        WarehouseError: the ledger cannot be written; what was loaded before stays.
    """
    with running("ingest", settings, now, progress, reader) as run:
        with open_ledger(settings) as store:
            remember_inbox(store)
        stream = _articles(run, paths)
        while batch := list(islice(stream, settings.batch_size)):
            _take_in(run, batch)
        return conclude(run)


def remember_inbox(store: Store) -> None:
    """See that the source ``inbox`` has its row."""
    store.upsert("sources", [{"source_id": INBOX, "name": "Inbox", "kind": "files", "tier": TIER}])


def _articles(run: Run, paths: Iterable[Path | str]) -> Iterator[Article]:
    for name in (found for path in paths for found in _expanded(path)):
        with run.tally.stage("files"):
            read_now = list(read_files([name]))
        for found in read_now:
            run.tally.step()
            if isinstance(found, InputProblem):
                place = found.file if found.line is None else f"{found.file}:{found.line}"
                said = f"{found.message} ({found.hint})" if found.hint else found.message
                run.tally.count("unreadable")
                run.tally.problem("files", INBOX, place, said)
            else:
                run.tally.count("files")
                yield article_of(found, str(name), run.clock.now())


def _take_in(run: Run, articles: Sequence[Article]) -> None:
    with open_ledger(run.settings) as store:
        fresh = unread(store, articles, run.reader.version)
    run.tally.count("articles_unchanged", len(articles) - len(fresh))
    if not fresh:
        return
    with run.tally.stage("read", len(fresh)):
        linked = read(run.reader, fresh, run.companies, {INBOX: TIER}, run.tally)
    with run.tally.stage("load", None), open_ledger(run.settings) as store:
        load(store, fresh, linked, run.clock.now(), run.tally)


def _expanded(path: Path | str) -> Iterator[Path | str]:
    """A folder's files of the kinds that are read, hidden ones left out; anything else as it is."""
    if str(path) == _STDIN or not Path(path).is_dir():
        yield path
        return
    for found in sorted(Path(path).rglob("*")):
        hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
        if found.is_file() and found.suffix.lower() in SUFFIXES and not hidden:
            yield found


def article_of(document: Document, file: str, seen_at: datetime) -> Article:
    """The document as an article; ``file`` is where it was read from. A date to come counts as none, with a note."""
    address = canonical_url(document.url or "")
    name = article_id(address) if address else _local_id(document, file)
    moment = parse_moment(document.published) if document.published else None
    wrong = credible(moment, seen_at) if moment else ""
    good: Moment | None = None if wrong else moment
    return Article(
        id=name,
        version_id=version_id(name, document.title, document.text),
        source_id=INBOX,
        url=address or f"{INBOX}:{document.id}",
        title=document.title,
        text=document.text,
        lang=document.lang or "und",
        seen_at=seen_at.astimezone(UTC),
        published_at=good.at if good else None,
        precision=good.precision if good else "unknown",
        published_from="file" if good else "unknown",
        text_from="file",
        notes=(wrong,) if wrong else (),
    )


def _local_id(document: Document, file: str) -> str:
    """Ids of JSON lines are their writers'; a file's name is chance, so its words identify it."""
    given = Path(file).suffix.lower() in (".jsonl", ".ndjson") and not re.fullmatch(
        re.escape(file) + r":\d+", document.id
    )
    told = document.id if given else " ".join(document.content.casefold().split())
    return f"{INBOX}-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:12]}"
