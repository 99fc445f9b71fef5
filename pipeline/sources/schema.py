"""What a source file may say. ``extra = forbid``: a misspelt key is an error, not silence."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Kind = Literal["wire", "daily", "trade", "newsroom", "regulator", "blog", "aggregator"]
KINDS: tuple[str, ...] = get_args(Kind)
UNKNOWN_LANGUAGE = "und"
UNKNOWN_COUNTRY = "ZZ"


@cache
def known_languages() -> frozenset[str]:
    """Two- and three-letter codes that CLDR names in English, and ``und``."""
    codes = map(str, Locale("en").languages)
    return frozenset({code for code in codes if "_" not in code} | {UNKNOWN_LANGUAGE})


@cache
def known_countries() -> frozenset[str]:
    """Two-letter codes that CLDR names in English, with EU and ZZ (unknown)."""
    codes = map(str, Locale("en").territories)
    return frozenset({code for code in codes if len(code) == 2} | {UNKNOWN_COUNTRY})


def _language(value: str) -> str:
    if value not in known_languages():
        near = value.lower().replace("_", "-").split("-")[0]
        hint = f"did you mean '{near}'?" if near in known_languages() else "two letters of ISO 639: en, ja, zh …"
        raise PydanticCustomError("language", "should be the code of a language", {"hint": hint})
    return value


def _country(value: str) -> str:
    if value not in known_countries():
        near = {"UK": "GB"}.get(value.upper(), value.upper())
        hint = f"did you mean '{near}'?" if near in known_countries() else "two letters of ISO 3166: US, JP, EU …"
        raise PydanticCustomError("country", "should be the code of a country", {"hint": hint})
    return value


def is_web_address(value: str) -> bool:
    """Whether ``value`` is a whole http(s) address."""
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in value)
    except ValueError:
        return False


def _web_address(value: str) -> str:
    if not is_web_address(value):
        hint = "a whole address, https://…"
        raise PydanticCustomError("web_address", "should be a web address", {"hint": hint})
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]


class FeedEntry(BaseModel):
    """One ``[[feed]]``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: WebAddress
    full_text: bool = False


class SourceFile(BaseModel):
    """One ``<id>.toml``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    name: str = Field(min_length=1)
    homepage: WebAddress
    country: Annotated[str, AfterValidator(_country)]
    language: Annotated[str, AfterValidator(_language)]
    kind: Kind
    tier: int = Field(ge=1, le=4)
    poll_minutes: int = Field(ge=5, le=10_080)
    feed: list[FeedEntry] = Field(min_length=1)
