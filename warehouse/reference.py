"""Reference rows: ``models/data/*.toml`` is where they are kept, the ledger holds a copy to join with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from models.data_files import read_toml
from warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Company:
    """A known company, public body or fund; ``parent_id`` owns it."""

    company_id: str
    name: str
    kind: str = ""
    country: str = ""
    parent_id: str | None = None
    aliases: tuple[str, ...] = ()


def read_companies() -> dict[str, Company]:
    """The rows of ``models/data/companies.toml`` by id."""
    return {row["id"]: _company(row) for row in read_toml("companies.toml")["company"]}


def _company(row: Mapping[str, Any]) -> Company:
    return Company(
        row["id"], row["name"], row.get("kind", ""), row.get("country", ""), row.get("parent") or None, _aliases(row)
    )


def _aliases(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Aliases may be a list, or lists by language or script."""
    found = row.get("aliases", [])
    if isinstance(found, Mapping):
        found = [alias for names in found.values() for alias in names]
    return tuple(alias for alias in found if isinstance(alias, str))


def sync_reference(store: Store) -> dict[str, int]:
    """Make companies, chips and deal types hold what the data files say; returns the rows of each."""
    chips = [
        {
            "chip_id": row["id"], "name": row["name"], "vendor": row.get("vendor"), "family": row.get("family"),
            "generation": str(row["generation"]) if "generation" in row else None, "kind": row.get("kind"),
        }
        for row in read_toml("chips.toml")["chip"]
    ]  # fmt: skip
    types = [
        {"type": row["id"], "name": row["name"], "slug": row["slug"], "family": row["family"]}
        for row in read_toml("deal_types.toml")["deal_type"]
    ]
    companies = [{**asdict(company), "aliases": list(company.aliases)} for company in read_companies().values()]
    counts = {}
    with store.transaction():
        for table, rows in (("companies", companies), ("chips", chips), ("deal_types", types)):
            store.con.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names from the line above
            counts[table] = store.insert(table, rows)
    return counts
