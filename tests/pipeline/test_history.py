"""What was believed when: the ledger as it stood after each batch can be asked for ever after, row for row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.relink import relink
from warehouse.check import check
from warehouse.migrate import migrate
from warehouse.reference import Company, sync_reference
from warehouse.store import Store

COMPANIES = {name.lower(): Company(name.lower(), name) for name in ("Amazon", "OpenAI", "AMD", "SoftBank")}
NAMED_LATER = {**COMPANIES, "lion-x": Company("lion-x", "LionX", aliases=("라이온엑스벤처스",), parent_id="softbank")}
START = datetime(2026, 4, 1, 6, tzinfo=UTC)


def open_store():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    return Store(con)


@pytest.fixture
def store():
    return open_store()


def claim(kind, status, parties, amount=None, bound="exact", **more):
    stated = DealAmount(amount, "USD", bound) if amount else None
    who = tuple(Party(*party.split(":")) for party in parties.split())
    return Deal(kind, status, who, stated, more.pop("chips", ()), None, Span(0, 6), 0.9, **more)


def read(name, day, *deals, version=1, model="m1", companies=COMPANIES, source="wire", lang="en"):
    published = datetime.fromisoformat(day).replace(tzinfo=UTC)
    url, seen = f"https://example.org/{name}", published + timedelta(hours=version)
    article = Article(name, f"{name}@{version}", source, url, "Amazon", f"text {name}", lang, seen, published)
    return link(Reading(article.id, lang, True, deals=deals, model=model), article, companies, 2)


def believed(store, statement):
    """All rows, each as column to value, with lists of structs in a stable order."""
    cursor = store.con.execute(statement)
    names = [column[0] for column in cursor.description]
    return sorted((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), key=repr)


PARTIES = (
    'SELECT deal_id, company_id, root_id, "role", side, claims FROM deal_parties '
    "SEMI JOIN deals_current USING (deal_id)"
)
AMOUNTS = (
    "SELECT deal_id, semantics, amount, currency, bound, usd, settled, contested, reason, claims, sources, best_tier, "
    "observation_id FROM deal_amounts SEMI JOIN deals_current USING (deal_id)"
)


def present(store):
    return believed(store, "FROM deals_current"), believed(store, PARTIES), believed(store, AMOUNTS)


def as_of(store, moment):
    known = f"deals_as_of(TIMESTAMPTZ '{moment.isoformat()}')"
    return (
        believed(store, f"SELECT * EXCLUDE (parties, amounts) FROM {known}"),  # noqa: S608 - a moment of our own
        believed(store, f"SELECT deal_id, unnest(parties, recursive := true) FROM {known}"),  # noqa: S608
        believed(store, f"SELECT deal_id, unnest(amounts, recursive := true) FROM {known}"),  # noqa: S608
    )


RUMOUR = "amazon:investor openai:investee"
# Each is a batch by itself or with its neighbours; some correct, re-read or contradict what others brought.
NEWS = {
    "rumour": [read("a", "2025-12-17", claim("equity_investment", "in_talks", RUMOUR, 10e9, "over"))],
    "in Korean": [read("b", "2025-12-18", claim("equity_investment", "in_talks", RUMOUR, 10.2e9, "about"), lang="ko")],
    "corrected": [read("a", "2025-12-17", claim("equity_investment", "in_talks", RUMOUR, 1e9), version=2)],
    "read anew as another kind": [
        read("b", "2025-12-18", claim("debt_financing", "in_talks", "amazon:lender openai:borrower", 10e9), model="m2")
    ],
    "read anew as nothing": [read("b", "2025-12-18", model="m3")],
    "promised on a condition": [
        read("c", "2026-02-20", claim("equity_investment", "announced", RUMOUR, 50e9, "up_to", conditional=True)),
        read("d", "2026-02-21", claim("equity_investment", "announced", RUMOUR, 45e9), source="blog"),
    ],
    "paid": [read("e", "2026-03-27", claim("equity_investment", "completed", RUMOUR, 50e9))],
    "round and ticket": [
        read("f", "2026-03-28",
             claim("equity_investment", "announced", "amazon:investor amd:investor openai:investee", 110e9),
             claim("equity_investment", "announced", "amd:investor openai:investee", 20e9, chips=("amd-mi450",)))
    ],
    "first of three": [read("g", "2023-01-10", claim("acquisition", "in_talks", "amd:acquirer zt:target"))],
    "last of three": [read("h", "2025-06-10", claim("acquisition", "completed", "amd:acquirer zt:target"))],
    "one that joins them": [read("i", "2024-04-10", claim("acquisition", "announced", "amd:acquirer zt:target"))],
    "known by its name": [
        read("j", "2025-08-01",
             claim("equity_investment", "announced", "~라이온엑스벤처스:investor openai:investee", 4e9))
    ],
}  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(sorted(NEWS)), size=st.integers(1, 3), row_comes_after=st.integers(0, 11))
def test_each_moment_can_be_asked_for_afterwards(order, size, row_comes_after):
    store, moments = open_store(), []
    for number, start in enumerate(range(0, len(order), size)):
        now = START + timedelta(hours=number)
        readings = [linked for name in order[start : start + size] for linked in NEWS[name]]
        load_batch(store, [linked.article for linked in readings], readings, now)
        if start <= row_comes_after < start + size:
            relink(store, NAMED_LATER, now)
        assert check(store.con) == {}
        moments.append((now, present(store)))
    for now, (deals, parties, amounts) in moments:
        for moment in (now, now + timedelta(minutes=59)):
            assert as_of(store, moment) == (deals, parties, amounts)
    assert as_of(store, START - timedelta(seconds=1)) == ([], [], [])


def story(store, *names):
    """Load one batch an hour; returns what the ledger showed after each."""
    shown = []
    for number, name in enumerate(names):
        load_batch(store, [], NEWS[name], START + timedelta(hours=number))
        assert check(store.con) == {}
        shown.append(present(store))
    return shown


def test_a_merged_deal_is_two_deals_before_and_one_after(store):
    story(store, "first of three", "last of three", "one that joins them")
    rows = store.con.execute(
        'SELECT right(deal_id, 7), "version", status, hour(recorded_at), ended_by FROM deal_versions ORDER BY ALL'
    ).fetchall()
    assert rows == [
        ("2023-01", 1, "in_talks", 6, "revised"),
        ("2023-01", 2, "completed", 8, None),
        ("2025-06", 1, "completed", 7, "merged"),
    ]
    two = as_of(store, START + timedelta(hours=1))[0]
    assert [(deal["deal_id"][-7:], deal["status"]) for deal in two] == [
        ("2023-01", "in_talks"),
        ("2025-06", "completed"),
    ]


def test_a_newer_extractor_changes_the_type_but_neither_the_id_nor_the_past(store):
    before, after = story(store, "in Korean", "read anew as another kind")
    ((old,), parties, _), ((new,), _, _) = before, after
    assert (old["type"], new["type"]) == ("equity_investment", "debt_financing")
    assert as_of(store, START) == before
    assert [party["role"] for party in parties] == ["investor", "investee"]
    kept = store.con.execute("SELECT extractor, superseded_reason FROM observations ORDER BY 1").fetchall()
    assert kept == [("m1", "newer extractor"), ("m2", None)]


def test_an_id_survives_being_read_anew_by_the_same_kind(store):
    story(store, "rumour")
    again = read("a", "2025-12-17", claim("equity_investment", "in_talks", RUMOUR, 12e9), model="m2")
    load_batch(store, [], [again], START + timedelta(hours=1))
    ids = store.con.execute('SELECT DISTINCT deal_id, max("version") FROM deal_versions GROUP BY 1').fetchall()
    assert ids == [("amazon-openai-equity-2025-12", 2)]
    assert [deal["usd"] for deal in as_of(store, START)[0]] == [10e9]


def test_a_withdrawn_deal_stays_in_the_past(store):
    before, after = story(store, "in Korean", "read anew as nothing")
    assert after == ([], [], [])
    assert as_of(store, START) == before
    assert store.con.execute("SELECT ended_by FROM deal_versions").fetchall() == [("withdrawn",)]


def test_a_clock_set_back_leaves_no_gap_and_no_overlap(store):
    story(store, "rumour", "in Korean")
    load_batch(store, [], NEWS["paid"] + NEWS["corrected"], START - timedelta(hours=5))
    assert check(store.con) == {}
    deals = [deal["deal_id"] for deal in as_of(store, START + timedelta(minutes=30))[0]]
    assert deals.count("amazon-openai-equity-2025-12") == 1


def test_a_company_that_takes_another_name_is_shown_by_it_from_then_on(store):
    sync_reference(store, {"companies": [{"company_id": "amazon", "name": "Amazon"}]})
    story(store, "rumour")
    sync_reference(store, {"companies": [{"company_id": "amazon", "name": "Rainforest"}]})
    later = START + timedelta(hours=3)
    assert relink(store, COMPANIES, later)["renamed"] == 1
    assert relink(store, COMPANIES, later + timedelta(hours=1))["renamed"] == 0
    assert check(store.con) == {}
    assert [deal["headline"] for deal in as_of(store, START)[0]] == ["Amazon → openai"]
    assert [deal["headline"] for deal in as_of(store, later)[0]] == ["Rainforest → openai"]
    assert present(store) == as_of(store, later)


def test_a_day_still_to_come_is_kept_with_the_claim_and_shown_with_the_deal(store):
    promise = claim("equity_investment", "announced", RUMOUR, 50e9, conditional=True, occurred_on="2026-12-31")
    load_batch(store, [], [read("c", "2026-02-20", promise)], START)
    ((deal,), _, _) = present(store)
    assert (deal["expected_on"], deal["conditional_usd"]) == (date(2026, 12, 31), 50e9)


def test_a_part_on_a_condition_is_told_apart_until_the_deal_is_completed(store):
    firm = claim("equity_investment", "announced", RUMOUR, 50e9)
    part = replace(firm, amount=DealAmount(35e9, "USD"), conditional=True)
    load_batch(store, [], [read("c", "2026-02-20", part), read("d", "2026-02-21", firm, source="b")], START)
    done = claim("equity_investment", "completed", RUMOUR, 50e9)
    load_batch(store, [], [read("e", "2026-03-20", done)], START + timedelta(hours=1))
    history = store.con.execute('SELECT status, usd, conditional_usd FROM deal_versions ORDER BY "version"').fetchall()
    assert history == [("announced", 50e9, 35e9), ("completed", 50e9, None)]
