"""Where a ledger is: a file's path, or the address of a DuckLake, whose password nobody gets to see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

PREFIX = "ducklake:postgres:"
_STORE = "s3://"
_PAIR = re.compile(r"\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|(?:\\.|[^\s\\])+)\s*")
_USERINFO = re.compile(r"(?<=://)([^/@:]*):(\S*)(?=@)")
_PARAMETER = re.compile(r"(?<=[?&])password=([^&]*)&?")


@dataclass(frozen=True, slots=True)
class Lake:
    """A DuckLake: libpq's words for the catalogue, without the password; the folder or ``s3://`` of the data."""

    catalogue: str
    data: str
    password: str = field(default="", repr=False)

    @property
    def is_remote(self) -> bool:
        """Whether the data are in an S3-compatible store."""
        return self.data.startswith(_STORE)

    def __str__(self) -> str:
        return f"{PREFIX}{self.catalogue}"


def parse(address: str, data: str) -> Lake:
    """The DuckLake of an address such as ``ducklake:postgres:dbname=dealwire host=db`` or ``…postgres:postgresql://…``.

    Raises:
        ValueError: it is none; the message does not repeat it, as it may hold a password.
    """
    if not address.startswith(PREFIX) or not address.removeprefix(PREFIX).strip():
        raise ValueError(f"not an address of the form {PREFIX}dbname=… host=… user=…")
    catalogue, password = _without_password(address.removeprefix(PREFIX).strip())
    return Lake(catalogue, data if data.startswith(_STORE) else str(Path(data).absolute()), password)


def _without_password(words: str) -> tuple[str, str]:
    """The words of a catalogue, pairs or a URI as libpq takes them, and the password that stood among them."""
    if "://" not in words:
        found = _PAIR.search(words)
        value = found[1] if found else ""
        unquoted = value[1:-1] if value.startswith("'") else value
        return _PAIR.sub("", words).strip(), re.sub(r"\\(.)", r"\1", unquoted)
    named, given = _USERINFO.search(words), _PARAMETER.search(words)
    bare = _PARAMETER.sub("", _USERINFO.sub(r"\1", words)).rstrip("?&")
    return bare, unquote(given[1] if given else named[2] if named else "")


Ledger = Path | Lake
