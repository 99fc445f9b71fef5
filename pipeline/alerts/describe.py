"""A rule in one line, for people who look after many."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.alerts.rules import Rule
from pipeline.vocabulary import DAYS


def described(rule: Rule) -> str:
    """What must hold and what must happen, and when the rule keeps quiet."""
    parts = [
        _listed("company", rule.companies),
        _listed("pair", (" + ".join(sorted(pair)) for pair in rule.pairs)),
        _listed("chip", rule.chips),
        _listed("type", rule.types),
        f"$ {rule.min_usd:,.0f} or more" if rule.min_usd else "",
        _happening(rule),
        f"not older than {rule.max_age.days} days" if rule.max_age is not None else "",
        f"at most every {rule.throttle.total_seconds() / 60:.0f} min" if rule.throttle else "",
        _quiet(rule),
    ]
    return "; ".join(filter(None, parts))


def _listed(noun: str, names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - 5} more" if len(ordered) > 5 else ""
    return f"{noun} {', '.join(ordered[:5])}{more}" if ordered else ""


def _happening(rule: Rule) -> str:
    told = [f"{before} -> {after}" for before, after in sorted(rule.transitions)]
    told += ["revised sums"] * rule.revised_sums + ["disputes"] * rule.disputes
    told += [f"first report in {code}" for code in sorted(rule.first_report_in)]
    return ", ".join(told) or "all news"


def _quiet(rule: Rule) -> str:
    if rule.quiet is None:
        return ""
    parts = [DAYS[number] for number in sorted(rule.quiet.days)]
    if rule.quiet.start != rule.quiet.end:
        parts.append(f"{rule.quiet.start:%H:%M}-{rule.quiet.end:%H:%M}")
    return f"quiet {' '.join(parts)} {rule.quiet.zone.key}"
