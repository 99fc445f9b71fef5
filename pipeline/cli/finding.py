"""What a look of ``doctor`` finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; ``hint`` says what to do about a warning or an error."""

    check: str
    state: State
    found: str
    hint: str = ""
