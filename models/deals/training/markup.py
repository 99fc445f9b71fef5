"""Annotated articles as people write them: names, chips and sums marked in the text, deals below it.

    ## de-a001 2025-11-03
    T [Nebius|nebius] mietet bei [Equinix|equinix]
    [Nebius] zahlt {zwei Milliarden Dollar|2e9 USD exact contract} für Räume, in denen <H200|nvidia-h200> laufen.
    Der Vertrag ist unterschrieben.
    = compute_contract announced; provider equinix; customer nebius; sum 2e9 USD; chips nvidia-h200; in 0 1 2

One sentence a line; ``T`` marks the headline. A name is marked where it first stands in that spelling; further places
are found by themselves. ``{…}`` marks every sum (``5e9-6e9`` is a range). A line that begins with ``=`` is a deal;
``in`` numbers the lines that state it (0 is the headline, 1 the first line of the body); ``gw`` and ``units`` give its
size. Lines that begin with ``%`` are remarks.

    python -m models.deals.training.markup FILE…      checks files and says what is wrong, with line numbers
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from models.deals.labels import AMOUNT_ROLES, SIDES, STATUSES
from models.facts import Qualifier

MARK = re.compile(r"\[([^\[\]|]+)(?:\|([^\[\]|]+))?\]|<([^<>|]+)\|([^<>|]+)>|\{([^{}|]+)\|([^{}|]+)\}")
HEAD = re.compile(r"## ([a-z]{2})-(\S+)(?: (\d{4}-\d\d-\d\d))?$")
SUM = re.compile(r"([\d.]+(?:e\d+)?)(?:-([\d.]+(?:e\d+)?))? ([A-Z]{3})$")
SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*$")
UNSPACED = ("ja", "zh")


class MarkupError(ValueError):
    """A line that breaks the rules; the message names the article and the line."""


@dataclass(slots=True)
class _Draft:
    id: str
    lang: str
    published: str | None
    title: str = ""
    lines: list[str] = field(default_factory=list)
    orgs: dict[str, list[str]] = field(default_factory=dict)
    chips: dict[str, list[str]] = field(default_factory=dict)
    amounts: list[dict[str, Any]] = field(default_factory=list)
    deals: list[dict[str, Any]] = field(default_factory=list)


def _number(digits: str) -> float | int:
    value = float(digits)
    return int(value) if value == int(value) else value


def _money(text: str) -> tuple[float | int, float | int | None, str]:
    found = SUM.match(text.strip())
    if not found:
        raise MarkupError(f"«{text}» is no sum; write it as 2e9 USD or 5e9-6e9 USD")
    low, high, currency = found.groups()
    return _number(low), _number(high) if high else None, currency


def _plain(draft: _Draft, line: str) -> str:
    """The line without its marks, which are noted in the draft."""

    def note(found: re.Match[str]) -> str:
        name, org, chip, chip_id, amount, facts = found.groups()
        if amount is not None:
            draft.amounts.append(_amount(amount, facts))
            return amount
        surface, owner, table = (name, org, draft.orgs) if name else (chip, chip_id, draft.chips)
        if owner is None:
            owner = next((o for o, strings in table.items() if surface in strings), "")
            if not owner:
                raise MarkupError(f"[{surface}] stands without its id and was not marked before")
        if not SLUG.match(owner):
            raise MarkupError(f"«{owner}» is no id: lower-case letters, digits and hyphens")
        strings = table.setdefault(owner, [])
        if surface not in strings:
            strings.append(surface)
        return surface

    text = MARK.sub(note, line.strip())
    if re.search(r"[\[\]{}|]", text):
        raise MarkupError(f"a mark is not closed or not complete: {text}")
    return text


def _amount(text: str, facts: str) -> dict[str, Any]:
    money, _, rest = facts.strip().rpartition(" ")
    money, _, qualifier = money.rpartition(" ")
    if qualifier not in get_args(Qualifier):
        raise MarkupError(f"{{{text}}}: «{qualifier}» is no qualifier; use one of {', '.join(get_args(Qualifier))}")
    if rest not in AMOUNT_ROLES:
        raise MarkupError(f"{{{text}}}: «{rest}» is no role of a sum; use one of {', '.join(AMOUNT_ROLES)}")
    value, top, currency = _money(money)
    return {"text": text, "value": value, "value_max": top, "currency": currency, "qualifier": qualifier, "role": rest}


def _deal(draft: _Draft, line: str) -> dict[str, Any]:
    head, *parts = (part.strip() for part in line[1:].strip().rstrip(";").split(";"))
    kind, _, status = head.partition(" ")
    if kind not in SIDES or status not in STATUSES:
        raise MarkupError(f"«{head}» must be a type ({', '.join(SIDES)}) and a status ({', '.join(STATUSES)})")
    parties: list[dict[str, str]] = []
    deal: dict[str, Any] = {"type": kind, "status": status, "parties": parties, "amount": None, "chips": [],
                            "compute": None, "evidence": ""}  # fmt: skip
    for part in parts:
        key, _, value = part.partition(" ")
        items = value.replace(",", " ").split()
        if key in SIDES[kind]:
            unknown = [i for i in items if i not in draft.orgs]
            if unknown or not items:
                raise MarkupError(f"parties {unknown or ''} of {kind} are not marked in the text")
            parties += [{"id": i, "role": key} for i in items]
        elif key == "sum":
            amount, _, currency = _money(value)
            if not any(a["value"] == amount and a["currency"] == currency for a in draft.amounts):
                raise MarkupError(f"the sum {value} of {kind} is not marked in the text")
            deal["amount"] = {"value": amount, "currency": currency}
        elif key == "chips":
            if any(i not in draft.chips for i in items):
                raise MarkupError(f"chips {items} of {kind} are not all marked in the text")
            deal["chips"] = items
        elif key in ("gw", "units"):
            deal["compute"] = {**(deal["compute"] or {}), "gigawatts" if key == "gw" else "units": _number(value)}
        elif key == "in":
            deal["evidence"], *further = _evidence(draft, sorted({int(i) for i in items}))
            deal["further"] = further
        else:
            raise MarkupError(f"«{key}» means nothing for {kind}, whose roles are {', '.join(set(SIDES[kind]))}")
    if not parties or not deal["evidence"]:
        raise MarkupError(f"{kind} needs parties and the lines that state it (in …)")
    return deal


def _glue(lang: str) -> str:
    return "" if lang in UNSPACED else " "


def _evidence(draft: _Draft, numbers: list[int]) -> list[str]:
    """The text of each run of neighbouring lines; the headline is a run of its own."""
    if not numbers or numbers[-1] > len(draft.lines) or (numbers[0] == 0 and not draft.title):
        raise MarkupError(f"in {numbers}: the article has {len(draft.lines)} lines")
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number > 1 and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    glue = _glue(draft.lang)
    return [draft.title if run == [0] else glue.join(draft.lines[run[0] - 1 : run[-1]]) for run in runs]


def _document(draft: _Draft) -> dict[str, Any]:
    return {
        "id": f"{draft.lang}-{draft.id}",
        "lang": draft.lang,
        "published": draft.published,
        "title": draft.title,
        "text": _glue(draft.lang).join(draft.lines),
        "orgs": list(draft.orgs),
        "chips": list(draft.chips),
        "surfaces": draft.orgs | draft.chips,
        "amounts": draft.amounts,
        "deals": draft.deals,
    }


def parse(text: str, name: str = "text") -> Iterator[dict[str, Any] | MarkupError]:
    """Documents in the annotation's shape, and an error for each article that breaks the rules."""
    for block in re.split(r"(?m)^(?=## )", text):
        if not block.startswith("## "):
            continue
        at = text[: text.index(block)].count("\n")
        try:
            yield _article(block, at, name)
        except MarkupError as error:
            yield error


def _article(block: str, at: int, name: str) -> dict[str, Any]:
    lines = block.rstrip().split("\n")
    found = HEAD.match(lines[0].strip())
    number = at + 1
    try:
        if not found:
            raise MarkupError("an article begins with «## de-a001» or «## de-a001 2025-11-03»")
        draft = _Draft(found[2], found[1], found[3])
        for line in lines[1:]:
            number += 1
            if line.startswith("="):
                draft.deals.append(_deal(draft, line))
            elif line.startswith("T ") and not draft.title and not draft.lines:
                draft.title = _plain(draft, line[2:])
            elif line.strip() and not line.startswith("%"):
                draft.lines.append(_plain(draft, line))
        if not draft.lines:
            raise MarkupError("the article has no text")
    except (MarkupError, ValueError) as error:
        raise MarkupError(f"{name}:{number}: {lines[0][3:].split(' ')[0]}: {error}") from None
    return _document(draft)


def read_markup(path: Path) -> list[dict[str, Any]]:
    """All documents of a file. Raises :class:`MarkupError` for the first article that breaks the rules."""
    found = []
    for item in parse(path.read_text("utf-8"), path.name):
        if isinstance(item, MarkupError):
            raise item
        found.append(item)
    return found


def main(paths: Sequence[str]) -> int:
    """Check files; see the module's docstring."""
    bad = 0
    for path in map(Path, paths):
        found = list(parse(path.read_text("utf-8"), path.name))
        errors = [item for item in found if isinstance(item, MarkupError)]
        good = [item for item in found if not isinstance(item, MarkupError)]
        twice = len(good) - len({doc["id"] for doc in good})
        for error in errors:
            print(error)
        print(f"{path.name}: {len(good)} articles, {sum(len(d['deals']) for d in good)} deals, "
              f"{len(errors)} refused, {twice} ids used twice")  # fmt: skip
        bad += len(errors) + twice
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
