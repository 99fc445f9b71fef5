"""Loading: the only writer. One transaction a batch; loading a batch again adds no row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.claim_rows import article_row, claim_from, claim_row, superseded_row
from pipeline.duplicates import WITHIN, Sketched, copies, sketch
from pipeline.group.claims import Claim
from pipeline.ledger import record_outcome, regroup
from pipeline.link import LinkedReading
from pipeline.rates import SOURCE
from pipeline.records import Article
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Skipped:
    """A reading or claim that changed nothing, and why. ``id`` is the version or claim."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a batch added: counts of rows by table, and of claims by decision; what was skipped and why."""

    counts: dict[str, int]
    skipped: tuple[Skipped, ...] = ()
    deal_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """Claims of a batch on their way: those to group, those that a known reading has overtaken, former ones."""

    now: datetime
    standing: list[Claim] = field(default_factory=list)
    overtaken: list[tuple[Claim, str]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    read: list[LinkedReading] = field(default_factory=list)
    winners: dict[str, LinkedReading] = field(default_factory=dict)


def load_batch(
    store: Store, articles: Sequence[Article], readings: Sequence[LinkedReading], now: datetime
) -> LoadReport:
    """Write a batch of articles and what they say, in one transaction.

    ``articles`` may hold more than were read; those of ``readings`` need not be repeated there. ``now`` (UTC) becomes
    ``recorded_at``. A newer reading of an article (a corrected version, or a newer extractor) replaces the claims of
    the former. A batch that fails leaves the ledger as it was.
    """
    batch = _Batch(now)
    everything = {article.version_id: article for article in articles}
    everything.update({linked.article.version_id: linked.article for linked in readings})
    with store.transaction():
        batch.counts["articles"] = _write_articles(store, list(everything.values()), now)
        _sort_readings(store, readings, batch)
        replaced = _supersede(store, batch)
        _write_claims(store, batch)
        neighbours = regroup(store, batch.standing, replaced, now.astimezone(UTC).date())
        batch.counts.update(record_outcome(store, neighbours, now))
    outcome = neighbours.outcome
    batch.skipped += [Skipped(d.claim_id, d.reason) for d in outcome.decisions if d.action == "skip"]
    touched = {deal.id for deal in outcome.deals} | set(outcome.merged) | set(outcome.withdrawn)
    return LoadReport(dict(batch.counts), tuple(batch.skipped), tuple(sorted(touched)))


def _write_articles(store: Store, articles: Sequence[Article], now: datetime) -> int:
    known = store.known_version_ids([article.version_id for article in articles])
    new = [article for article in articles if article.version_id not in known]
    if not new:
        return 0
    sketches = {article.version_id: sketch(article.text) for article in new}
    fresh = [
        Sketched(a.version_id, a.id, a.lang, a.published_at or a.seen_at, sketches[a.version_id])
        for a in new
        if sketches[a.version_id]
    ]
    count = store.append("articles", [article_row(article, sketches[article.version_id], now) for article in new])
    store.index_words([article.version_id for article in new])
    if fresh:
        first, last = min(item.when for item in fresh) - WITHIN, max(item.when for item in fresh) + WITHIN
        ours = {item.version_id for item in fresh}
        around = store.rows("sketches_between", first=first, last=last)
        former = [
            Sketched(**{**row, "sketch": tuple(row["sketch"])}) for row in around if row["version_id"] not in ours
        ]
        found = [
            {"version_id": copy.version_id, "duplicate_of": copy.original, "similarity": copy.similarity}
            for copy in copies(fresh, former)
        ]
        store.update("articles", found)
    return count


def _sort_readings(store: Store, readings: Sequence[LinkedReading], batch: _Batch) -> None:
    """Tell new readings from known ones, and the newest reading of each article from those it overtakes."""
    article_ids = sorted({linked.article.id for linked in readings})
    known = store.rows("readings_of_articles", article_ids=article_ids)
    done = {(row["version_id"], row["extractor"]) for row in known}
    newest = {row["article_id"]: row for row in sorted(known, key=lambda row: (row["seen_at"], row["recorded_at"]))}
    fresh: dict[tuple[str, str], LinkedReading] = {}
    for linked in readings:
        key = (linked.article.version_id, linked.reading.model)
        if linked.reading.error is not None:
            batch.skipped.append(Skipped(linked.article.version_id, f"could not be read: {linked.reading.error}"))
            batch.read.append(linked)
        elif key in done or key in fresh:
            batch.skipped.append(Skipped(linked.article.version_id, "this reading is loaded already"))
        else:
            fresh[key] = linked
    last: dict[str, tuple[datetime, str]] = {
        article_id: (row["seen_at"], f"{row['version_id']}/{row['extractor']}") for article_id, row in newest.items()
    }
    for linked in fresh.values():
        name = f"{linked.article.version_id}/{linked.reading.model}"
        if linked.article.id not in last or last[linked.article.id][0] <= linked.article.seen_at:
            last[linked.article.id] = (linked.article.seen_at, name)
    for linked in fresh.values():
        batch.read.append(linked)
        name, winner = f"{linked.article.version_id}/{linked.reading.model}", last[linked.article.id][1]
        if name == winner:
            batch.standing += linked.claims
            batch.winners[linked.article.id] = linked
        else:
            batch.overtaken += [(claim, winner) for claim in linked.claims]


def _supersede(store: Store, batch: _Batch) -> list[tuple[Claim, str | None]]:
    """Mark standing claims that a newer reading in this batch replaces; returns them with their deal ids."""
    former = store.rows("standing_of_articles", article_ids=sorted(batch.winners))
    replaced: list[tuple[Claim, str | None]] = []
    marks = []
    for row in former:
        winner = batch.winners[row["article_id"]]
        same_text = row["version_id"] == winner.article.version_id
        if (same_text and row["extractor"] == winner.reading.model) or row["seen_at"] > winner.article.seen_at:
            continue
        reason = "newer extractor" if same_text else "corrected article"
        by, at = f"{winner.article.version_id}/{winner.reading.model}", max(batch.now, row["recorded_at"])
        marks.append(superseded_row(row["observation_id"], by, at, reason))
        replaced.append((claim_from(row), row["deal_id"]))
    store.update("observations", marks)
    batch.counts["superseded"] = len(replaced)
    return replaced


def _write_claims(store: Store, batch: _Batch) -> None:
    rows = [claim_row(claim, batch.now, None, None) for claim in batch.standing]
    rows += [claim_row(claim, batch.now, by, "corrected article") for claim, by in batch.overtaken]
    batch.counts["observations"] = store.append("observations", rows)
    batch.counts["readings"] = store.upsert(
        "readings",
        [
            {
                "version_id": linked.article.version_id, "extractor": linked.reading.model, "lang": linked.reading.lang,
                "relevant": linked.reading.relevant, "claims": len(linked.claims), "error": linked.reading.error,
                "recorded_at": batch.now,
            }
            for linked in batch.read
        ],
    )  # fmt: skip
    store.append("fx_rates", _rates([*batch.standing, *(claim for claim, _ in batch.overtaken)]))


def _rates(claims: Iterable[Claim]) -> list[dict[str, object]]:
    found = {
        (claim.amount.currency, claim.amount.rate_date): claim.amount.rate
        for claim in claims
        if claim.amount and claim.amount.rate_date and claim.amount.currency != "USD"
    }
    return [
        {"currency": currency, "rate_date": day, "usd": rate, "source": SOURCE}
        for (currency, day), rate in found.items()
    ]
