"""What ``alerts.toml`` may say. ``extra = forbid``: a misspelt key is an error, not silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Annotated, Any, Literal, LiteralString, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from models.facts import Status
from pipeline.digest import languages
from pipeline.explain import nearest
from pipeline.mail.addresses import is_address
from pipeline.sources.schema import UNKNOWN_LANGUAGE, WebAddress, known_languages
from warehouse.reference import read_reference

STATUSES: tuple[str, ...] = get_args(Status)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_TRANSITION = re.compile(r"\s*(\w+)\s*(?:->|→)\s*(\w+)\s*")
_FROM = ("any", "new", *STATUSES)
_TO = ("any", *STATUSES)


def _wrong(what: LiteralString, value: str, names: tuple[str, ...] | list[str], hint: str) -> PydanticCustomError:
    near = nearest(value, names)
    return PydanticCustomError("name", what, {"hint": f"did you mean {near!r}?" if near else hint})


def _zone(value: str) -> str:
    zones = available_timezones()
    if value not in zones:
        raise _wrong(
            "should be a time zone", value, sorted(zones), "as IANA names them: Asia/Tokyo, Europe/Berlin, UTC"
        )
    return value


def _written_language(value: str) -> str:
    if value not in languages():
        raise _wrong("should be a language that alerts are written in", value, [], f"one of: {', '.join(languages())}")
    return value


def _read_language(value: str) -> str:
    if value not in known_languages() - {UNKNOWN_LANGUAGE}:
        raise _wrong("should be the code of a language", value, [], "two letters of ISO 639: en, ja, zh …")
    return value


def _transition(value: str) -> str:
    found = _TRANSITION.fullmatch(value)
    form = "write it as 'in_talks -> announced'; any and new stand on the left too, any on the right"
    if found is None:
        raise PydanticCustomError("transition", "should be a change of status", {"hint": form})
    for status, names in zip(found.groups(), (_FROM, _TO), strict=True):
        if status not in names:
            raise _wrong("should be a change of status", status, names, form)
    return f"{found[1]} -> {found[2]}"


def _mail_address(value: str) -> str:
    if not is_address(value):
        raise PydanticCustomError("mail_address", "should be a mail address", {"hint": "as in desk@example.org"})
    return value


@cache
def known(table: str) -> Mapping[str, Mapping[str, Any]]:
    """The rows of ``companies``, ``chips`` or ``deal_types`` by their id."""
    key = {"companies": "company_id", "chips": "chip_id", "deal_types": "type"}[table]
    return {row[key]: row for row in read_reference()[table]}


def _id_of(table: str, what: LiteralString) -> AfterValidator:
    def check(value: str) -> str:
        if value in known(table) or (table == "companies" and value.startswith("~")):  # a name that no row knows yet
            return value
        near = nearest(value.lower().replace(" ", "-"), known(table))
        hint = f"did you mean {near!r}?" if near else "dealwire timeline --format csv shows the ids in use"
        raise PydanticCustomError("id", what, {"hint": hint})

    return AfterValidator(check)


CompanyId = Annotated[str, _id_of("companies", "should be the id of a company")]
ChipId = Annotated[str, _id_of("chips", "should be the id of a chip")]
TypeId = Annotated[str, _id_of("deal_types", "should be a type of deal")]


class QuietEntry(BaseModel):
    """``quiet``: local hours, and whole days, in which nothing goes out; what comes up then waits until they end."""

    model_config = ConfigDict(extra="forbid")

    start: time = Field(alias="from", default=time(0, 0))
    to: time = time(0, 0)
    zone: Annotated[str, AfterValidator(_zone)]
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = []

    @model_validator(mode="after")
    def _some_time_is_quiet_and_some_is_not(self) -> QuietEntry:
        if self.start == self.to and not self.days:
            raise PydanticCustomError(
                "quiet", "names no quiet time", {"hint": 'add from and to, or days = ["sat", "sun"]'}
            )
        if set(self.days) == set(DAYS):
            raise PydanticCustomError("quiet", "leaves no day to send on", {"hint": "leave a day out of days"})
        return self


class RuleEntry(BaseModel):
    """One ``[[rule]]``. All that it names must hold; of a list, one is enough."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(pattern=_NAME, max_length=60)
    companies: list[CompanyId] = []
    pairs: list[Annotated[list[CompanyId], Field(min_length=2, max_length=2)]] = []
    chips: list[ChipId] = []
    types: list[TypeId] = []
    min_usd: float = Field(0, ge=0)
    transitions: list[Annotated[str, AfterValidator(_transition)]] = []
    revised_sums: bool = False
    disputes: bool = False
    first_report_in: list[Annotated[str, AfterValidator(_read_language)]] = []
    language: Annotated[str, AfterValidator(_written_language)] = "en"
    mail: list[Annotated[str, AfterValidator(_mail_address)]] = []
    webhooks: list[str] = []
    throttle_minutes: int = Field(0, ge=0, le=10_080)
    quiet: QuietEntry | None = None


class WebhookEntry(BaseModel):
    """One ``[webhook.<name>]``. Its key never stands in the file: ``secret_env`` names the variable that holds it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: WebAddress
    secret_env: str = Field("DEALWIRE_WEBHOOK_SECRET", pattern=r"^[A-Z_][A-Z0-9_]*$")
