"""Whatever strangers wrote, none of it acts where it comes out: terminal, spreadsheet, page, feed, calendar."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from lxml import etree

from pipeline.cli.output import cell, neutral
from pipeline.digest.build import build
from pipeline.digest.render import render_html, render_text, subject
from pipeline.plain import clean

# Escape, other C0 and C1 controls, delete, direction marks, lone surrogates and what XML has no room for.
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
FORMULA = re.compile(r"^[\t\r\n]|^\s*[=+\-@＝＋－＠]")
EVERYTHING = "SELECT title, source_id, url, extractor FROM articles JOIN readings USING (version_id)"
PRINTED = [
    ("timeline",),
    ("timeline", "--format", "csv"),
    ("timeline", "--format", "csv-raw"),
    ("timeline", "--format", "json"),
    ("search", "body"),
    ("search", "body", "--format", "json"),
    ("query", "FROM articles"),
    ("query", "FROM articles", "--format", "csv"),
    ("query", "FROM articles", "--format", "json"),
    ("query", "FROM companies", "--format", "json"),
    ("query", "SELECT MAP {title: {'t': [title]}} AS m FROM articles", "--format", "csv"),
    ("query", 'SELECT 1 AS "a\x1b[31m\u202e"'),
]


@pytest.mark.parametrize("arguments", PRINTED, ids=" ".join)
def test_nothing_printed_acts_on_a_terminal(dealwire: Callable[..., str], arguments: tuple[str, ...]) -> None:
    shown = dealwire(*arguments)
    assert shown.strip()
    assert ACTS.findall(shown) == []


def test_errors_that_quote_what_was_typed_do_not_act_either(dealwire: Callable[..., str]) -> None:
    typed = (("deal", "\x1b[31m\u202ex"), ("timeline", "--company", "\x9b2J"), ("query", "SELECT \x1b[31m"))
    for arguments in typed:
        assert ACTS.findall(dealwire(*arguments, status=2)) == []


def test_json_is_whole_all_the_same(dealwire: Callable[..., str], hostile_home: Path) -> None:
    with duckdb.connect(str(hostile_home / "published" / "dealwire.duckdb"), read_only=True) as con:
        stored = sorted(title for (title,) in con.execute("SELECT title FROM articles").fetchall())
    rows = json.loads(dealwire("query", "SELECT title FROM articles", "--format", "json"))
    assert sorted(row["title"] for row in rows) == stored
    assert any("\x1b" in title for title in stored)


@pytest.mark.parametrize("arguments", [("timeline",), ("query", EVERYTHING), ("query", "FROM companies")], ids=" ".join)
def test_no_cell_is_a_formula(dealwire: Callable[..., str], arguments: tuple[str, ...]) -> None:
    rows = list(csv.reader(io.StringIO(dealwire(*arguments, "--format", "csv"))))
    assert len(rows) > 10
    cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?[\d.,]+", cell)]
    assert [cell for cell in cells if FORMULA.match(cell)] == []
    raw = list(csv.reader(io.StringIO(dealwire(*arguments, "--format", "csv-raw"))))
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == [
        [cell.removeprefix("'") for cell in row] for row in raw
    ]


@pytest.mark.parametrize(
    ("value", "cell_of_csv", "cell_of_raw"),
    [
        ("=1+1", "'=1+1", "=1+1"),
        ("+31", "'+31", "+31"),
        ("-2", "'-2", "-2"),
        (-2, "-2", "-2"),
        ("@SUM(A1)", "'@SUM(A1)", "@SUM(A1)"),
        ("\t=1", "'\t=1", "\t=1"),
        ("\n1", "'\n1", "\n1"),
        ("＝1", "'＝1", "＝1"),
        ("\u00a0＠x", "'\u00a0＠x", "\u00a0＠x"),
        ("\x1b[1m=1", "'=1", "=1"),
        (["=1", "b"], "'=1, b", "=1, b"),
        ("a=b", "a=b", "a=b"),
        (None, "", ""),
        (True, "True", "True"),
    ],
)
def test_cells(value: object, cell_of_csv: str, cell_of_raw: str) -> None:
    assert (neutral(value), cell(value)) == (cell_of_csv, cell_of_raw)


class Tags(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(tags: list[tuple[str, dict[str, str | None]]]) -> None:
    assert not {tag for tag, _ in tags} & {"script", "svg", "iframe", "object", "embed", "form", "base", "meta-refresh"}
    assert not [tag for tag, attrs in tags if any(name.startswith("on") for name in attrs)]
    links = [attrs[name] or "" for _, attrs in tags for name in ("href", "src") if name in attrs]
    assert [link for link in links if not re.match(r"https?://|mailto:|cid:|#", link)] == []
    assert [link for link in links if "evil.example" in link] == []


def test_the_digest_is_text_in_mail_of_both_kinds(hostile_home: Path) -> None:
    with duckdb.connect(str(hostile_home / "published" / "dealwire.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        (until,) = con.execute("SELECT max(recorded_at) FROM deal_events").fetchone() or (None,)
        digest = build(con, None, until)
    page, text, head = render_html(digest), render_text(digest), subject(digest)
    harmless(Tags(page).tags)
    assert "49" not in re.findall(r"\d+", head)
    for part in (page, text, head):
        assert ACTS.findall(part) == []
    assert "\n" not in head


def test_the_feed_of_events_is_xml_with_text_in_it(hostile_home: Path) -> None:
    body = (hostile_home / "published" / "events.atom").read_bytes()
    assert b"<!ENTITY" not in body
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    texts = ["".join(element.itertext()) for element in root.iter(tag=etree.Element)]
    assert [text for text in texts if ACTS.search(text)] == []
    for element in root.iter("{*}content", "{*}summary", "{*}title"):
        if element.get("type") == "html":
            harmless(Tags(element.text or "").tags)
    links = [link.get("href", "") for link in root.iter("{*}link")]
    assert [link for link in links if link.startswith("javascript:") or "\n" in link] == []


def test_the_calendar_has_no_event_of_a_strangers(hostile_home: Path) -> None:
    body = (hostile_home / "published" / "commitments.ics").read_bytes().decode("utf-8")
    lines = body.replace("\r\n ", "").split("\r\n")
    assert "\n" not in "".join(lines)
    assert not [line for line in lines if line.startswith(("ATTACH", "Bcc"))]


@pytest.mark.parametrize("kind", ["timeline", "alliances", "chips"])
@pytest.mark.parametrize("suffix", ["svg", "html"])
def test_no_chart_runs_a_strangers_script(dealwire: Callable[..., str], tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"chart.{suffix}"
    dealwire("chart", kind, "--out", str(path), status=1 if kind == "chips" else 0)
    if kind == "chips":  # none of these deals has chips
        assert not path.exists()
        return
    text = path.read_text("utf-8")
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
    if suffix == "svg":
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        assert not list(root.iter("{*}script", "{*}foreignObject", "{*}image"))


def test_a_name_in_sql_is_a_name(hostile_home: Path) -> None:
    with duckdb.connect(str(hostile_home / "published" / "dealwire.duckdb"), read_only=True) as con:
        named = con.execute("SELECT count(*) FROM deal_parties WHERE contains(company_id, 'DROP TABLE')").fetchone()
        assert named
        assert named[0] > 0
        assert (con.execute("SELECT count(*) FROM deals").fetchone() or (0,))[0] > 5


def test_clean_leaves_nothing_that_acts() -> None:
    every = "".join(map(chr, (*range(0x300), *range(0x2000, 0x2100), *range(0xD7F0, 0xE010), 0xFFFE, 0xFFFF)))
    assert ACTS.findall(clean(every)) == []
