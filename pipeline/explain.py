"""What pydantic finds wrong with a TOML file, in the words of whoever writes it: which key, what, and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from pipeline.nearest import nearest

_ADVICE = {
    "missing": "add the key",
    "bool_type": "write true or false",
    "int_type": "write a whole number, without quotes",
    "string_type": "write text in quotes",
    "list_type": "write a list: [ … ]",
}


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with one file: ``key`` as in the file (``feed[2].url``), empty for the file as a whole."""

    path: Path
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.path}: {self.key}: {self.message}" if self.key else f"{self.path}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


def parsed_toml(text: str) -> dict[str, Any]:
    """The tables of a file. Raises tomllib.TOMLDecodeError also where tomllib itself breaks."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("brackets are nested too deep") from None
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise tomllib.TOMLDecodeError(str(error)) from error


def explained(path: Path, detail: ErrorDetails, known_keys: Iterable[str], advice: str = "") -> FileProblem:
    """One error of a validation. ``known_keys`` stand where an unknown key was found; ``advice`` replaces ours."""
    key, known = key_at(detail["loc"]), list(known_keys)
    if detail["type"] == "extra_forbidden":
        near = nearest(str(detail["loc"][-1]), known)
        return FileProblem(
            path, key, "unknown key", f"did you mean {near!r}?" if near else f"known keys: {', '.join(known)}"
        )
    message = "missing" if detail["type"] == "missing" else detail["msg"].removeprefix("Value error, ")
    if detail["type"] != "missing" and not isinstance(detail["input"], dict | list):
        message += f", not {detail['input']!r}"
    return FileProblem(path, key, message, advice or _hint(detail))


def _hint(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        named = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        near = nearest(str(detail["input"]), named)
        return f"did you mean {near!r}?" if near else ""
    return str(context.get("hint", "")) or _ADVICE.get(detail["type"], "")


def key_at(location: tuple[int | str, ...]) -> str:
    """("feed", 1, "url") as people count: feed[2].url."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
