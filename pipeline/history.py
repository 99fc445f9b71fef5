"""The history of deals: each state that the ledger believed in is a row of ``deal_versions``, with what ended it.

A deal's knowledge time never runs backwards, whatever the clock does: a version begins when the one before it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pipeline.claim_rows import deal_row, version_row
from pipeline.group import SettledDeal
from warehouse.store import Row, Store

EndedBy = Literal["revised", "renamed", "merged", "withdrawn"]


def write_deals(
    store: Store, deals: Sequence[SettledDeal], parties: Mapping[str, Sequence[Row]],
    amounts: Mapping[str, Sequence[Row]], first_recorded: Mapping[str, datetime], now: datetime,
) -> None:  # fmt: skip
    """Bring ``deals`` up to date and append the state of each to its history.

    ``parties`` and ``amounts`` are the rows just written for each deal, ``first_recorded`` when the ledger first knew
    of those that it knew before.
    """
    if not deals:
        return
    ids = [deal.id for deal in deals]
    last = {row["deal_id"]: row for row in store.rows("last_versions", deal_ids=ids)}
    headlines = {row["deal_id"]: row["headline"] for row in store.rows("headlines_of_deals", deal_ids=ids)}
    rows, versions = [], []
    for deal in deals:
        number, known_until = 1, now
        if deal.id in last:
            number, known_until = last[deal.id]["version"] + 1, max(now, last[deal.id]["known_until"])
        row = deal_row(deal, headlines.get(deal.id, ""), first_recorded.get(deal.id, now), known_until)
        rows.append(row)
        versions.append(version_row(row, parties[deal.id], amounts[deal.id], number))
    end_versions(store, ids, "revised", now)
    store.upsert("deals", rows)
    store.append("deal_versions", versions)


def end_versions(store: Store, deal_ids: Iterable[str], ended_by: EndedBy, now: datetime) -> None:
    """Close the present version of these deals, where they have one."""
    store.con.execute(
        "UPDATE deal_versions SET ended_at = greatest(recorded_at, $now), ended_by = $ended_by "
        "WHERE ended_at IS NULL AND deal_id IN (SELECT unnest($ids))",
        {"now": now, "ended_by": ended_by, "ids": list(deal_ids)},
    )


def rename_deals(store: Store, now: datetime) -> int:
    """Give deals the headline that the companies' present names make; returns how many were called otherwise.

    Cheap where no name has changed. What a deal was called before stays in its history.
    """
    renamed = store.rows("renamed_deals")
    if not renamed:
        return 0
    ids = [row["deal_id"] for row in renamed]
    open_versions = store.rows("open_versions", deal_ids=ids)
    headlines = {row["deal_id"]: row["headline"] for row in renamed}
    end_versions(store, ids, "renamed", now)
    versions = [
        {**row, "version": row["version"] + 1, "headline": headlines[row["deal_id"]],
         "recorded_at": max(now, row["recorded_at"])}
        for row in open_versions
    ]  # fmt: skip
    store.append("deal_versions", versions)
    store.update(
        "deals",
        [
            {"deal_id": row["deal_id"], "headline": row["headline"], "updated_at": row["recorded_at"]}
            for row in versions
        ],
    )
    return len(renamed)
