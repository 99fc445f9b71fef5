"""What a ``[[subscription]]`` may say. ``extra = forbid``: a misspelt key is an error, not silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.digest.preferences import Filters, Preferences
from pipeline.mail.addresses import same
from pipeline.vocabulary import (
    DAYS,
    ChipId,
    CompanyId,
    Currency,
    Day,
    MailAddress,
    ReadLanguage,
    StatusName,
    TypeId,
    WrittenLanguage,
    Zone,
    with_members,
)

Cadence = Literal["daily", "weekdays", "weekly"]
CADENCES: tuple[str, ...] = get_args(Cadence)
Parts = Literal["both", "html", "text"]
QuietDays = Literal["line", "nothing"]


def _time(value: Any) -> time:
    """``"07:30"``, or TOML's own ``07:30:00``."""
    try:
        found = value if isinstance(value, time) else time.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo or found.second or found.microsecond:
        raise PydanticCustomError("time", "should be a time of day", {"hint": 'as in "07:30"; zone says where'})
    return found


class SubscriptionEntry(BaseModel):
    """One ``[[subscription]]``. Filters that are not empty must all be met; of a list, one is enough."""

    model_config = ConfigDict(extra="forbid", strict=True)

    address: MailAddress
    language: WrittenLanguage = "en"
    currency: Currency = "USD"
    cadence: Cadence = "daily"
    day: Day | None = None
    time: Annotated[Any, BeforeValidator(_time)] = time(7)
    zone: Zone = "UTC"
    format: Parts = "both"
    quiet_days: QuietDays = "line"
    companies: list[CompanyId] = []
    chips: list[ChipId] = []
    types: list[TypeId] = []
    statuses: list[StatusName] = []
    languages: list[ReadLanguage] = []
    min_usd: float = Field(0, ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _a_day_is_for_weekly_ones(self) -> SubscriptionEntry:
        if self.day and self.cadence != "weekly":
            raise PydanticCustomError(
                "day", "day is for weekly digests", {"hint": 'leave it out, or cadence = "weekly"'}
            )
        return self

    def subscription(self) -> Subscription:
        """The entry as the rest of the program uses it."""
        filters = Filters(
            frozenset(self.companies), with_members(self.chips), frozenset(self.types), frozenset(self.statuses),
            frozenset(self.languages), self.min_usd,
        )  # fmt: skip
        return Subscription(
            self.address, self.cadence, self.time, DAYS.index(self.day or "mon"), self.format, self.quiet_days,
            Preferences(self.language, self.currency, self.zone, filters),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subscription:
    """One digest for one address. ``at`` is local time in the zone of ``preferences``; ``weekday`` (0 is Monday)
    matters to weekly ones; ``quiet_days`` says whether a period without news brings one line or no message.
    """

    address: str
    cadence: Cadence = "daily"
    at: time = time(7)
    weekday: int = 0
    parts: Parts = "both"
    quiet_days: QuietDays = "line"
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def series(self) -> str:
        """What the outbox calls its letters; an address has one of each cadence."""
        return f"digest/{self.cadence}"

    @property
    def key(self) -> tuple[str, str]:
        """What no two subscriptions have in common."""
        return same(self.address), self.cadence
