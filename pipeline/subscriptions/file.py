"""``subscriptions.toml``: read entry by entry, where a wrong one is a problem and the others go on, and written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipeline import private
from pipeline.errors import ConfigError
from pipeline.explain import FileProblem, explained, parsed_toml
from pipeline.mail.addresses import same
from pipeline.nearest import nearest
from pipeline.subscriptions.schema import Subscription, SubscriptionEntry

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_TABLE = "subscription"
_EXAMPLE = "dealwire subscribe ann@example.org adds one"


@dataclass(frozen=True, slots=True)
class SubscriptionBook:
    """The subscriptions that can be used, in the order of the file, and what is wrong with the rest."""

    path: Path
    subscriptions: tuple[Subscription, ...] = ()
    problems: tuple[FileProblem, ...] = ()

    def of(self, address: str) -> list[Subscription]:
        """The subscriptions of an address.

        Raises:
            ConfigError: it has none, or one that is wrong.
        """
        found = [one for one in self.subscriptions if same(one.address) == same(address)]
        if found:
            return found
        for problem in self.problems:
            if f"({address})" in problem.key:
                raise ConfigError(str(problem), "correct the entry")
        near = nearest(address, [one.address for one in self.subscriptions])
        hint = f"dealwire subscribe {address} adds it" + (f"; or did you mean {near}?" if near else "")
        raise ConfigError(f"{self.path}: {address} has no subscription", hint)


def read_subscriptions(path: Path) -> SubscriptionBook:
    """Read the file; what is wrong inside it is in ``problems``. Without a file there are no subscriptions.

    Raises:
        ConfigError: the file cannot be read, or is no TOML.
    """
    return _checked(path, _text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable: {error}", "the file must be UTF-8 text") from error


def _checked(path: Path, text: str) -> SubscriptionBook:
    try:
        data = parsed_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}", "mend that line; nobody gets a digest until then") from error
    problems = [FileProblem(path, key, "unknown key", "write [[subscription]]") for key in data if key != _TABLE]
    entries = data.get(_TABLE, [])
    if not isinstance(entries, list):
        problems.append(FileProblem(path, _TABLE, "is not written as a list", "write [[subscription]], two brackets"))
        entries = []
    found: dict[tuple[str, str], Subscription] = {}
    for number, entry in enumerate(entries, 1):
        read = _entry(path, number, entry)
        if isinstance(read, list):
            problems += read
        elif read.key in found:
            key = f"{_place(number, entry)}: address"
            problems.append(FileProblem(path, key, f"has a {read.cadence} digest already", "keep one of the two"))
        else:
            found[read.key] = read
    return SubscriptionBook(path, tuple(found.values()), tuple(problems))


def _entry(path: Path, number: int, entry: Any) -> Subscription | list[FileProblem]:
    try:
        return SubscriptionEntry.model_validate(entry).subscription()
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            found = explained(path, detail, SubscriptionEntry.model_fields)
            key = f"{_place(number, entry)}: {found.key}".rstrip(": ")
            problems.append(FileProblem(path, key, found.message, found.hint))
        return problems


def _place(number: int, entry: Any) -> str:
    address = entry.get("address") if isinstance(entry, Mapping) else None
    return f"{_TABLE} {number}" + (f" ({address})" if address else "")


def subscribe(path: Path, values: Mapping[str, Any]) -> Subscription:
    """Add an entry to the file, which is made where it is missing; all that stands in it stays as it is.

    Raises:
        ConfigError: the entry is wrong, or the address has a digest of that cadence.
    """
    import tomlkit

    text = _text(path)
    before = _checked(path, text)
    added = _entry(path, len(before.subscriptions) + 1, values)
    if isinstance(added, list):
        wrong = added[0]
        raise ConfigError(f"{wrong.key.rpartition(': ')[2]}: {wrong.message}", wrong.hint)
    if added.key in {one.key for one in before.subscriptions}:
        raise ConfigError(
            f"{path}: {added.address} has a {added.cadence} digest already",
            f"edit the file, or dealwire unsubscribe {added.address} first",
        )
    document = tomlkit.parse(text)
    table = tomlkit.table()
    table.update(values)
    if _TABLE not in document:
        document.append(_TABLE, tomlkit.aot())
    elif not text.endswith("\n\n"):
        document[_TABLE][-1].add(tomlkit.nl())
    document[_TABLE].append(table)
    _write(path, document)
    return added


def unsubscribe(path: Path, address: str, cadence: str | None = None) -> list[Subscription]:
    """Take the entries of an address (of one cadence, if given) out of the file; returns them.

    Raises:
        ConfigError: there is none.
    """
    import tomlkit

    book = read_subscriptions(path)
    gone = [one for one in book.of(address) if cadence in (None, one.cadence)]
    if not gone:
        raise ConfigError(f"{path}: {address} has no {cadence} digest", "dealwire subscribers lists them")
    document = tomlkit.parse(_text(path))
    entries: Any = document[_TABLE]
    keys = {one.key for one in gone}  # a second entry of the same key, not used until now, goes too
    for place in reversed(range(len(entries))):
        read = _entry(path, place + 1, entries[place].unwrap())
        if not isinstance(read, list) and read.key in keys:
            del entries[place]
    if not entries:
        del document[_TABLE]
    _write(path, document)
    return gone


def _write(path: Path, document: TOMLDocument) -> None:
    import tomlkit

    private.replace(path, tomlkit.dumps(document).encode("utf-8"))
