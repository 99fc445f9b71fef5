"""Loading: once is as good as twice, any order as good as another, all or nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from models.facts import Deal, DealAmount, Party, Reading, Span
from pipeline.link import link
from pipeline.load import load_batch
from pipeline.records import Article
from pipeline.relink import relink
from warehouse import sql
from warehouse.check import check
from warehouse.migrate import migrate
from warehouse.reference import Company
from warehouse.store import Store

COMPANIES = {
    "amazon": Company("amazon", "Amazon"),
    "openai": Company("openai", "OpenAI"),
    "amazon-web-services": Company("amazon-web-services", "AWS", parent_id="amazon"),
}
TALKS, ALLIANCE = (
    ("amazon", "investor", "openai", "investee"),
    ("amazon-web-services", "provider", "openai", "customer"),
)
NOW = datetime(2026, 4, 1, 6, tzinfo=UTC)


@pytest.fixture
def make_store():
    def make():
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        migrate(con)
        return Store(con)

    return make


@pytest.fixture
def store(make_store):
    return make_store()


def deal(kind, status, who, amount=None, currency="USD", bound="exact", **more):
    parties = (Party(who[0], who[1]), Party(who[2], who[3]))
    stated = DealAmount(amount, currency, bound) if amount else None
    return Deal(kind, status, parties, stated, more.pop("chips", ()), None, Span(0, 6), 0.9, **more)


def read(name, day, *deals, source="wire", lang="en", version=1, model="m1", text=None, seen=None, error=None, tier=2):
    published = datetime.fromisoformat(day).replace(tzinfo=UTC)
    article = Article(
        name, f"{name}@{version}", source, f"https://example.org/{name}", "Amazon", text or f"text of {name} {version}",
        lang, seen or published + timedelta(hours=version), published,
    )  # fmt: skip
    return link(Reading(article.id, lang, True, deals=deals, model=model, error=error), article, COMPANIES, tier)


def load(store, *linked, now=NOW):
    report = load_batch(store, [item.article for item in linked], linked, now)
    assert check(store.con) == {}
    return report


def story():
    talks = deal("equity_investment", "in_talks", TALKS, 10e9, bound="over", attribution="anonymous")
    contract = deal("compute_contract", "announced", ALLIANCE, 38e9, occurred_on="2025-11-03")
    in_won = deal("equity_investment", "in_talks", TALKS, 14.7e12, "KRW", "about")
    promised = deal("equity_investment", "announced", TALKS, 50e9, bound="up_to", attribution="official")
    paid = deal("equity_investment", "completed", TALKS, 50e9)
    return [
        read("a", "2025-12-17", talks, contract),
        read("b", "2025-12-18", in_won, source="yonhap", lang="ko"),
        read("c", "2026-02-20", promised),
        read("d", "2026-03-27", paid, source="blog", tier=3),
        read("e", "2026-03-28", source="blog"),
    ]


TIMELINE = [
    ("2025-11-03", "new", "announced", "$38 bn", 1),
    ("2025-12-17", "new", "in_talks", "over $10 bn", 2),
    ("2026-02-20", "new", "announced", "up to $50 bn", 1),
    ("2026-03-27", "status", "completed", "$50 bn", 1),
]


def timeline(store):
    return store.con.execute(
        "SELECT date::VARCHAR, kind, status, amount_text, sources FROM timeline ORDER BY date, status_rank(status)"
    ).fetchall()


def table_counts(store):
    tables = store.con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    return {name: store.con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608


def test_a_batch_becomes_a_timeline(store):
    report = load(store, *story())
    assert timeline(store) == TIMELINE
    assert report.counts["articles"] == 5
    assert report.counts["observations"] == 5
    assert report.counts["deals"] == 3
    assert report.counts["decided_create"] == 3
    assert report.deal_ids == (
        "amazon-openai-equity-2025-12",
        "amazon-openai-equity-2026-02",
        "amazon-web-services-openai-compute-2025-11",
    )
    first = sql.run(store.con, "deal_history", deal_id="amazon-openai-equity-2025-12")[0]
    assert (first["evidence"], first["url"]) == ("Amazon", "https://example.org/a")
    assert store.con.execute("SELECT currency FROM fx_rates").fetchall() == [("KRW",)]


def test_loading_again_adds_no_row(store):
    load(store, *story())
    before = table_counts(store)
    report = load(store, *story(), now=NOW + timedelta(days=1))
    assert table_counts(store) == before
    assert {item.reason for item in report.skipped} == {"this reading is loaded already"}
    assert report.deal_ids == ()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_ends_in_the_same_timeline(make_store, seed):
    articles = story()
    random.Random(seed).shuffle(articles)
    store = make_store()
    for number, linked in enumerate(articles):
        load(store, linked, now=NOW + timedelta(hours=number))
    assert timeline(store) == TIMELINE


def test_what_was_known_when_is_kept(store):
    for number, linked in enumerate(reversed(story())):
        load(store, linked, now=NOW + timedelta(hours=number))

    def known(hours):
        moment = NOW + timedelta(hours=hours)
        rows = store.con.execute("SELECT type, status, usd FROM deals_as_of($moment) ORDER BY ALL", {"moment": moment})
        return rows.fetchall()

    assert known(0) == []
    assert known(1) == [("equity_investment", "completed", 50e9)]
    assert known(2) == [("equity_investment", "completed", 50e9)]
    assert [row[1] for row in known(3)] == ["completed", "in_talks"]
    assert known(4) == [
        ("compute_contract", "announced", 38e9),
        ("equity_investment", "completed", 50e9),
        ("equity_investment", "in_talks", 10e9),
    ]


def test_an_event_told_anew_is_no_news(store):
    late, early = story()[3], story()[2]
    load(store, late, now=NOW)
    load(store, early, now=NOW + timedelta(hours=1))
    until = NOW + timedelta(days=1)
    assert len(sql.run(store.con, "ledger_changes", since=None, until=until)) == 1
    assert sql.run(store.con, "ledger_changes", since=NOW, until=until) == []


def test_a_corrected_article_revises_its_own_claims(store):
    load(store, read("a", "2025-12-17", deal("equity_investment", "completed", TALKS, 10e9)))
    report = load(
        store,
        read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 1e9), version=2),
        now=NOW + timedelta(hours=1),
    )
    assert report.counts["superseded"] == 1
    assert timeline(store) == [("2025-12-17", "new", "in_talks", "$1 bn", 1)]
    former = store.con.execute("SELECT superseded_by, superseded_reason FROM observations WHERE status = 'completed'")
    assert former.fetchall() == [("a@2/m1", "corrected article")]
    assert store.con.execute("SELECT deal_id FROM deals").fetchall() == [("amazon-openai-equity-2025-12",)]


def test_a_former_version_that_arrives_late_changes_nothing(store):
    load(store, read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 1e9), version=2))
    load(
        store,
        read("a", "2025-12-17", deal("equity_investment", "completed", TALKS, 10e9)),
        now=NOW + timedelta(hours=1),
    )
    assert timeline(store) == [("2025-12-17", "new", "in_talks", "$1 bn", 1)]
    assert store.con.execute("SELECT count(*) FROM observations").fetchone() == (2,)


def test_both_versions_in_one_batch(store):
    load(
        store,
        read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 1e9), version=2),
        read("a", "2025-12-17", deal("equity_investment", "completed", TALKS, 10e9)),
    )
    assert timeline(store) == [("2025-12-17", "new", "in_talks", "$1 bn", 1)]


def test_a_newer_extractor_replaces_what_the_former_read(store):
    load(store, read("a", "2025-12-17", deal("equity_investment", "completed", TALKS, 10e9)))
    load(store, read("a", "2025-12-17", model="m2"), now=NOW + timedelta(hours=1))
    assert timeline(store) == []
    assert store.con.execute("SELECT withdrawn FROM deals").fetchall() == [(True,)]
    assert store.con.execute("SELECT superseded_reason FROM observations").fetchall() == [("newer extractor",)]
    load(store, read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 10e9), model="m3"))
    assert timeline(store) == [("2025-12-17", "new", "in_talks", "$10 bn", 1)]


def test_a_document_that_could_not_be_read_is_a_row_and_can_be_read_later(store):
    report = load(store, read("a", "2025-12-17", error="too odd"))
    assert report.skipped[0].reason == "could not be read: too odd"
    assert store.con.execute("SELECT error FROM readings").fetchall() == [("too odd",)]
    load(store, read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 10e9)))
    assert store.con.execute("SELECT error FROM readings").fetchall() == [(None,)]
    assert len(timeline(store)) == 1


def test_a_claim_that_says_too_little_is_kept_and_skipped_with_its_reason(store):
    lone = Deal("equity_investment", "announced", (Party("openai", "investee"),), None, (), None, Span(0, 6), 0.9)
    report = load(store, read("a", "2025-12-17", lone))
    assert "too little" in report.skipped[0].reason
    assert store.con.execute('SELECT "action", deal_id FROM claims').fetchall() == [("skip", None)]


def test_a_failing_batch_leaves_the_ledger_as_it_was(store, monkeypatch):
    load(store, story()[0])
    before = table_counts(store)
    monkeypatch.setattr("pipeline.history.version_row", lambda *_: {"deal_id": object(), "version": 1})
    with pytest.raises(Exception, match="object"):
        load_batch(store, [], story()[1:], NOW)
    assert table_counts(store) == before


def test_syndicated_copies_point_at_the_earliest_whatever_comes_first(make_store):
    body = (
        "Amazon is in talks to put more than ten billion dollars into OpenAI, people close to the matter said. "
        + " ".join(f"Sentence {number} gives one more detail of the plan." for number in range(12))
    )
    original = read("a", "2025-12-17", deal("equity_investment", "in_talks", TALKS, 10e9), text=body)
    copy = read(
        "b", "2025-12-18", deal("equity_investment", "in_talks", TALKS, 10e9), text=body + " Reuters.", source="b"
    )
    late = read("c", "2025-12-30", text=body, source="c")
    other = read("d", "2025-12-18", text="Something else altogether, told at sufficient length to be told apart. " * 5)
    for order in ([original, copy, late, other], [late, copy, other, original]):
        store = make_store()
        for number, linked in enumerate(order):
            load(store, linked, now=NOW + timedelta(hours=number))
        rows = store.con.execute("SELECT article_id, duplicate_of FROM articles ORDER BY 1").fetchall()
        assert rows == [("a", None), ("b", "a"), ("c", None), ("d", None)]
        assert [row[-1] for row in timeline(store)] == [2]


def test_a_subsidiary_and_its_parent_are_one_party(store):
    load(store, *story())
    rows = store.con.execute("SELECT from_id, to_id, type, deals FROM alliances ORDER BY ALL").fetchall()
    assert rows == [("amazon", "openai", "compute_contract", 1), ("amazon", "openai", "equity_investment", 2)]


def test_adding_a_companys_row_maps_what_knew_it_by_its_name(store):
    known_later = ("~라이온엑스벤처스", "investor", "openai", "investee")
    english = ("~lionx", "investor", "openai", "investee")
    load(
        store,
        read("a", "2025-08-01", deal("equity_investment", "announced", known_later, 5e10, "KRW"), lang="ko"),
        read("b", "2025-08-02", deal("equity_investment", "announced", TALKS, 9e9)),
        read("c", "2025-08-02", deal("equity_investment", "in_talks", english, 3e12, "KRW")),
    )
    row = Company("lion-x", "LionX", aliases=("라이온엑스벤처스",), parent_id="lion-group")
    companies = {**COMPANIES, "lion-x": row}
    counts = relink(store, companies, NOW + timedelta(hours=1))
    assert check(store.con) == {}
    assert (counts["superseded"], counts["observations"]) == (2, 2)
    parties = store.con.execute(
        "SELECT deal_id, company_id, root_id FROM deal_parties WHERE side = 'active' ORDER BY ALL"
    ).fetchall()
    assert parties == [
        ("amazon-openai-equity-2025-08", "amazon", "amazon"),
        ("lionx-openai-equity-2025-08", "lion-x", "lion-group"),
        ("라이온엑스벤처스-openai-equity-2025-08", "lion-x", "lion-group"),
    ]
    before = table_counts(store)
    assert relink(store, companies, NOW + timedelta(hours=2))["superseded"] == 0
    assert table_counts(store) == before
    assert sql.run(store.con, "ledger_changes", since=NOW, until=NOW + timedelta(days=1)) == []
