"""Checks of what reads files: OPML, the three kinds of TOML, batches, and the kinds that an inbox takes."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from benchmarks.reliability.fuzz.bodies import NOW, stored
from benchmarks.reliability.fuzz.target import Check


def opml() -> Check:
    """What was taken from a list reads back as the same source; what was not has its reason."""
    from dataclasses import replace

    from pipeline.sources.catalog import read_source
    from pipeline.sources.opml import import_opml

    folder = _folder()
    path, target = folder / "list.opml", folder / "sources"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        shutil.rmtree(target, ignore_errors=True)
        imported = import_opml(path, target)
        assert all(skipped.reason for skipped in imported.skipped)
        for source in imported.taken:
            again = read_source(target / f"{source.id}.toml")
            assert not isinstance(again, list)
            assert replace(again, path="") == replace(source, path="")

    return check


def source_files() -> Check:
    """A source file is a source or a list of problems; a source can be written, and reads back."""
    from dataclasses import replace

    from pipeline.records import Source
    from pipeline.sources.catalog import read_source
    from pipeline.sources.write import write_source

    folder = _folder()
    path, target = folder / "news-example.toml", folder / "written"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        source = read_source(path)
        if isinstance(source, Source):
            shutil.rmtree(target, ignore_errors=True)
            assert replace(write_source(source, target), path="") == replace(source, path="")
        else:
            assert source
            assert all(problem.message and str(problem) for problem in source)

    return check


def alert_rules() -> Check:
    """Rules have targets; problems have words."""
    from pipeline.alerts.rules import read_rules

    path = _folder() / "alerts.toml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        book = read_rules(path)
        assert all(rule.targets for rule in book.rules)
        assert all(problem.message and str(problem) for problem in book.problems)

    return check


def subscriptions() -> Check:
    """Subscriptions have a group; whoever ends one leaves the others as they were."""
    from pipeline.subscriptions.file import read_subscriptions, unsubscribe
    from pipeline.subscriptions.groups import group_of

    path = _folder() / "subscriptions.toml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        book = read_subscriptions(path)
        assert all(problem.message and str(problem) for problem in book.problems)
        assert all(group_of(one) for one in book.subscriptions)
        if book.subscriptions:
            gone = unsubscribe(path, book.subscriptions[0].address)
            left = tuple(one for one in book.subscriptions if one not in gone)
            assert read_subscriptions(path).subscriptions == left

    return check


def raw_batches() -> Check:
    """A batch of articles is refused by line, or can be written again and comes out the same."""
    from pipeline.batches import Batches

    folder = _folder()
    batches, path = Batches(folder), folder / "raw" / "fuzz-raw.jsonl"
    path.parent.mkdir()

    def check(data: bytes) -> None:
        path.write_bytes(data)
        articles = batches.raw("fuzz-raw")
        again = batches.put_raw("again", articles)
        assert batches.raw(again) == articles
        batches.finish(again)

    return check


def readings() -> Check:
    """The same of readings."""
    from pipeline.batches import Batches

    folder = _folder()
    batches, path = Batches(folder), folder / "readings" / "fuzz-readings.jsonl"
    path.parent.mkdir()

    def check(data: bytes) -> None:
        path.write_bytes(data)
        found = batches.readings("fuzz-readings")
        batches.put_readings("again", found)
        assert batches.readings("again") == found
        for line in found:
            line.reading.to_json()

    return check


def dropped(suffix: str) -> Check:
    """A file of the inbox gives articles that can be stored, or problems with words."""
    from models.facts import Document
    from pipeline.ingest import article_of
    from pipeline.parse import InputProblem, read_files
    from pipeline.parse.archives import Captured, is_archive, read_archive
    from pipeline.parse.mails import document_of_mail

    path = _folder() / f"dropped{suffix}"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        found: list[Document | Captured | InputProblem]
        if suffix == ".eml":
            found = [document_of_mail(path)]
        elif is_archive(path):
            found = list(read_archive(path))
        else:
            found = list(read_files([path]))
        for one in found:
            if isinstance(one, InputProblem):
                assert one.message
                continue
            document = one.document if isinstance(one, Captured) else one
            stored(article_of(document, path.name, NOW))

    return check


def _folder() -> Path:
    """A folder of this process's own."""
    folder = tempfile.mkdtemp(prefix="dealwire-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
