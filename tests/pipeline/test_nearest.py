"""Hints for mistyped names."""

from __future__ import annotations

from pipeline.nearest import nearest, nearest_names


def test_the_nearest_name_or_none():
    assert nearest("opnai", ["openai", "oracle"]) == "openai"
    assert nearest("zzz", ["openai"]) is None


def test_some_names_best_first():
    known = ["oracle", "openai", "soft-machines", "softbank"]
    assert nearest_names("sofbank", known)[0] == "softbank"
    assert len(nearest_names("soft", known, limit=1)) == 1
    assert nearest_names("zzz", known) == []
