"""Whoever reads every digest knows the ledger, whatever happened in between, and is told nothing that they knew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.digest import build

PAIRS = (("amazon", "openai"), ("microsoft", "openai"), ("google", "anthropic"))
NEWS = {
    "pair": st.sampled_from(PAIRS),
    "status": st.sampled_from(("in_talks", "announced", "completed", "ended")),
    "amount": st.sampled_from((None, 10e9, 14e9, 50e9)),
    "tier": st.sampled_from((1, 2, 4)),
    "source": st.sampled_from(("wire", "gazette", "tribune")),
}
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            **NEWS,
            "day": st.integers(0, 60),
            "corrects": st.booleans(),  # the next version of the article before, instead of another one
            "digest": st.booleans(),
        }
    ),
    min_size=2,
    max_size=7,
)


class Reader:
    """Believes the digests: a deal's status and sum as last told."""

    def __init__(self):
        self.deals = {}

    def read(self, digest):
        for line in digest.lines:
            deal_id, kind, status, amount, _ = line.change.split(":")
            if kind in ("conflict", "disputed", "quiet", "due"):
                continue
            state = (status, None if amount == "None" else float(amount))
            assert self.deals.get(deal_id) != state or kind == "taken_back", f"told twice: {line.change}"
            assert (kind == "new") == (deal_id not in self.deals) or kind != "new"
            if kind == "taken_back":
                self.deals.pop(deal_id, None)
            else:
                self.deals[deal_id] = state


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_reader_of_all_digests_knows_the_ledger(fresh, steps):
    store, tell = fresh()
    reader, since = Reader(), None
    for number, step in enumerate(steps):
        giver, taker = step["pair"]
        day = f"2026-0{1 + step['day'] // 28}-{1 + step['day'] % 28:02}"
        now = tell(day, "equity_investment", step["status"], {giver: "investor", taker: "investee"}, step["amount"],
                   tier=step["tier"], source=step["source"],
                   corrects=number - 1 if step["corrects"] and number else None)  # fmt: skip
        if step["digest"] or number == len(steps) - 1:
            reader.read(build(store.con, since, now))
            assert build(store.con, now, now + timedelta(minutes=1)).is_empty
            since = now
    rows = store.con.execute("SELECT deal_id, status, amount FROM deals_current").fetchall()
    merged = dict(store.con.execute("SELECT deal_id, merged_into FROM deals WHERE merged_into IS NOT NULL").fetchall())
    known = {deal_id: state for deal_id, state in reader.deals.items() if deal_id not in merged}
    for deal_id, state in reader.deals.items():
        heir = deal_id
        while heir in merged:
            heir = merged[heir]
        known.setdefault(heir, state)  # what was told of a deal goes for the one it turned out to be
    assert known == {deal_id: (status, amount) for deal_id, status, amount in rows}
