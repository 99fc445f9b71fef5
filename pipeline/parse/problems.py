"""What could not be read, as data: a problem names its source or file and says what to do; the batch goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProblemKind = Literal["empty", "too_large", "not_text", "malformed", "no_text", "refused", "date", "title", "encoding"]


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """Something wrong with a fetched feed or page. ``url`` is the feed or page; ``kind`` is stable, for counting."""

    source_id: str
    url: str
    kind: ProblemKind
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.source_id}: {self.url}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


@dataclass(frozen=True, slots=True)
class InputProblem:
    """A file, or a line of one, that cannot be read. ``line`` counts from 1; None where the whole file is meant."""

    file: str
    line: int | None
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        text = f"{place}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text
