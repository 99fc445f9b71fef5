"""Relinking: after companies.toml has changed, claims that knew a company by a provisional id get its row's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.claim_rows import claim_from, claim_row
from pipeline.group import Claim
from pipeline.ledger import record_outcome, regroup
from pipeline.link import names_of, relinked
from warehouse.reference import Company
from warehouse.store import Store


def relink(store: Store, companies: Mapping[str, Company], now: datetime) -> dict[str, int]:
    """Link all standing claims anew; what changes is superseded and grouped again, in one transaction.

    Returns counts as :func:`pipeline.load.load_batch` does. Cheap where nothing has changed, so that it can run after
    every change of reference data.
    """
    names = names_of(companies)
    with store.transaction():
        replaced: list[tuple[Claim, str | None]] = []
        fresh: dict[str, Claim] = {}
        for row in store.rows("standing_claims"):
            claim = claim_from(row)
            now_linked = relinked(claim, companies, names)
            if now_linked is not claim:
                replaced.append((claim, row["deal_id"]))
                fresh[now_linked.id] = now_linked
        for claim, _ in replaced:
            store.con.execute(
                "UPDATE observations SET superseded_by = ?, superseded_at = ?, superseded_reason = 'companies changed' "
                "WHERE observation_id = ?",
                [f"{claim.version_id}/{claim.extractor}", now, claim.id],
            )
        counts = {"superseded": len(replaced)}
        counts["observations"] = store.append(
            "observations", [claim_row(claim, now, None, None) for claim in fresh.values()]
        )
        regrouped = regroup(store, list(fresh.values()), replaced, now.astimezone(UTC).date())
        return counts | record_outcome(store, regrouped, now)
