"""Publication times: any way a feed or page writes one, to UTC with the precision it was given in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.records import DatePrecision

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LEAD = timedelta(days=1)
_MAX = 200

_TIME = r"(?P<h>\d{1,2})(?:[:時시点點h.]|Uhr)\s*(?P<mi>\d{2})?(?:[:分분](?P<s>\d{2}))?(?:[.,]\d+)?"
_CLOCK = re.compile(r"(?<![\d.])" + _TIME + r"(?!\d*\.\d{4})", re.I)
_ZONE = re.compile(r"(?P<sign>[+\-−])(?P<zh>\d{2}):?(?P<zm>\d{2})?\b|\b(?P<name>[A-Z]{1,5})\b")
_ISO = re.compile(r"(?P<y>[12]\d{3})-?(?P<m>\d{2})-?(?P<d>\d{2})(?=$|[T\s])")
_CJK = re.compile(r"(?P<era>\D{2})?(?P<y>\d{1,5}|元)\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일号]?")
_NUMERIC = re.compile(r"(?<!\d)(?P<y>[12]\d{3})\s*[./\-]\s*(?P<m>\d{1,2})\s*[./\-]\s*(?P<d>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})[./\-](?P<m>\d{1,2})[./\-](?P<y>[12]\d{3})(?!\d)")
_WORDED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-]+(?:de\s+)?"
    r"(?P<w>[^\W\d_]{3,})\.?,?[\s\-]+(?:de\s+|del\s+)?(?P<y>\d{4,5}|\d{2})\b",
    re.I,
)
# The clock may stand before the year: "Wed Dec 17 09:30:05 JST 2025".
_MONTH_FIRST = re.compile(
    r"(?P<w>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?:(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)\s+(?P<zone>[A-Z]{2,4}\s+)?)?(?P<y>\d{4})\b",
    re.I,
)
_IN_URL = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d|199[5-9])[/\-_]?(?P<m>0[1-9]|1[0-2])[/\-_]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC. Where only the day is known, it is that day's midnight, as the publisher named the day."""

    at: datetime
    precision: DatePrecision
    note: str = ""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline.parse") / "data" / "dates.toml").read_text("utf-8"))


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for names in _data()["months"].values():
        for number, forms in enumerate(names, start=1):
            found.update(dict.fromkeys(forms.split(), number))
    return found


def parse_moment(raw: str, country: str = "") -> Moment | None:
    """Read a date or time; None where there is none. ``country`` (ISO 3166) supplies the clock where no zone is given.

    Reads ISO 8601, RFC 822, asctime, dotted, slashed and worded dates of ten languages, and Chinese, Japanese (eras
    too) and Korean ones with their half-days. A day first is assumed in ``03/04/2025`` unless the country is the US.
    """
    text = " ".join(raw[:_MAX].split())
    day = _day(text, country)
    if day is None:
        return None
    (year, month, date), rest, clock = day
    hour, minute, second, precision = _time(clock or rest)
    try:
        at = datetime(year, month, date, tzinfo=UTC)
        if precision == "day":
            return Moment(at, "day")
        if hour == 24 and minute == 0:
            hour, at = 0, at + timedelta(days=1)
        zone = _zone(rest, country)
        local = at.replace(hour=hour, minute=minute, second=min(second, 59), tzinfo=zone or _clock_of(country))
        note = "" if zone else f"no zone given: {country or 'UTC'} assumed"
        return Moment(local.astimezone(UTC), precision, note)
    except (ValueError, OverflowError):
        return None


def credible(moment: Moment, now: datetime) -> str:
    """Why a publication time cannot be true; empty where it can."""
    if moment.at > now + LEAD:
        return f"published time {moment.at:%Y-%m-%d %H:%M} lies in the future; ignored"
    if moment.at < EARLIEST:
        return f"published time {moment.at.isoformat()[:10]} lies before 1995; ignored"
    return ""


def url_day(url: str) -> Moment | None:
    """The day that an address spells, as in ``/2025/12/17/``."""
    match = _IN_URL.search(url)
    if not match:
        return None
    try:
        return Moment(datetime(int(match["y"]), int(match["m"]), int(match["d"]), tzinfo=UTC), "day")
    except ValueError:
        return None


_Found = tuple[tuple[int, int, int], str, str]


def _day(text: str, country: str) -> _Found | None:
    match = _CJK.search(text)
    if match:
        base = _data()["eras"].get(match["era"] or "", 0)
        year = 1 if match["y"] == "元" else int(match["y"])
        return (base + year, int(match["m"]), int(match["d"])), _without(text, match), ""
    for pattern in (_ISO, _NUMERIC, _DAY_FIRST):
        match = pattern.search(text)
        if match:
            month, date = int(match["m"]), int(match["d"])
            if pattern is _DAY_FIRST and ((country == "US" and month <= 31 and date <= 12) or month > 12):
                month, date = date, month
            return (int(match["y"]), month, date), _without(text, match), ""
    candidates = [*_WORDED.finditer(text), *_MONTH_FIRST.finditer(text)]
    match = next((found for found in candidates if found["w"].lower() in _months()), None)
    if match is None:
        return None
    month_number = _months()[match["w"].lower()]
    year = int(match["y"])
    if year < 100:
        year += 2000 if year < 70 else 1900
    groups = match.groupdict()
    rest = f"{_without(text, match)} {groups.get('zone') or ''}"
    return (year, month_number, int(match["d"])), rest, groups.get("clock") or ""


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " + text[match.end() :].lstrip("T")


def _time(text: str) -> tuple[int, int, int, DatePrecision]:
    match = _CLOCK.search(text)
    if not match:
        match = re.match(r"\s*(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?(?=$|Z|[+\-])", text)
    if not match:
        return 0, 0, 0, "day"
    hour, minute = int(match["h"]), int(match["mi"] or 0)
    lowered = text.lower()
    halves = _data()["half_days"]
    if hour < 12 and any(_has(lowered, word) for word in halves["evening"]):
        hour += 12
    elif hour == 12 and any(_has(lowered, word) for word in halves["morning"]):
        hour = 0
    return hour, minute, int(match["s"] or 0), "second" if match["s"] else "minute"


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None


def _zone(text: str, country: str) -> tzinfo | None:
    tables = _data()
    local: dict[str, int] = tables["zones_in"].get(country, {})
    for match in _ZONE.finditer(text):
        if match["sign"]:
            minutes = int(match["zh"]) * 60 + int(match["zm"] or 0)
            return (
                timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes)) if minutes < 1440 else None
            )
        offset = local.get(match["name"], tables["zones"].get(match["name"]))
        if offset is not None:
            return timezone(timedelta(minutes=offset))
    return UTC if re.search(r"\d(?:\.\d+)?Z\b", text) else None


def _clock_of(country: str) -> tzinfo:
    name = _data()["clocks"].get(country.upper())
    try:
        return ZoneInfo(name) if name else UTC
    except ZoneInfoNotFoundError:
        return UTC
