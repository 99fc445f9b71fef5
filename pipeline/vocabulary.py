"""Words that users write into files of their own, such as ``subscriptions.toml``, checked; a wrong one is answered with
the nearest that is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, LiteralString, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from models.facts import Status
from pipeline.mail.addresses import is_address
from pipeline.nearest import nearest
from pipeline.sources.schema import UNKNOWN_LANGUAGE, known_languages
from warehouse.reference import read_reference

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[str, ...] = get_args(Day)
STATUSES: tuple[str, ...] = get_args(Status)
_ID = {"companies": "company_id", "chips": "chip_id", "deal_types": "type"}


@cache
def known(table: str) -> Mapping[str, Mapping[str, Any]]:
    """The rows of ``companies``, ``chips`` or ``deal_types`` by their id."""
    return {row[_ID[table]]: row for row in read_reference()[table]}


def with_members(chips: Iterable[str]) -> frozenset[str]:
    """The chips and, of each that is a family, all its members down to the last."""
    found = set(chips)
    while True:
        members = {chip for chip, row in known("chips").items() if row["family"] in found} - found
        if not members:
            return frozenset(found)
        found |= members


def _refused(what: LiteralString, near: str | None, hint: str) -> PydanticCustomError:
    return PydanticCustomError("word", what, {"hint": f"did you mean {near!r}?" if near else hint})


def _one_of(names: Callable[[], Iterable[str]], what: LiteralString, hint: str = "") -> AfterValidator:
    def check(value: str) -> str:
        found = list(names())
        if value not in found:
            raise _refused(what, None if hint else nearest(value, found), hint or f"one of: {', '.join(found)}")
        return value

    return AfterValidator(check)


def _id_of(table: str, what: LiteralString) -> AfterValidator:
    """An id of the ledger; a row's name is as good, in any spelling of case."""

    def check(value: str) -> str:
        rows = known(table)
        if value in rows or (table == "companies" and value.startswith("~")):  # a name that no row knows yet
            return value
        ids = {row["name"].casefold(): name for name, row in rows.items()} | {name: name for name in rows}
        if (wanted := value.casefold()) in ids:
            return ids[wanted]
        near = nearest(wanted, ids)
        raise _refused(what, ids[near] if near else None, "dealwire timeline --format csv shows the ids in use")

    return AfterValidator(check)


def _zone(value: str) -> str:
    zones = available_timezones()
    if value not in zones:
        cities = {zone.rpartition("/")[2]: zone for zone in sorted(zones, reverse=True)}  # "Tokyo" is what people write
        city = nearest(value.rpartition("/")[2].replace(" ", "_"), cities)
        near = cities[city] if city and "/" not in value else nearest(value, sorted(zones))
        raise _refused("should be a time zone", near, "as IANA names them: Asia/Tokyo, Europe/Berlin, UTC")
    return value


def _currency(value: str) -> str:
    from pipeline.rates import usd_rate

    code = value.upper()
    if usd_rate(code, datetime.now(UTC).date()) is None:
        raise _refused("should be a currency with a known rate", None, "three letters of ISO 4217: USD, EUR, JPY …")
    return code


def _address(value: str) -> str:
    if not is_address(value):
        raise _refused("should be a mail address", None, "without a name before it, as in ann@example.org")
    return value


def _written() -> list[str]:
    from pipeline.digest import languages

    return languages()


CompanyId = Annotated[str, _id_of("companies", "should be the id of a company")]
ChipId = Annotated[str, _id_of("chips", "should be the id of a chip")]
TypeId = Annotated[str, _id_of("deal_types", "should be a type of deal")]
StatusName = Annotated[str, _one_of(lambda: STATUSES, "should be a status")]
WrittenLanguage = Annotated[str, _one_of(_written, "should be a language that we write")]
ReadLanguage = Annotated[
    str,
    _one_of(
        lambda: sorted(known_languages() - {UNKNOWN_LANGUAGE}),
        "should be the code of a language",
        "two letters of ISO 639: en, ja, zh …",
    ),
]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]
MailAddress = Annotated[str, AfterValidator(_address)]
