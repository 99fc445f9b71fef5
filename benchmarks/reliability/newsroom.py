"""Articles already read, in batch files as the loader takes them: the same ones for the same seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.facts import Deal, DealAmount, DealType, Party, PartyRole, Reading, Span, Status
from pipeline.batches import ArticleRead
from pipeline.records import Article
from pipeline.settings import Settings
from pipeline.stages import batches_of

FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
_GIVERS = ("amazon", "microsoft", "nvidia", "google", "oracle", "amd", "coreweave", "softbank")
_TAKERS = ("openai", "anthropic", "xai", "mistral-ai", "meta", "cohere")
_KINDS: tuple[tuple[DealType, PartyRole, PartyRole], ...] = (
    ("equity_investment", "investor", "investee"),
    ("compute_contract", "provider", "customer"),
    ("chip_supply", "provider", "customer"),
)
_STATUSES: tuple[Status, ...] = ("in_talks", "announced", "completed")
_CORRECTED = 0.1  # share of articles of which a new version comes later


def write_batches(home: Path, batches: int = 8, size: int = 12, seed: int = 1) -> list[str]:
    """Put so many batches of readings below ``home``, waiting to be loaded; returns their ids in order."""
    rng = random.Random(seed)
    files = batches_of(Settings(home=home))
    former: list[ArticleRead] = []
    ids = []
    for number in range(batches):
        lines = [_line(rng, number * size + at) for at in range(size)]
        lines += [_line(rng, 0, of=old.article) for old in former if rng.random() < _CORRECTED]
        former = lines
        batch_id = files.put_raw(f"batch{number:03}", [line.article for line in lines])
        files.put_readings(batch_id, lines)
        ids.append(batch_id)
    return ids


def _line(rng: random.Random, number: int, of: Article | None = None) -> ArticleRead:
    kind, gives, gets = rng.choice(_KINDS)
    giver, taker = rng.choice(_GIVERS), rng.choice(_TAKERS)
    amount, status = rng.choice((5, 10, 25, 40, 110)) * 1e9, rng.choice(_STATUSES)
    title = f"{giver} and {taker}: {kind} of {amount / 1e9:.0f} billion dollars, {status}"
    text = " ".join(
        f"Sentence {rng.randrange(10**6)} tells more of what {giver} and {taker} agreed on." for _ in "...."
    )
    published = FIRST + timedelta(hours=7 * number)
    name = of.id if of else f"article-{number}"
    article = Article(
        name, f"{name}@{2 if of else 1}", rng.choice(("wire", "daily", "weekly")), f"https://example.org/{name}", title,
        text, "en", (of.seen_at + timedelta(days=1)) if of else published, of.published_at if of else published,
    )  # fmt: skip
    parties = (Party(giver, gives), Party(taker, gets))
    deal = Deal(kind, status, parties, DealAmount(amount, "USD", "exact"), (), None, Span(0, len(title)), 0.9)
    return ArticleRead(article, Reading(name, "en", True, deals=(deal,), model="newsroom-1"))
