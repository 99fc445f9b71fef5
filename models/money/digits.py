"""Numbers as they are written: digits with decimal and thousands marks, and sums of number words and scale words."""

from __future__ import annotations

import re

MAX_DIGITS = 30
"""Longer runs of digits are identifiers, not sums."""

_MARK = re.compile(r"[.,]")


def read_digits(text: str, decimal: str) -> float | None:
    """The number that ``text`` writes in digits, or None where it is a date, a version or too long.

    ``decimal`` is the language's decimal mark, or ``either`` where three digits behind any mark are a group. It decides
    only where both readings are possible: one mark before exactly three digits (``1.500``). Spaces and apostrophes
    always group.
    """
    plain = text.replace(" ", "").replace("'", "")
    if len(plain) > MAX_DIGITS:
        return None
    marks = _MARK.findall(plain)
    groups = _MARK.split(plain)
    if not marks:
        return float(plain)
    if len(set(marks)) == 2:
        return _mixed(groups, marks)
    tail = groups[1:]
    if len(marks) > 1:
        grouped = len(tail[-1]) == 3 and all(2 <= len(group) <= 3 for group in tail)
        return float("".join(groups)) if grouped and groups[0] else None
    could_group = len(tail[0]) == 3 and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    if could_group and marks[0] != decimal:
        return float("".join(groups))
    return float(f"{groups[0]}.{tail[0]}")


def _mixed(groups: list[str], marks: list[str]) -> float | None:
    """Two kinds of marks: the last one is the decimal mark and may stand only once (``1,234,567.89``)."""
    if marks.count(marks[-1]) > 1 or any(not 2 <= len(group) <= 3 for group in groups[1:-1]):
        return None
    return float("".join(groups[:-1]) + "." + groups[-1])


def is_grouped(text: str) -> bool:
    """Whether the digits carry a thousands mark (``7.000``), as an elided sum in millions does."""
    return re.fullmatch(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+", text) is not None


class Tally:
    """Adds up a number part by part: digits and number words, then the scale words that multiply what went before.

    A scale word multiplies all parts of a lower scale: "4 mil 800 millones" is (4 × 1000 + 800) × 10⁶, while in
    "1兆5000億" the second scale is lower than the first, so that the parts add up.
    """

    def __init__(self) -> None:
        self.parts: list[tuple[float, float]] = []
        self.open: float | None = None

    def add(self, value: float) -> bool:
        """Append a number; False where it cannot continue the one before ("five seven")."""
        if self.open is None:
            self.open = value
            return True
        if self.open >= 20 and self.open % 10 == 0 and value < 10:
            self.open += value
            return True
        return False

    def scale(self, factor: float) -> None:
        """Multiply the parts below ``factor`` by it; a scale word with nothing before it counts once."""
        lower = [value for scale, value in self.parts if scale < factor]
        kept = [(scale, value) for scale, value in self.parts if scale >= factor]
        base = sum(lower) + (self.open or 0.0) if lower or self.open is not None else 1.0
        self.parts = [*kept, (factor, base * factor)]
        self.open = None

    @property
    def last_scale(self) -> float:
        """The scale word added last, 0 where there is none."""
        return self.parts[-1][0] if self.parts else 0.0

    @property
    def value(self) -> float:
        """The number so far, freed of the noise of binary fractions (9.7 × 10⁹ is whole)."""
        total = sum(value for _, value in self.parts) + (self.open or 0.0)
        return tidy(total)


def tidy(value: float) -> float:
    """``value`` at 12 significant digits, so that 97.7 × 10⁸ compares equal to 9770000000."""
    return float(f"{value:.12g}") if abs(value) < 1e15 else float(f"{value:.15g}")
