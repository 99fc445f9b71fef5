"""Publishers and articles as the TOML files state them, checked key by key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from models.facts import DealType, PartyRole, Status
from pipeline.errors import ConfigError
from pipeline.sources.schema import Kind

_T = TypeVar("_T", bound=BaseModel)
HERE = Path(__file__).parent


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ExpectedParty(_Strict):
    """A party of a deal as a reader of the article should find it."""

    id: str
    role: PartyRole


class ExpectedDeal(_Strict):
    """One deal that the article holds. ``thread`` names the transaction across articles, languages and months."""

    thread: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")
    type: DealType
    status: Status
    parties: list[ExpectedParty] = Field(min_length=2)
    amount: int | None = Field(default=None, gt=0)
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")

    @model_validator(mode="after")
    def _both_or_neither(self) -> ExpectedDeal:
        if (self.amount is None) != (self.currency is None):
            raise ValueError("amount and currency go together")
        return self


class Correction(_Strict):
    """What revision 2 of the newsroom serves at the article's address."""

    at: Moment
    note: str = Field(min_length=1)
    body: str = Field(min_length=1)
    deals: list[ExpectedDeal]


class ArticleFile(_Strict):
    """One ``articles/<publisher>/<slug>.toml``. ``path`` is relative to the publisher's prefix."""

    title: str = Field(min_length=1)
    lang: str
    published: Moment
    author: str
    section: str
    path: str = Field(pattern=r"^/[a-zA-Z0-9._/-]+$")
    deals: list[ExpectedDeal]
    body: str = ""
    syndicated_from: str | None = None
    credit: str | None = None
    corrected: Correction | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ArticleFile:
        if bool(self.body) == bool(self.syndicated_from):
            raise ValueError("an article has a body or syndicated_from, not both")
        if bool(self.syndicated_from) != bool(self.credit):
            raise ValueError("syndicated_from and credit go together")
        return self


class Publisher(_Strict):
    """One ``[[publisher]]``. ``fault`` makes a publisher of which only a failing feed is left."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    language: str
    country: str
    kind: Kind
    tier: int = Field(ge=1, le=4)
    poll_minutes: int = 30
    feed_format: Literal["rss", "atom"] = "rss"
    layout: Literal["broadsheet", "magazine"] = "broadsheet"
    charset: str = "utf-8"
    charset_in: Literal["header", "meta"] = "header"
    feed_charset: str = "utf-8"
    full_text: bool = False
    gzip_feed: bool = False
    moved_feed: bool = False
    disallow: list[str] = []
    fault: Literal["gone", "unavailable"] | None = None


class Article(_Strict):
    """An article as one revision of the newsroom serves it."""

    publisher: str
    slug: str
    title: str
    lang: str
    published: datetime
    modified: datetime
    author: str
    section: str
    path: str
    paragraphs: list[str]
    note: str | None
    credit: str | None
    deals: list[ExpectedDeal]

    @property
    def key(self) -> str:
        """``publisher/slug``, as ``syndicated_from`` names it."""
        return f"{self.publisher}/{self.slug}"

    @property
    def guid(self) -> str:
        """The same at every start, whatever the port."""
        return f"tag:{self.publisher}.example,{self.published:%Y}:{self.slug}"


def load_publishers(path: Path = HERE / "publishers.toml") -> list[Publisher]:
    """Every publisher, the failing ones included. Raises ConfigError naming the file and key."""
    rows = _toml(path).get("publisher", [])
    return [_checked(Publisher, row, f"{path.name}, publisher {number}") for number, row in enumerate(rows, 1)]


def load_articles(revision: int = 1, folder: Path = HERE / "articles") -> list[Article]:
    """All articles, newest first, as ``revision`` (1 or 2) shows them. Raises ConfigError naming the file and key."""
    files = {
        f"{path.parent.name}/{path.stem}": _checked(ArticleFile, _toml(path), f"{path.parent.name}/{path.name}")
        for path in sorted(folder.glob("*/*.toml"))
    }
    articles = [_article(key, file, files, revision) for key, file in files.items()]
    return sorted(articles, key=lambda article: (article.published, article.key), reverse=True)


@cache
def load_chrome(path: Path = HERE / "chrome.toml") -> dict[str, dict[str, Any]]:
    """Words that pages show around their articles, by language."""
    return _toml(path)


def _article(key: str, file: ArticleFile, files: dict[str, ArticleFile], revision: int) -> Article:
    publisher, slug = key.split("/")
    origin = file
    if file.syndicated_from:
        found = files.get(file.syndicated_from)
        if found is None or found.syndicated_from:
            raise ConfigError(f"{key}: syndicated_from names no original article: {file.syndicated_from}")
        origin = found
    correction = file.corrected if revision >= 2 else None
    return Article(
        publisher=publisher,
        slug=slug,
        paragraphs=_paragraphs(correction.body if correction else origin.body),
        modified=correction.at if correction else file.published,
        note=correction.note if correction else None,
        deals=correction.deals if correction else file.deals,
        **file.model_dump(include={"title", "lang", "published", "author", "section", "path", "credit"}),
    )


def _paragraphs(body: str) -> list[str]:
    return [paragraph.strip() for paragraph in body.split("\n\n") if paragraph.strip()]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error


def _checked(model: type[_T], data: dict[str, Any], where: str) -> _T:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{where}: {'; '.join(_reasons(error))}") from error


def _reasons(error: ValidationError) -> Iterable[str]:
    for item in error.errors():
        yield f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}"
