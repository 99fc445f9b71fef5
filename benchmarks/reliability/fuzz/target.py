"""What a target is: a check that takes bytes, and all that an engine must know to feed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DealwireError

ROOT = Path(__file__).parents[3]

SLOW = "slow"  # the kind of a finding that is an input over its time

Check = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """``load`` imports what is tested and returns the check, so that an engine may instrument those imports.

    A check raises one of ``proper`` where that is the answer that a stranger's bytes deserve, and anything else, an
    AssertionError among them, where the product is at fault. ``instrument`` names packages whose branches steer the
    engine, ``seconds`` is the processor time that one input may take, ``longest`` the bytes of the longest one.
    """

    name: str
    load: Callable[[], Check]
    seeds: Callable[[], Iterable[bytes]]
    words: Callable[[], Iterable[str]] = tuple
    proper: tuple[type[Exception], ...] = ()
    instrument: tuple[str, ...] = ("models", "pipeline")
    seconds: float = 2.0
    longest: int = 2048


def examine(target: Target, check: Check, data: bytes) -> None:
    """Run the check; raises what it finds wrong. A proper answer must say something, one of ours what is wrong."""
    try:
        check(data)
    except target.proper as error:
        said = error.message if isinstance(error, DealwireError) else str(error)
        if not said.strip():
            raise AssertionError(f"{type(error).__name__} without a word") from error


def signature(error: BaseException) -> str:
    """The kind of a finding: its type, and the innermost line of ours that it came from."""
    place = "nowhere"
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts and path != Path(__file__):
            place = f"{path.relative_to(ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
