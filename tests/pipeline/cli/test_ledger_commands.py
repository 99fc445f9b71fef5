"""``timeline``, ``deal`` and ``query`` on a small real snapshot."""

from __future__ import annotations

import csv
import io
import json

import pytest


def rows(answer):
    assert answer.status == 0, answer.err
    return list(csv.DictReader(io.StringIO(answer.out)))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], ["completed", "announced", "in_talks"]),
        (["--limit", "1"], ["completed"]),
        (["--company", "openai"], ["completed", "in_talks"]),
        (["--chip", "amd-mi450"], ["announced"]),
        (["--type", "chip_supply"], ["announced"]),
        (["--status", "in_talks"], ["in_talks"]),
        (["--since", "2026-02-24"], ["completed", "announced"]),
        (["--until", "2026-02-24"], ["announced", "in_talks"]),
        (["--company", "meta", "--status", "completed"], []),
    ],
)
def test_timeline_filters(dealwire, filters, expected):
    assert [row["status"] for row in rows(dealwire("timeline", "--format", "csv", *filters))] == expected


def test_timeline_as_json_has_days_and_lists(dealwire):
    found = json.loads(dealwire("timeline", "--chip", "amd-mi450", "--format", "json").out)
    assert found[0]["date"] == "2026-02-24"
    assert found[0]["chips"] == ["amd-mi450"]
    assert found[0]["usd"] == 6e10


def test_an_empty_answer_keeps_its_columns(dealwire):
    answer = dealwire("timeline", "--company", "meta", "--status", "completed", "--format", "csv")
    assert answer.out.startswith("date,deal_id,kind,")
    assert json.loads(dealwire("query", "FROM deals WHERE false", "--format", "json").out) == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--company", "opnai"], "openai"),
        (["--chip", "amd-mi45"], "amd-mi450"),
        (["--type", "equity_investmnt"], "equity_investment"),
        (["--status", "complete"], "completed"),
        (["--since", "last week"], "2026-01-31"),
    ],
)
def test_a_mistyped_filter_is_an_error_not_an_empty_timeline(dealwire, arguments, named):
    answer = dealwire("timeline", *arguments)
    assert answer.status == 2
    assert answer.out == ""
    assert arguments[0] in answer.err
    assert named in answer.err


def test_deal_shows_history_and_words(dealwire):
    deal_id = rows(dealwire("timeline", "--company", "openai", "--format", "csv"))[0]["deal_id"]
    shown = dealwire("deal", deal_id).out
    for part in (
        "Amazon → OpenAI",
        "investor",
        "investee",
        "in_talks",
        "completed",
        "over $10 bn",
        "https://example.org/rumour",
    ):
        assert part in shown
    found = json.loads(dealwire("deal", deal_id, "--format", "json").out)
    assert [event["status"] for event in found["history"]] == ["in_talks", "completed"]
    assert {party["company_id"] for party in found["parties"]} == {"amazon", "openai"}
    assert len(found["claims"]) == 2


def test_an_unknown_deal_names_the_nearest(dealwire):
    deal_id = rows(dealwire("timeline", "--company", "openai", "--format", "csv"))[0]["deal_id"]
    answer = dealwire("deal", deal_id[:-1])
    assert answer.status == 2
    assert deal_id in answer.err


def test_no_control_sequence_of_a_title_reaches_the_terminal(dealwire):
    deal_id = rows(dealwire("timeline", "--company", "openai", "--format", "csv"))[0]["deal_id"]
    for arguments in (
        ["deal", deal_id],
        ["query", "SELECT title FROM articles"],
        ["query", "SELECT title FROM articles", "--format", "csv"],
        ["timeline", "--format", "csv"],
    ):
        shown = dealwire.program(*arguments, FORCE_COLOR="1").out
        assert "Amazon in talks to invest" in shown
        for bad in ("\x1b]", "\x1b[31m", "gotcha", "\x07", "\x9b", "\u202e"):
            assert bad not in shown


def test_formulas_are_disarmed_in_csv(dealwire):
    titles = [row["title"] for row in rows(dealwire("query", "SELECT title FROM articles", "--format", "csv"))]
    assert "'=HYPERLINK(1) Amazon in talks to invest" in titles
    cells = rows(dealwire("query", """SELECT '@SUM(A1)' AS a, ' +1' AS b, -5 AS c, '-' AS "=d" """, "--format", "csv"))
    assert cells == [{"a": "'@SUM(A1)", "b": "' +1", "c": "-5", "'=d": "'-"}]


def test_query_reads_standard_input_and_tells_columns_apart(dealwire):
    answer = dealwire("query", "-", "--format", "json", stdin="SELECT 1 AS n, 2 AS n")
    assert json.loads(answer.out) == [{"n": 1, "n_2": 2}]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM deals",
        "CREATE TABLE t (n INTEGER)",
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY deals TO 'deals.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "ATTACH 'other.duckdb'",
        "SELEC 1",
        "   ",
    ],
)
def test_query_is_confined(dealwire, statement, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = dealwire("query", statement)
    assert answer.status == 2
    assert "error:" in answer.err
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []
