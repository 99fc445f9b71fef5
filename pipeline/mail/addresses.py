"""Mail addresses: what can be sent to, and in which spelling."""

from __future__ import annotations

import re
import unicodedata

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_LONGEST = 254  # RFC 5321 leaves room for no more between its angle brackets
_NEVER_MEANT = frozenset('<>,;:"()[]\\@')  # legal within quotes; in practice a slip, or an attempt


def is_address(text: str) -> bool:
    """Whether ``text`` is a bare address (``name@example.org``) that a message can be sent to."""
    name, _, host = text.rpartition("@")
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return False
    labels = ascii_host.split(".")
    return (
        len(text) <= _LONGEST
        and not any(char.isspace() or char in _NEVER_MEANT or _is_control(char) for char in name + ascii_host)
        and all(name.split("."))
        and all(label and not label.startswith("-") and not label.endswith("-") for label in labels)
    )


def is_mailbox(text: str) -> bool:
    """Whether ``text`` is an address with or without a name before it: ``Name <name@example.org>``."""
    return not any(_is_control(char) for char in text) and is_address(bare(text))


def _is_control(char: str) -> bool:
    return unicodedata.category(char)[0] == "C"


def name_and_address(mailbox: str) -> tuple[str, str]:
    """The two parts of ``Name <address>``; the name may be in quotes, and hold a comma without them."""
    found = _NAMED.fullmatch(mailbox.strip())
    return (found["name"].strip().strip('"'), found["address"]) if found else ("", mailbox.strip())


def bare(mailbox: str) -> str:
    """The address of ``Name <address>``."""
    return name_and_address(mailbox)[1]


def on_the_wire(address: str) -> str:
    """The address as servers know it: the host in ASCII (IDNA). A name beyond ASCII stays, and needs SMTPUTF8."""
    name, _, host = address.rpartition("@")
    return f"{name}@{host.encode('idna').decode()}"


def same(address: str) -> str:
    """What two spellings of one address have in common; names are compared without case, as all large hosts do."""
    return on_the_wire(address).casefold()
