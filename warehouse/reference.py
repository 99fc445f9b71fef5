"""Reference rows: ``models/data/*.toml`` is where they are kept, the ledger holds a copy to join with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from models.data_files import read_toml
from warehouse.store import Row, Store


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
    return {row["id"]: company_from(row) for row in read_toml("companies.toml")["company"]}


def company_from(row: Row) -> Company:
    """A company from its TOML row; ``aliases`` is a list, or lists by language or script."""
    aliases = row.get("aliases", [])
    if isinstance(aliases, Mapping):
        aliases = [alias for names in aliases.values() for alias in names]
    told = tuple(alias for alias in aliases if isinstance(alias, str))
    return Company(row["id"], row["name"], row.get("kind", ""), row.get("country", ""), row.get("parent") or None, told)


def read_reference() -> dict[str, list[Row]]:
    """Rows of ``companies``, ``chips`` and ``deal_types`` as the data files have them."""
    return {
        "companies": [{**asdict(company), "aliases": list(company.aliases)} for company in read_companies().values()],
        "chips": [chip_row(row) for row in read_toml("chips.toml")["chip"]],
        "deal_types": [
            {"type": row["id"], "name": row["name"], "slug": row["slug"], "family": row["family"]}
            for row in read_toml("deal_types.toml")["deal_type"]
        ],
    }


def chip_row(row: Row) -> Row:
    """A row of ``chips`` from its TOML row; what is empty there is null here."""
    told = {key: str(row[key]) if row.get(key) else None for key in ("vendor", "family", "generation", "kind")}
    return {"chip_id": row["id"], "name": row["name"], **told}


def sync_reference(store: Store, reference: Mapping[str, Sequence[Row]] | None = None) -> dict[str, int]:
    """Make companies, chips and deal types hold exactly what the data files say; returns the rows of each."""
    found = reference if reference is not None else read_reference()
    counts = {}
    with store.transaction():
        for table, rows in found.items():
            store.con.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the tables of read_reference
            counts[table] = store.insert(table, rows)
    return counts
