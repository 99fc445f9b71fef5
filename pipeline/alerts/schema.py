"""What ``alerts.toml`` may say. ``extra = forbid``: a misspelt key is an error, not silence."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pipeline.nearest import nearest
from pipeline.sources.schema import WebAddress
from pipeline.vocabulary import (
    DAYS,
    STATUSES,
    ChipId,
    CompanyId,
    Day,
    MailAddress,
    ReadLanguage,
    TypeId,
    WrittenLanguage,
    Zone,
)

_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_TRANSITION = re.compile(r"\s*(\w+)\s*(?:->|→)\s*(\w+)\s*")
_FROM = ("any", "new", *STATUSES)
_TO = ("any", *STATUSES)


def _transition(value: str) -> str:
    found = _TRANSITION.fullmatch(value)
    form = "write it as 'in_talks -> announced'; any and new stand on the left too, any on the right"
    if found is None:
        raise PydanticCustomError("transition", "should be a change of status", {"hint": form})
    for status, names in zip(found.groups(), (_FROM, _TO), strict=True):
        if status not in names:
            near = nearest(status, names)
            hint = f"did you mean {near!r}?" if near else form
            raise PydanticCustomError("transition", "should be a change of status", {"hint": hint})
    return f"{found[1]} -> {found[2]}"


class QuietEntry(BaseModel):
    """``quiet``: local hours, and whole days, in which nothing goes out; what comes up then waits until they end."""

    model_config = ConfigDict(extra="forbid")

    start: time = Field(alias="from", default=time(0, 0))
    to: time = time(0, 0)
    zone: Zone
    days: list[Day] = []

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
    first_report_in: list[ReadLanguage] = []
    language: WrittenLanguage = "en"
    mail: list[MailAddress] = []
    webhooks: list[str] = []
    max_age_days: int | None = Field(None, ge=0)
    throttle_minutes: int = Field(0, ge=0, le=10_080)
    quiet: QuietEntry | None = None


class WebhookEntry(BaseModel):
    """One ``[webhook.<name>]``. Its key never stands in the file: ``secret_env`` names the variable that holds it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: WebAddress
    secret_env: str = Field("DEALWIRE_WEBHOOK_SECRET", pattern=r"^[A-Z_][A-Z0-9_]*$")
