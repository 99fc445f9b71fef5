"""``run``, ``ingest`` and ``sources`` with real HTTP: the sample newsroom on loopback."""

from __future__ import annotations

import json

import pytest

from pipeline.demo import Newsroom

FAILING = {"cable-courier", "wellen-ticker"}


@pytest.fixture(scope="module")
def newsroom():
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def here(empty, newsroom, tmp_path):
    """A command line whose sources are the newsroom's publishers."""
    newsroom.write_sources(tmp_path / "sources")
    own = {"SOURCES_DIR": str(tmp_path / "sources"), "ALLOW_PRIVATE": "true", "HOST_DELAY_S": "0"}
    empty.env |= {f"DEALWIRE_{name}": value for name, value in own.items()}
    return empty


def test_check_tells_good_feeds_from_bad(here):
    answer = here("sources", "check", "--format", "json")
    states = {row["source_id"]: row["state"] for row in json.loads(answer.out)}
    assert {name for name, state in states.items() if state != "ok"} == FAILING
    assert len(states) > len(FAILING)
    assert answer.status == 1
    assert f"{len(FAILING)} of {len(states)} feeds failed" in answer.err
    assert here("sources", "check", "stackwire").status == 0


def test_private_addresses_are_refused_unless_permitted(here):
    del here.env["DEALWIRE_ALLOW_PRIVATE"]
    answer = here("sources", "check", "stackwire", "--format", "json")
    assert json.loads(answer.out)[0]["state"] == "blocked_address"
    assert answer.status == 1


def test_a_source_added_from_its_front_page_is_listed(here, newsroom, tmp_path):
    url = next(source["homepage"] for source in newsroom.sources() if source["id"] == "stackwire")
    (tmp_path / "sources" / "stackwire.toml").unlink()
    answer = here("sources", "add", url, "--id", "again", "--tier", "2")
    assert answer.status == 0, answer.err
    assert (tmp_path / "sources" / "again.toml").is_file()
    rows = json.loads(here("sources", "list", "--format", "json").out)
    assert next(row["tier"] for row in rows if row["id"] == "again") == 2
    twice = here("sources", "add", url)
    assert twice.status == 2
    assert "'again' polls this feed already" in twice.err


def test_lists_go_out_and_come_back(here, tmp_path):
    (tmp_path / "all.opml").write_text(here("sources", "export").out, "utf-8")
    answer = here("sources", "import", str(tmp_path / "all.opml"), "--into", str(tmp_path / "copy"))
    assert answer.status == 0
    names = {path.name for path in (tmp_path / "sources").glob("*.toml")}
    assert {path.name for path in (tmp_path / "copy").glob("*.toml")} == names
    assert f"{len(names)} sources written, 0 feeds skipped" in answer.err


def test_a_broken_source_file_is_named_and_the_others_are_listed(here, tmp_path):
    (tmp_path / "sources" / "broken.toml").write_text("id = 3\n", "utf-8")
    answer = here("sources", "list", "--lang", "ja")
    assert answer.status == 1
    assert "broken.toml" in answer.err
    assert "minato-keizai" in answer.out


def test_run_then_ask(here):
    first = here("run", "--source", "stackwire", "--format", "json")
    assert first.status == 0, first.err
    counts = json.loads(first.out)["counts"]
    assert counts["feeds_ok"] == 1
    assert counts["articles_new"] > 5
    assert json.loads(here("timeline", "--format", "json").out)
    again = json.loads(here("run", "--source", "stackwire", "--format", "json").out)["counts"]
    assert again.get("articles_new", 0) == 0
    assert here("db", "check").status == 0


def test_run_of_dead_feeds_alone_is_status_1(here):
    answer = here("run", "--source", "cable-courier")
    assert answer.status == 1
    assert "410" in answer.err


def test_ingest_names_what_it_cannot_read_and_takes_the_rest(empty, tmp_path):
    (tmp_path / "note.txt").write_text("Meta will acquire Manus for $2 billion, the companies said.", "utf-8")
    answer = empty("ingest", str(tmp_path / "note.txt"), str(tmp_path / "absent.txt"))
    assert answer.status == 1
    assert "absent.txt" in answer.err
    assert [row["status"] for row in json.loads(empty("timeline", "--company", "meta", "--format", "json").out)] == [
        "announced"
    ]
    assert empty("ingest", str(tmp_path / "note.txt")).status == 0
    assert len(json.loads(empty("query", "FROM articles", "--format", "json").out)) == 1
