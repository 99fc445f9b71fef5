"""Shorter inputs that still show the same finding."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.reliability.fuzz.target import Check, Target, examine, signature


def minimised(target: Target, check: Check, data: bytes, seconds: float = 20.0) -> bytes:
    """``data`` with all cut out that its finding does without; as far as the time allows."""
    wanted = found_by(target, check, data)
    if wanted is None:
        return data
    return _shortened(data, lambda shorter: found_by(target, check, shorter) == wanted, time.monotonic() + seconds)


def found_by(target: Target, check: Check, data: bytes) -> str | None:
    """The signature of what an input finds; None where it finds nothing."""
    try:
        examine(target, check, data)
    except Exception as error:
        return signature(error)
    return None


def _shortened(data: bytes, holds: Callable[[bytes], bool], until: float) -> bytes:
    step = max(len(data) // 2, 1)
    while step and time.monotonic() < until:
        at, cut = 0, False
        while at < len(data) and time.monotonic() < until:
            shorter = data[:at] + data[at + step :]
            if holds(shorter):
                data, cut = shorter, True
            else:
                at += step
        step = step if cut and step == 1 else step // 2
    return data
