"""Knowledge files: the reader names what is wrong, and what is committed is consistent."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import pytest

from models import data_files
from models.data_files import DataFileError, language, languages, read_toml, table
from models.deals import linear
from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, PAIR_CLASSES, STATUSES
from models.normal import normalise

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KINDS = {
    *"automaker bank chip cloud consumer datacenter defense equipment exchange foundry fund government health".split(),
    *"industry internet lab media memory neocloud network other power regulator research robotics server".split(),
    *"services software sovereign sports telecom".split(),
}
CHIP_KINDS = {"accelerator", "cpu", "family", "gpu", "memory", "npu", "soc"}
UNLISTED_VENDORS = {"", "esperanto", "euclyd", "rain-ai", "sima-ai"}  # a standard; makers that no row has yet


def test_a_missing_or_broken_file_is_named(tmp_path, monkeypatch):
    with pytest.raises(DataFileError, match=r"models/data/no-such\.toml is missing"):
        read_toml("no-such.toml")
    (tmp_path / "models" / "data").mkdir(parents=True)
    (tmp_path / "models" / "data" / "broken.toml").write_text("a = = 1", "utf-8")
    monkeypatch.setattr(data_files, "files", lambda package: tmp_path / package)
    with pytest.raises(DataFileError, match=r"models/data/broken\.toml: .*line 1"):
        read_toml("broken.toml")


def test_a_missing_table_comes_from_another_language():
    assert table("xx", "text") == language("en")["text"]
    assert "deals" not in language("pt")
    assert table("pt", "deals") == language(language("pt").get("fallback", "en"))["deals"]
    with pytest.raises(DataFileError, match=r"lang/de\.toml: no table \[nothing\]"):
        table("de", "nothing")


@pytest.mark.parametrize("code", languages())
def test_a_language_has_all_tables_that_engines_ask_for(code):
    assert table(code, "text")["sentence_end"]
    deals = table(code, "deals")
    assert deals["functions"]["side"] in ("before", "after")
    assert {"and", "possessive"} <= deals["functions"].keys()
    english = language("en")["deals"]
    assert deals["cues"].keys() == english["cues"].keys()
    assert deals["status"].keys() == english["status"].keys()
    words = [word for part in ("cues", "status") for group in deals[part].values() for word in group]
    assert all(word.strip("* ") for word in words)
    money = language(code)["money"]
    assert {"scales", "currencies", "before", "after", "quantities"} <= money.keys()


def test_ids_of_companies_are_slugs_and_parents_exist():
    rows = read_toml("companies.toml")["company"]
    ids = [row["id"] for row in rows]
    assert len(ids) >= 900
    assert len(ids) == len(set(ids))
    assert [i for i in ids if not SLUG.fullmatch(i)] == []
    assert {row["kind"] for row in rows} <= KINDS
    parents = {row["id"]: row["parent"] for row in rows if row.get("parent")}
    assert set(parents.values()) <= set(ids)
    assert [i for i in parents if i in lineage(parents, i)] == [], "an organisation owns itself"


def lineage(parents, company):
    seen = []
    while (company := parents.get(company)) and company not in seen:
        seen.append(company)
    return seen


def test_an_alias_without_a_guard_has_one_owner():
    owners = defaultdict(set)
    for row in read_toml("companies.toml")["company"]:
        assert row["aliases"], row["id"]
        guarded = {normalise(guard["alias"]) for guard in row.get("guards", ())}
        for alias in (*row["aliases"], *row.get("nicknames", ())):
            assert alias == alias.strip() != "", row["id"]
            if normalise(alias) not in guarded:
                owners[normalise(alias)].add(row["id"])
    assert {alias: ids for alias, ids in owners.items() if len(ids) > 1} == {}


def test_chips_are_unique_and_their_makers_known():
    data = read_toml("chips.toml")
    ids = [row["id"] for row in data["chip"]]
    companies = {row["id"] for row in read_toml("companies.toml")["company"]}
    assert len(ids) >= 250
    assert len(ids) == len(set(ids))
    assert [i for i in ids if not SLUG.fullmatch(i)] == []
    assert {row["vendor"] for row in data["chip"]} - companies <= UNLISTED_VENDORS
    assert {row["vendor"] for row in data["pattern"]} <= companies
    assert {row["kind"] for row in data["chip"]} <= CHIP_KINDS
    assert {row["family"] for row in data["chip"]} - {""} <= set(ids)


def test_the_fitted_models_have_a_row_a_class():
    classes = {"pair": PAIR_CLASSES, "mention": MENTION_CLASSES, "status": STATUSES, "amount": AMOUNT_ROLES}
    path = data_files.files("models") / "data" / linear.MODEL_FILE
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        assert {key.split(".")[0] for key in archive.files} == classes.keys()
        for part, labels in classes.items():
            names = str(archive[f"{part}.names"]).split("\n")
            weights = archive[f"{part}.weights"]
            assert weights.shape == (len(labels), len(names) + 1), part  # and the bias
            assert len(set(names)) == len(names)
            assert np.isfinite(weights).all()


def test_deal_types_are_those_of_the_engine():
    assert {row["id"] for row in read_toml("deal_types.toml")["deal_type"]} == {kind for kind, _ in MENTION_CLASSES}
