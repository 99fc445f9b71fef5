"""What a reader of a digest wants: language, currency, zone, and which changes to be told of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Filters:
    """Which changes are told. An empty set lets everything through; ids are those of the ledger."""

    companies: frozenset[str] = frozenset()
    chips: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    min_usd: float = 0.0

    def match(self, change: Mapping[str, Any]) -> bool:
        """Whether to tell a change: a mapping with ``party_ids`` (companies and those above them), ``chips``,
        ``type``, ``status``, ``languages`` and ``usd``.

        A change without a known sum is below any minimum.
        """
        return (
            _meets(self.companies, change["party_ids"])
            and _meets(self.chips, change["chips"])
            and _meets(self.types, (change["type"],))
            and _meets(self.statuses, (change["status"],))
            and _meets(self.languages, change["languages"])
            and (self.min_usd <= 0 or (change["usd"] or 0.0) >= self.min_usd)
        )


def _meets(wanted: frozenset[str], found: Collection[str]) -> bool:
    return not wanted or not wanted.isdisjoint(found)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one reader's digest is written.

    ``language`` is one of :func:`pipeline.digest.phrases.languages`, ``currency`` an ISO 4217 code that sums are also
    given in, ``zone`` the IANA time zone that days are reckoned in.
    """

    language: str = "en"
    currency: str = "USD"
    zone: str = "UTC"
    filters: Filters = field(default_factory=Filters)
