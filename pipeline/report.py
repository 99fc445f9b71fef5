"""What a run did: counts by stage, what was skipped and why, what went wrong and where, seconds. Plain values."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

STAGES = ("feeds", "pages", "files", "read", "load", "check", "publish")
# What is counted, by stage, in the order of a report. A key that ends in ":" stands for all that begin with it.
LABELS: Mapping[str, tuple[str, str]] = {
    "feeds_not_due": ("feeds", "not due yet"),
    "feeds_ok": ("feeds", "with new content"),
    "feeds_not_modified": ("feeds", "not modified since the last poll"),
    "feeds_failed:": ("feeds", "failed"),
    "items": ("feeds", "entries"),
    "items_known": ("feeds", "entries known already"),
    "items_changed": ("feeds", "entries changed since they were read"),
    "pages_ok": ("pages", "fetched"),
    "pages_failed:": ("pages", "failed"),
    "from_feed": ("pages", "articles from a full-text feed"),
    "fallbacks": ("pages", "articles for which the feed's own text stands in"),
    "later": ("pages", "put off to the next run"),
    "files": ("files", "documents"),
    "unreadable": ("files", "files or lines that cannot be read"),
    "archived": ("files", "pages of archives"),
    "chosen": ("files", "articles to be read"),
    "left": ("files", "articles left for the next time"),
    "articles_unchanged": ("read", "articles read before and unchanged"),
    "documents": ("read", "articles read"),
    "relevant": ("read", "of them relevant"),
    "unread": ("read", "could not be read"),
    "articles_new": ("load", "new articles"),
    "versions_new": ("load", "new versions of known articles"),
    "observations": ("load", "claims"),
    "superseded": ("load", "claims replaced by a newer reading"),
    "deals": ("load", "new deals"),
    "events": ("load", "events"),
    "retracted": ("load", "events taken back"),
    "merged": ("load", "deals merged into another"),
    "withdrawn": ("load", "deals without a claim left"),
    "checks_failed": ("check", "rows that no sound ledger has"),
}


class Progress(Protocol):
    """Who watches a run: told when a stage starts (``total`` where it is known) and each time an item is done."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage (one of ``STAGES``) begins."""

    def step(self, count: int = 1) -> None:
        """So many items of it are done."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong with one feed, page, file or document. ``url`` may be a file's path and line."""

    stage: str
    source_id: str
    url: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.source_id, self.url, self.message) if part)


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. ``counts`` has the keys of ``LABELS``; ``skipped`` counts claims left out, by reason.

    ``failed`` is what an exit status follows: no feed answered although some were asked, the ledger is unsound, or
    (for files, which somebody chose) a document could not be read.
    """

    run_id: str
    kind: str
    started_at: datetime
    ended_at: datetime
    counts: Mapping[str, int]
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]
    seconds: Mapping[str, float]
    checks: Mapping[str, int]
    deal_ids: tuple[str, ...] = ()
    snapshot: Path | None = None

    @property
    def failed(self) -> bool:
        """Whether somebody should look at it."""
        broken = sum(count for key, count in self.counts.items() if key.startswith("feeds_failed:"))
        answered = self.counts.get("feeds_ok", 0) + self.counts.get("feeds_not_modified", 0)
        unread = self.kind == "ingest" and (self.counts.get("unreadable", 0) or self.counts.get("unread", 0))
        return bool(self.checks or unread or (broken and not answered))

    @property
    def added(self) -> int:
        """Article versions that the ledger did not have."""
        return self.counts.get("articles_new", 0) + self.counts.get("versions_new", 0)

    def as_rows(self) -> list[dict[str, Any]]:
        """One row a count that is not zero: ``stage``, ``what``, ``count``; a stage's seconds stand on its first."""
        rows: list[dict[str, Any]] = []
        timed: set[str] = set()
        for label, (stage, text) in LABELS.items():
            for key, count in self.counts.items():
                if count and (key == label or (label.endswith(":") and key.startswith(label))):
                    state = key.partition(":")[2].replace("_", " ")
                    seconds = None if stage in timed else self.seconds.get(stage)
                    timed.add(stage)
                    what = f"{text}: {state}" if state else text
                    rows.append({"stage": stage, "what": what, "count": count, "seconds": seconds})
        rows += [
            {"stage": "load", "what": f"claims skipped: {why}", "count": count, "seconds": None}
            for why, count in self.skipped.items()
        ]
        return rows

    def to_json(self) -> dict[str, Any]:
        """A JSON object of all of it."""
        return {
            "run_id": self.run_id, "kind": self.kind, "failed": self.failed,
            "started_at": self.started_at.isoformat(), "ended_at": self.ended_at.isoformat(),
            "counts": dict(self.counts), "skipped": dict(self.skipped), "checks": dict(self.checks),
            "seconds": dict(self.seconds), "deal_ids": list(self.deal_ids),
            "problems": [
                {"stage": p.stage, "source_id": p.source_id, "url": p.url, "message": p.message} for p in self.problems
            ],
            "snapshot": str(self.snapshot) if self.snapshot else None,
        }  # fmt: skip


@dataclass(slots=True)
class Tally:
    """The report of a run while it is going on."""

    progress: Progress | None = None
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    deal_ids: set[str] = field(default_factory=set)
    checks: dict[str, int] = field(default_factory=dict)

    def count(self, key: str, number: int = 1) -> None:
        """Add to a count."""
        self.counts[key] += number

    def problem(self, stage: str, source_id: str, url: str, message: str) -> None:
        """Note what went wrong; the run goes on."""
        from pipeline.logging import logger

        self.problems.append(Problem(stage, source_id, url, message))
        logger().warning("problem", stage=stage, source=source_id, url=url, message=message)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[None]:
        """Time a stage; entered several times, its seconds add up."""
        if self.progress:
            self.progress.start(name, total)
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - started, 3)

    def step(self, count: int = 1) -> None:
        """So many items of the stage are done."""
        if self.progress:
            self.progress.step(count)

    def report(
        self, run_id: str, kind: str, started_at: datetime, ended_at: datetime, snapshot: Path | None
    ) -> RunReport:
        """The finished report."""
        return RunReport(
            run_id, kind, started_at, ended_at, dict(self.counts), dict(self.skipped), tuple(self.problems),
            dict(self.seconds), dict(self.checks), tuple(sorted(self.deal_ids)), snapshot,
        )  # fmt: skip
