"""Between grouping and the ledger's tables: what grouping has to know is read, what it decided is written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.claim_rows import amount_rows, claim_from, compute_rows, event_row, party_rows, words_of
from pipeline.group import Claim, KnownDeal, Outcome, group, load_rules
from pipeline.history import end_versions, write_deals
from pipeline.neighbours import ask
from warehouse.store import Row, Store

Replaced = Sequence[tuple[Claim, str | None]]
_RESTATED = 0.06  # share by which a sum may move when the same event is told anew


@dataclass(frozen=True, slots=True)
class Regrouped:
    """An outcome with what ``deals`` held before, by id."""

    outcome: Outcome
    deals: Mapping[str, Row]


def regroup(store: Store, claims: Sequence[Claim], replaced: Replaced, today: date) -> Regrouped:
    """Group new claims with the deals that they may have to do with, or that lost a claim."""
    if not claims and not replaced:
        return Regrouped(Outcome((), ()), {})
    former: dict[str, list[Claim]] = defaultdict(list)
    for claim, deal_id in replaced:
        if deal_id is not None:
            former[deal_id].append(claim)
    rules = load_rules()
    asked = ask([*claims, *(old for old, _ in replaced)], rules)
    standing: dict[str, list[Claim]] = defaultdict(list)
    rows: dict[str, Row] = {row["deal_id"]: row for row in store.rows("known_deals", deal_ids=sorted(former))}
    for row in store.rows("claims_of_neighbours", **asked, deal_ids=sorted(former)):
        standing[row["deal_id"]].append(claim_from(row))
        rows[row["deal_id"]] = row
    known = [
        KnownDeal(name, tuple(standing[name]), tuple(former[name]), row["thread_id"], row["parent_id"])
        for name, row in sorted(rows.items())
    ]
    taken = {row[0] for row in store.con.execute("SELECT deal_id FROM deals").fetchall()}
    return Regrouped(group(claims, known, today, taken, rules), rows)


def record_outcome(store: Store, regrouped: Regrouped, now: datetime) -> dict[str, int]:
    """Write decisions, deals and their events; returns the rows added by table and the decisions by kind."""
    outcome = regrouped.outcome
    counts: dict[str, int] = defaultdict(int)
    _write_decisions(store, outcome, now)
    for decision in outcome.decisions:
        counts[f"decided_{decision.action}"] += 1
    gone = [*outcome.merged, *outcome.withdrawn]
    touched = sorted({*(deal.id for deal in outcome.deals), *gone})
    if not touched:
        return dict(counts)
    counts["events"], counts["retracted"] = _write_events(store, outcome, touched, now)
    for table in ("deal_parties", "deal_amounts", "deal_compute"):
        store.con.execute(
            f'DELETE FROM "{table}" WHERE deal_id IN (SELECT unnest($ids))',  # noqa: S608 - names from above
            {"ids": touched if table != "deal_parties" else [deal.id for deal in outcome.deals]},
        )
    parties = {deal.id: party_rows(deal, now) for deal in outcome.deals}
    amounts = {deal.id: amount_rows(deal) for deal in outcome.deals}
    store.insert("deal_parties", [row for rows in parties.values() for row in rows])
    store.insert("deal_amounts", [row for rows in amounts.values() for row in rows])
    store.insert("deal_compute", [row for deal in outcome.deals for row in compute_rows(deal)])
    first = {name: row["first_recorded_at"] for name, row in regrouped.deals.items()}
    write_deals(store, outcome.deals, parties, amounts, first, now)
    counts["deals"] = sum(1 for deal in outcome.deals if deal.id not in first)
    given_up = [
        {
            "deal_id": name, "merged_into": outcome.merged.get(name), "withdrawn": name in outcome.withdrawn,
            "updated_at": max(now, first.get(name, now)),
        }
        for name in gone
    ]  # fmt: skip
    store.update("deals", given_up)
    end_versions(store, outcome.merged, "merged", now)
    end_versions(store, outcome.withdrawn, "withdrawn", now)
    counts["merged"], counts["withdrawn"] = len(outcome.merged), len(outcome.withdrawn)
    return dict(counts)


def _write_decisions(store: Store, outcome: Outcome, now: datetime) -> None:
    """Append decisions; an open one on the same claim is closed."""
    if not outcome.decisions:
        return
    store.con.execute(
        "UPDATE decisions SET replaced_at = greatest(recorded_at, $now) "
        "WHERE replaced_at IS NULL AND observation_id IN (SELECT unnest($ids))",
        {"now": now, "ids": [decision.claim_id for decision in outcome.decisions]},
    )
    store.append(
        "decisions",
        [
            {
                "decision_id": _digest(decision.claim_id, decision.deal_id, now),
                "observation_id": decision.claim_id, "action": decision.action, "deal_id": decision.deal_id,
                "reason": decision.reason, "recorded_at": now, "replaced_at": None,
            }
            for decision in outcome.decisions
        ],
    )  # fmt: skip


def _write_events(store: Store, outcome: Outcome, touched: Sequence[str], now: datetime) -> tuple[int, int]:
    """Retract the events that no longer follow from the claims, append those that now do.

    An event that says what a retracted one said (the same status at the same sum) names it in ``replaces``.
    """
    due = {row["event_id"]: row for deal in outcome.deals for event in deal.events
           if (row := event_row(deal.id, event, now))}  # fmt: skip
    standing = store.rows("open_events", deal_ids=list(touched))
    stale = [row for row in standing if row["event_id"] not in due]
    kept = {row["event_id"] for row in standing} & set(due)
    new = [row for name, row in due.items() if name not in kept]
    for row in new:
        same = next((old for old in stale if _same_news(row, old, outcome.merged)), None)
        if same is not None:
            row["replaces"] = same["event_id"]
    store.con.execute(
        "UPDATE deal_events SET retracted_at = greatest(recorded_at, $now) "
        "WHERE retracted_at IS NULL AND event_id IN (SELECT unnest($ids))",
        {"now": now, "ids": [row["event_id"] for row in stale]},
    )
    return store.append("deal_events", _with_words(store, new, outcome)), len(stale)


def _with_words(store: Store, events: Sequence[Row], outcome: Outcome) -> list[Row]:
    """Events with the words that show them and where these stand, so that a timeline need not look them up."""
    claims = {claim.id: claim for deal in outcome.deals for claim in deal.claims}
    versions = sorted({claims[row["observation_id"]].version_id for row in events})
    articles = {row["version_id"]: row for row in store.rows("headings_of_versions", version_ids=versions)}
    return [
        words_of(row, claims[row["observation_id"]], articles.get(claims[row["observation_id"]].version_id))
        for row in events
    ]


def _same_news(new: Row, old: Row, heirs: Mapping[str, str]) -> bool:
    """Whether an event tells what an earlier one told: status for status, sum for sum, conflict for conflict."""
    if new["deal_id"] != heirs.get(old["deal_id"], old["deal_id"]) or new["status"] != old["status"]:
        return False
    group_of: dict[Any, str] = {"conflict": "conflict", "amount": "amount"}
    if group_of.get(new["kind"], "status") != group_of.get(old["kind"], "status"):
        return False
    return _same_sum(new, old)


def _same_sum(new: Row, old: Row) -> bool:
    if new["amount"] is None or old["amount"] is None:
        return new["amount"] is old["amount"]
    column = "amount" if new["currency"] == old["currency"] else "usd"
    one, other = new[column], old[column]
    return bool(one and other and abs(one - other) <= _RESTATED * max(one, other))


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:16]
