"""What a mistyped name most likely means."""

from __future__ import annotations

from collections.abc import Iterable

LEAST = 55  # of 100; below it a hint would only mislead


def nearest_names(wrong: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Known names that ``wrong`` may mean, best first; a part of a name counts too ("soft" for "softbank")."""
    from rapidfuzz import fuzz, process

    found = process.extract(wrong, list(known), scorer=fuzz.WRatio, limit=limit, score_cutoff=LEAST)
    return [name for name, _, _ in found]


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """The one known name that ``wrong`` most likely means, by its whole spelling."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(wrong, list(known), scorer=fuzz.ratio, score_cutoff=LEAST)
    return best[0] if best else None
