"""The timeline's filters, each by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

from warehouse import sql
from warehouse.migrate import migrate

NONE = dict.fromkeys(
    ("company", "chip", "type", "status", "lang", "since", "until", "recorded_since", "min_usd", "row_limit")
)


@pytest.fixture(scope="module")
def con():
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    migrate(con)
    for number, (kind, status, lang, usd, company, root, chip) in enumerate(
        [
            ("acquisition", "announced", "en", 5e9, "amd", "amd", "amd-mi450"),
            ("compute_contract", "in_talks", "ja", 38e9, "amazon-web-services", "amazon", "aws-trainium"),
            ("compute_contract", "completed", "de", None, "oracle", "oracle", None),
        ],
        1,
    ):
        name = f"d{number}"
        day, known = date(2026, 1, number), datetime(2026, 2, number, tzinfo=UTC)
        con.execute(
            "INSERT INTO deals BY NAME SELECT $name AS deal_id, $kind AS type, $status AS status, '' AS status_reason, "
            "$day AS first_on, $day AS last_on, $day AS status_on, $name AS thread_id, FALSE AS withdrawn, "
            "now() AS first_recorded_at, now() AS updated_at, [$company] AS company_ids, $chips::VARCHAR[] AS chips, "
            "[{'status': $status, 'sources': 1, 'languages': [$lang]}] AS told",
            {
                "name": name, "kind": kind, "status": status, "day": day, "company": company, "lang": lang,
                "chips": [chip] if chip else [],
            },
        )  # fmt: skip
        con.execute(
            "INSERT INTO deal_events BY NAME SELECT $name AS event_id, $name AS deal_id, 'new' AS kind, "
            "$status AS status, $usd::DOUBLE AS usd, $day AS occurred_on, $name AS observation_id, '' AS reason, "
            "$known AS recorded_at",
            {"name": name, "status": status, "usd": usd, "day": day, "known": known},
        )
        con.execute(
            "INSERT INTO observations BY NAME SELECT $name AS observation_id, 'v' AS version_id, 'a' AS article_id, "
            "'s' AS source_id, 1 AS tier, $lang AS lang, $kind AS type, $status AS status, 'asserted' AS modality, "
            "FALSE AS negated, 'named' AS attribution, FALSE AS background, [] AS parties, [] AS chips, "
            "$day AS occurred_on, FALSE AS dated, $day AS published_on, '' AS evidence, 0 AS evidence_start, "
            "0 AS evidence_end, 1 AS confidence, 'm' AS extractor, now() AS seen_at, now() AS recorded_at",
            {"name": name, "lang": lang, "kind": kind, "status": status, "day": day},
        )
        con.execute("INSERT INTO deal_parties VALUES (?, ?, ?, 'acquirer', 'active', 1, now())", [name, company, root])
        if chip:
            con.execute("INSERT INTO deal_compute VALUES (?, ?, NULL, NULL, 1, ?)", [name, chip, name])
    return con


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["d3", "d2", "d1"]),
        ({"company": "amd"}, ["d1"]),
        ({"company": "amazon"}, ["d2"]),
        ({"company": "amazon-web-services"}, ["d2"]),
        ({"company": "x' OR 1=1 --"}, []),
        ({"chip": "aws-trainium"}, ["d2"]),
        ({"type": "compute_contract"}, ["d3", "d2"]),
        ({"status": "completed"}, ["d3"]),
        ({"lang": "ja"}, ["d2"]),
        ({"since": date(2026, 1, 2)}, ["d3", "d2"]),
        ({"until": "2026-01-02"}, ["d2", "d1"]),
        ({"recorded_since": datetime(2026, 2, 2, tzinfo=UTC)}, ["d3"]),
        ({"min_usd": 6e9}, ["d2"]),
        ({"row_limit": 1}, ["d3"]),
        ({"type": "compute_contract", "status": "in_talks", "min_usd": 1}, ["d2"]),
    ],
)
def test_timeline_filtered(con, given, expected):
    rows = sql.run(con, "timeline_filtered", **{**NONE, **given})
    assert [row["deal_id"] for row in rows] == expected


def test_counts(con):
    (counts,) = sql.run(con, "ledger_counts")
    assert (counts["deals"], counts["events"], counts["claims"], counts["articles"]) == (3, 3, 3, 0)
