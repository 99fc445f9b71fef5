"""Secrets kept out of logs: what the environment holds under a secret's name, and passwords in addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

_NAMES = ("PASSWORD", "SECRET", "TOKEN", "KEY", "DSN")
_SHORTEST = 6  # a shorter value is found in innocent words
_USERINFO = re.compile(r"(?<=://)[^/@\s:]*:[^/@\s]+(?=@)")
_HIDDEN = "***"


def names_secret(name: str) -> bool:
    """Whether a variable of this name holds a secret, or an address that may have one in it."""
    return any(word in name for word in (*_NAMES, "URL", "WAREHOUSE"))


def redact(text: str, environment: Mapping[str, str] | None = None) -> str:
    """``text`` with secrets as ``***``."""
    given = os.environ if environment is None else environment
    for name, value in given.items():
        if len(value) >= _SHORTEST and any(word in name for word in _NAMES):
            text = text.replace(value, _HIDDEN)
    return _USERINFO.sub(_HIDDEN, text)


def processor(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """For structlog: every value of an event that is text, or that is shown as text."""
    return {
        key: value if isinstance(value, bool | int | float | None) else redact(str(value))
        for key, value in event.items()
    }
