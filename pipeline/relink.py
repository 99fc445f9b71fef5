"""Relinking: after companies.toml has changed, claims that knew a company by a provisional id get its row's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.claim_rows import claim_from, claim_row, superseded_row
from pipeline.group import Claim, ClaimParty
from pipeline.history import rename_deals
from pipeline.ledger import record_outcome, regroup
from pipeline.link import link_party, names_of, relinked
from warehouse.reference import Company
from warehouse.store import Store

_REASON = "companies changed"


def relink(store: Store, companies: Mapping[str, Company], now: datetime) -> dict[str, int]:
    """Link standing claims anew; what changes is superseded and grouped again, in one transaction.

    Deals whose companies have other names by now get a headline that says so.
    Returns counts as :func:`pipeline.load.load_batch` does. Cheap where nothing has changed, so that it can run after
    every change of reference data.
    """
    names = names_of(companies)
    with store.transaction():
        replaced: list[tuple[Claim, str | None]] = []
        fresh: dict[str, Claim] = {}
        for row in store.rows("standing_claims_of", company_ids=_moved(store, companies, names)):
            claim = claim_from(row)
            now_linked = relinked(claim, companies, names)
            replaced.append((claim, row["deal_id"]))
            fresh[now_linked.id] = now_linked
        store.update(
            "observations",
            [
                superseded_row(
                    claim.id, f"{claim.version_id}/{claim.extractor}", max(now, claim.recorded_at or now), _REASON
                )
                for claim, _ in replaced
            ],
        )
        counts = {"superseded": len(replaced)}
        counts["observations"] = store.append(
            "observations", [claim_row(claim, now, None, None) for claim in fresh.values()]
        )
        regrouped = regroup(store, list(fresh.values()), replaced, now.astimezone(UTC).date())
        counts |= record_outcome(store, regrouped, now)
        counts["renamed"] = rename_deals(store, now)
        return counts


def _moved(store: Store, companies: Mapping[str, Company], names: Mapping[str, str]) -> list[str]:
    """Company ids in standing claims that would be linked otherwise now. Of many claims few companies are new."""
    stated = [ClaimParty(row["id"], row["root"], "partner") for row in store.rows("parties_of_claims")]
    return sorted({party.id for party in stated if link_party(party, companies, names) != party})
