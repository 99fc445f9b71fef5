"""Whether a rule tells of an event. Pure."""

from __future__ import annotations

from pipeline.alerts.events import Event
from pipeline.alerts.rules import Rule

_NEWS = ("new", "status", "reopened", "amount")
_DISPUTES = ("conflict", "contested")


def matches(rule: Rule, event: Event) -> bool:
    """All that the rule names must hold. A deal without a known sum in dollars is below any minimum."""
    parties, chips = set(event.party_ids), set(event.chips)
    return (
        (not rule.companies or not rule.companies.isdisjoint(parties))
        and (not rule.pairs or any(pair <= parties for pair in rule.pairs))
        and (not rule.chips or not rule.chips.isdisjoint(chips))
        and (not rule.types or event.type in rule.types)
        and (rule.min_usd <= 0 or (event.usd or 0) >= rule.min_usd)
        and (rule.max_age is None or event.recorded_at.date() - event.on <= rule.max_age)
        and _happened(rule, event)
    )


def _happened(rule: Rule, event: Event) -> bool:
    """A rule that says nothing of what must happen tells all news: new deals, changes of status, revised sums."""
    if not (rule.transitions or rule.revised_sums or rule.disputes or rule.first_report_in):
        return event.kind in _NEWS
    if event.kind == "first_report":
        return event.lang in rule.first_report_in
    if event.kind in _DISPUTES:
        return rule.disputes
    if event.kind == "amount":
        return rule.revised_sums
    before = event.previous_status or "new"
    return any(old in ("any", before) and new in ("any", event.status) for old, new in rule.transitions)
