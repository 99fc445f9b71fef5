"""When a message may go out: after the throttle of its rule, and outside its quiet hours. Pure; moments are UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from pipeline.alerts.rules import Quiet, Rule

_MIDNIGHT = time(0, 0)


def release_at(rule: Rule, moment: datetime, last: datetime | None) -> datetime:
    """The earliest moment, from ``moment`` on, at which the rule may send; ``last`` is when it last did."""
    if last is not None:
        moment = max(moment, last + rule.throttle)
    return end_of_quiet(rule.quiet, moment) if rule.quiet else moment


def end_of_quiet(quiet: Quiet, moment: datetime) -> datetime:
    """``moment`` itself where it is not quiet, else the end of the quiet time that it falls into.

    The clock on the wall decides. An hour that a change of the clocks repeats is quiet both times; a quiet time that
    ends within a skipped hour ends when that hour would have: 02:30 is then 03:30.
    """
    for _ in range(2 * 7 + 1):  # a week of quiet days, each with its hours
        ends = _ends(quiet, moment)
        if ends is None:
            return moment
        moment = ends
    raise AssertionError("a quiet time has a gap: the schema leaves a day to send on")


def _ends(quiet: Quiet, moment: datetime) -> datetime | None:
    local = moment.astimezone(quiet.zone)
    if local.weekday() in quiet.days:
        return _utc(quiet, local, _MIDNIGHT, days=1)
    now = local.time()
    if quiet.start < quiet.end:
        return _utc(quiet, local, quiet.end) if quiet.start <= now < quiet.end else None
    if quiet.start == quiet.end:  # whole days only
        return None
    if now >= quiet.start:
        return _utc(quiet, local, quiet.end, days=1)
    return _utc(quiet, local, quiet.end) if now < quiet.end else None


def _utc(quiet: Quiet, local: datetime, at: time, days: int = 0) -> datetime:
    """A clock time of that day or a later one; the second of two, where the clocks are put back."""
    day = local.date() + timedelta(days=days)
    later = datetime.combine(day, at, quiet.zone).replace(fold=1).astimezone(UTC)
    earlier = datetime.combine(day, at, quiet.zone).astimezone(UTC)
    return max(later, earlier)
