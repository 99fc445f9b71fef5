"""The rules of grouping are whole."""

from __future__ import annotations

from pipeline.group import load_rules


def test_related_families_exist_and_slugs_differ():
    rules = load_rules()
    families = {rule.family for rule in rules.types.values()}
    assert all(rule.related <= families for rule in rules.types.values())
    assert len({rule.slug for rule in rules.types.values()}) == len(rules.types)


def test_every_move_between_two_statuses_is_told():
    rules = load_rules()
    assert set(rules.transitions) == {(a, b) for a in rules.ranks for b in rules.ranks if a != b}
