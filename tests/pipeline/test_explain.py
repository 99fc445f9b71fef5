"""Errors of a TOML file name the key as people count, and what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.explain import explained, key_at, parsed_toml


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    url: str
    often: int = 1
    kind: Literal["daily", "weekly"] = "daily"


class File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    item: list[Item]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({}, "a.toml: item[2].url: missing (add the key)"),
        ({"url": "x", "oftn": 2}, "a.toml: item[2].oftn: unknown key (did you mean 'often'?)"),
        ({"url": "x", "zzzz": 2}, "a.toml: item[2].zzzz: unknown key (known keys: url, often, kind)"),
        ({"url": "x", "kind": "weakly"}, "did you mean 'weekly'?"),
        ({"url": 7}, "should be a valid string, not 7 (write text in quotes)"),
    ],
)
def test_what_is_told(item, told):
    with pytest.raises(ValidationError) as caught:
        File.model_validate({"item": [{"url": "good"}, item]})
    (detail,) = caught.value.errors()
    assert told in str(explained(Path("a.toml"), detail, Item.model_fields))


def test_advice_replaces_the_hint():
    with pytest.raises(ValidationError) as caught:
        File.model_validate({"item": "none"})
    assert str(explained(Path("a.toml"), caught.value.errors()[0], (), "write [[item]]")).endswith("(write [[item]])")


def test_keys_are_counted_from_one():
    assert key_at(("feed", 1, "url")) == "feed[2].url"
    assert key_at(()) == ""


@pytest.mark.parametrize("text", ["a = " + "[" * 2_000, "a = " + "{ b = " * 2_000, "a = " + "9" * 5_000, "a = [1"])
def test_toml_that_breaks_its_reader_is_no_toml(text):
    with pytest.raises(tomllib.TOMLDecodeError, match=r"."):
        parsed_toml(text)


def test_toml_is_read():
    assert parsed_toml("a = [[1]]") == {"a": [[1]]}
