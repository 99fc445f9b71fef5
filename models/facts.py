"""Every type that extraction produces: text in, these out.

Offsets are Unicode code points in :attr:`Document.content`, end exclusive. Money is in plain units of its currency.
The shape of :meth:`Reading.to_json` is the contract of ``dealwire extract`` (see the README).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from models.money import Quantity

EntityType = Literal["org", "person", "product", "place"]
Qualifier = Literal["exact", "about", "over", "under", "up_to", "range"]
AmountRole = Literal[
    "investment", "contract", "acquisition", "valuation", "debt", "capex", "revenue", "conversion", "other"
]
DealType = Literal[
    "equity_investment",
    "acquisition",
    "compute_contract",
    "chip_supply",
    "infrastructure",
    "debt_financing",
    "public_offering",
    "partnership",
]
Status = Literal["in_talks", "announced", "completed", "ended"]
PartyRole = Literal[
    "investor",
    "investee",
    "acquirer",
    "target",
    "provider",
    "customer",
    "lender",
    "borrower",
    "partner",
    "issuer",
]
Attribution = Literal["official", "named", "anonymous", "other_outlet", "unattributed"]


@dataclass(frozen=True, slots=True)
class Document:
    """One text to read. ``lang`` is an ISO 639-1 code if the caller knows it; ``published`` an ISO 8601 day or time."""

    id: str
    text: str
    title: str = ""
    lang: str | None = None
    published: str | None = None
    url: str | None = None

    @property
    def content(self) -> str:
        """What offsets count in: title, a newline, text; the text alone where there is no title."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention of an organisation, person, product or place. ``id`` starts with ``~`` where no row knows the name."""

    text: str
    start: int
    end: int
    type: EntityType
    id: str | None


@dataclass(frozen=True, slots=True)
class ChipMention:
    """A mention of a chip family; ``units`` is the count of chips that the text gives beside it."""

    text: str
    start: int
    end: int
    id: str
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A mention of money. ``value`` is None for a vague sum ("tens of billions"); ``value_max`` only for a range.

    ``converted_from`` is the span of the sum that a bracketed conversion restates.
    """

    text: str
    start: int
    end: int
    value: float | None
    currency: str | None
    qualifier: Qualifier = "exact"
    value_max: float | None = None
    role: AmountRole = "other"
    converted_from: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A company in a deal, under its canonical or provisional id."""

    id: str
    role: PartyRole


@dataclass(frozen=True, slots=True)
class DealAmount:
    """The deal's own headline sum, in the currency of the report."""

    value: float
    currency: str
    qualifier: Qualifier = "exact"


@dataclass(frozen=True, slots=True)
class Compute:
    """Capacity that a deal is about, where stated: power in gigawatts, chips in units."""

    gigawatts: float | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in the document's content."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One transaction as one document states it: a claim, with the span that says so."""

    type: DealType
    status: Status
    parties: tuple[Party, ...]
    amount: DealAmount | None
    chips: tuple[str, ...]
    compute: Compute | None
    evidence: Span
    confidence: float
    occurred_on: str | None = None
    attribution: Attribution = "unattributed"
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document says. ``error`` is set, and all else empty, where it could not be read."""

    id: str
    lang: str | None
    relevant: bool = False
    entities: tuple[Entity, ...] = ()
    chips: tuple[ChipMention, ...] = ()
    amounts: tuple[Amount, ...] = ()
    deals: tuple[Deal, ...] = ()
    model: str = ""
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the extraction contract; whole numbers are written as integers."""
        if self.error is not None:
            return {"id": self.id, "error": self.error}
        row = asdict(self)
        del row["error"]
        return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclass(slots=True)
class Findings:
    """Mutable workspace that the components of one document's reading fill in turn."""

    entities: list[Entity] = field(default_factory=list)
    chips: list[ChipMention] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
