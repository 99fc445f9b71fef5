"""Reference rows: from the data files to the tables, again and again."""

from __future__ import annotations

import duckdb
import pytest

from models.data_files import read_toml
from warehouse.migrate import migrate
from warehouse.reference import Company, chip_row, company_from, sync_reference
from warehouse.store import Store


@pytest.fixture
def store():
    con = duckdb.connect()
    migrate(con)
    return Store(con)


@pytest.mark.parametrize(
    ("row", "company"),
    [
        ({"id": "a", "name": "A"}, Company("a", "A")),
        (
            {"id": "aws", "name": "AWS", "kind": "cloud", "country": "US", "parent": "amazon", "aliases": ["AWS"]},
            Company("aws", "AWS", "cloud", "US", "amazon", ("AWS",)),
        ),
        (
            {"id": "a", "name": "A", "parent": "", "aliases": {"ja": ["エー"], "ko": ["에이"]}},
            Company("a", "A", aliases=("エー", "에이")),
        ),
    ],
)
def test_companies_are_read_from_their_rows(row, company):
    assert company_from(row) == company


def test_empty_fields_of_a_chip_are_null():
    row = {"id": "x-y", "name": "Y", "vendor": "", "generation": 2}
    assert chip_row(row) == {
        "chip_id": "x-y", "name": "Y", "vendor": None, "family": None, "generation": "2", "kind": None,
    }  # fmt: skip


def test_the_tables_follow_the_files(store):
    company = {"company_id": "a", "name": "A", "aliases": ["甲"]}
    assert sync_reference(store, {"companies": [company, {**company, "company_id": "b"}]}) == {"companies": 2}
    sync_reference(store, {"companies": [{**company, "name": "New name"}]})
    assert store.con.execute("SELECT company_id, name, aliases FROM companies").fetchall() == [
        ("a", "New name", ["甲"])
    ]


def test_chips_and_deal_types_of_the_data_files_load(store):
    chips = [chip_row(row) for row in read_toml("chips.toml")["chip"]]
    assert sync_reference(store, {"chips": chips}) == {"chips": len(chips)}
    assert len({row["chip_id"] for row in chips}) == len(chips)
