"""Publication times as feeds and pages write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.parse.dates import Moment, credible, parse_moment, url_day

CASES = [
    ("Wed, 17 Dec 2025 09:30:05 +0900", "JP", "2025-12-17T00:30:05", "second"),
    ("Wed, 17 Dec 25 09:30 EST", "US", "2025-12-17T14:30:00", "minute"),
    ("2025-12-17T09:30:05.123Z", "", "2025-12-17T09:30:05", "second"),
    ("20251217T093005Z", "", "2025-12-17T09:30:05", "second"),
    ("2025-12-17T09:30+0100", "", "2025-12-17T08:30:00", "minute"),
    ("2025-12-17T24:00:00Z", "", "2025-12-18T00:00:00", "second"),
    ("2025-12-17 09:30:05", "JP", "2025-12-17T00:30:05", "second"),
    ("2025-07-17 09:30", "DE", "2025-07-17T07:30:00", "minute"),
    ("2025-12-17", "JP", "2025-12-17T00:00:00", "day"),
    ("2025年12月17日 10時30分", "JP", "2025-12-17T01:30:00", "minute"),
    ("2025年12月17日(水) 午後3時20分", "JP", "2025-12-17T06:20:00", "minute"),
    ("令和7年12月17日", "JP", "2025-12-17T00:00:00", "day"),
    ("令和元年5月7日", "JP", "2019-05-07T00:00:00", "day"),
    ("2025年12月17日15:20", "CN", "2025-12-17T07:20:00", "minute"),
    ("民國114年12月17日", "TW", "2025-12-17T00:00:00", "day"),
    ("2025년 12월 17일 오후 3:20", "KR", "2025-12-17T06:20:00", "minute"),
    ("2025. 12. 17. 오전 12:05", "KR", "2025-12-16T15:05:00", "minute"),
    ("17. Dezember 2025, 10:15 Uhr", "DE", "2025-12-17T09:15:00", "minute"),
    ("17 décembre 2025 à 10h30", "FR", "2025-12-17T09:30:00", "minute"),
    ("17 de diciembre de 2025, 08:05", "ES", "2025-12-17T07:05:00", "minute"),
    ("17 декабря 2025, 12:40", "RU", "2025-12-17T09:40:00", "minute"),
    ("Dec 17, 2025 3:05 PM EST", "US", "2025-12-17T20:05:00", "minute"),
    ("Wed Dec 17 09:30:05 JST 2025", "", "2025-12-17T00:30:05", "second"),
    ("Thursday, December 4, 2025 - 10:00 CST", "CN", "2025-12-04T02:00:00", "minute"),
    ("Thursday, December 4, 2025 - 10:00 CST", "US", "2025-12-04T16:00:00", "minute"),
    ("03/04/2025", "US", "2025-03-04T00:00:00", "day"),
    ("03/04/2025", "GB", "2025-04-03T00:00:00", "day"),
]


@pytest.mark.parametrize(("raw", "country", "expected", "precision"), CASES)
def test_read(raw: str, country: str, expected: str, precision: str) -> None:
    moment = parse_moment(raw, country)
    assert moment is not None
    assert (moment.at, moment.precision) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), precision)


@pytest.mark.parametrize(
    "raw", ["", "soon", "0000-00-00", "2025-13-45", "1 Jan 30828 00:00:00", "99999999999", "32 Dec 2025", "9" * 10_000]
)
def test_no_date(raw: str) -> None:
    assert parse_moment(raw) is None


def test_an_assumed_zone_is_said() -> None:
    with_zone, without = parse_moment("2025-12-17 09:30 JST", "JP"), parse_moment("2025-12-17 09:30", "JP")
    assert with_zone is not None
    assert without is not None
    assert with_zone.at == without.at
    assert (with_zone.note, without.note) == ("", "no zone given: JP assumed")


def test_credible() -> None:
    now = datetime(2025, 12, 20, 12, tzinfo=UTC)
    assert credible(Moment(datetime(2025, 12, 21, 11, tzinfo=UTC), "second"), now) == ""
    assert "future" in credible(Moment(datetime(2025, 12, 21, 13, tzinfo=UTC), "second"), now)
    assert "1995" in credible(Moment(datetime(1970, 1, 1, tzinfo=UTC), "second"), now)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example/2025/12/17/deal", "2025-12-17"),
        ("https://news.example/news/20251217001", None),
        ("https://news.example/20251217/a", "2025-12-17"),
        ("https://news.example/a/2025/13/17", None),
        ("https://news.example/2025/02/31/x", None),
    ],
)
def test_day_of_an_address(url: str, day: str | None) -> None:
    found = url_day(url)
    assert (found.at.date().isoformat() if found else None) == day
