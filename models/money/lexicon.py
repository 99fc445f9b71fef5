"""The words of money in one language, read from ``models/data`` and compiled into one regular expression.

A word may play several roles (Spanish "a" joins ranges and is an article-like filler), so each surface maps roles to
values. Keys with a capital letter match only in that case (ISO codes, German "Billion"); a trailing ``*`` matches any
ending. English words and all symbols are known in every language, because any article may quote an English sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from models.data_files import DataFileError, language, languages, read_toml

Roles = dict[str, Any]
QUALIFIERS = ("about", "over", "under", "up_to")
LATIN = "a-z\u00df-\u00f6\u00f8-\u024f"
_SHARED = ("scales", "currencies", "cents")
_WORD_LISTS = ("articles", "glue", "between", "to", "and", "change", "vague", "convert", "plus", "plain_after_noun")


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency word: ISO code or family name (resolved by the text's hints), and the units it stands for.

    ``prefix`` says that it may stand before its number.
    """

    code: str
    factor: float = 1.0
    prefix: bool = False


@dataclass(slots=True)
class Lexicon:
    """Everything the money grammar knows of one language."""

    code: str
    table: dict[str, Any]
    exact: dict[str, Roles] = field(default_factory=dict)
    cased: dict[str, Roles] = field(default_factory=dict)
    stems: dict[str, Roles] = field(default_factory=dict)
    pattern: re.Pattern[str] = field(default_factory=lambda: re.compile("(?!)"))
    hints: list[tuple[str, str, str | None, re.Pattern[str]]] = field(default_factory=list)
    families: dict[str, str] = field(default_factory=dict)

    def roles(self, surface: str, folded: str) -> Roles | None:
        """Roles of a matched surface; ``folded`` is its lower-case form. None where only the case is wrong."""
        found = self.cased.get(surface) or self.exact.get(folded)
        if found is not None:
            return found
        return next((self.stems[folded[:cut]] for cut in range(len(folded), 1, -1) if folded[:cut] in self.stems), None)

    def put(self, word: str, role: str, value: Any) -> None:
        """Teach one word one role; a later call overrides an earlier one."""
        if word.endswith("*"):
            self.stems.setdefault(word[:-1].lower(), {})[role] = value
        elif word != word.lower():
            self.cased.setdefault(word, {})[role] = value
        else:
            self.exact.setdefault(word, {})[role] = value


@cache
def lexicon(code: str) -> Lexicon:
    """The lexicon of a language; a language with no file is read with the English one."""
    known = code if code in languages() else "en"
    table: dict[str, Any] = language(known).get("money", {})
    if not table:
        raise DataFileError(f"models/data/lang/{known}.toml has no [money] table")
    shared = read_toml("currencies.toml")
    lex = Lexicon(known, table)
    english: dict[str, Any] = language("en").get("money", {})
    _add_symbols(lex, shared)
    _add_tables(lex, {name: english.get(name, {}) for name in _SHARED})
    _add_tables(lex, table)
    _compose_tens(lex, table)
    lex.families = {**shared["families"], **table.get("families", {})}
    rows = [*table.get("hints", []), *shared.get("hints", [])]
    lex.hints = [(row["family"], row["code"], row.get("decimal"), _any_of(row["words"])) for row in rows]
    lex.pattern = _compile(lex, spaced=table.get("spaced", False))
    return lex


def _add_symbols(lex: Lexicon, shared: dict[str, Any]) -> None:
    for symbol, code in shared["symbols"].items():
        lex.put(symbol, "currency", Currency(code, prefix=True))
    for code in shared["codes"]:
        for word, factor in ((code, 1.0), (f"M{code}", 1e6)):
            lex.put(word, "currency", Currency(code, factor, prefix=True))
    for code in shared["lower_case_codes"]:
        lex.put(code.lower(), "currency", Currency(code, prefix=True))


def _add_tables(lex: Lexicon, table: dict[str, Any]) -> None:
    before = set(table.get("prefixable", []))
    for word, value in table.get("scales", {}).items():
        lex.put(word, "scale", float(value))
    for role in ("numerals", "multiples", "rough"):
        for word, value in table.get(role, {}).items():
            lex.put(word, role, float(value))
    for code, words in table.get("currencies", {}).items():
        for word in words:
            lex.put(word, "currency", Currency(code, prefix=word in before))
    for row in table.get("cents", []):
        for word in row["words"]:
            lex.put(word, "tail" if row.get("tail_only") else "currency", Currency(row["code"], row["factor"]))
    for side in ("before", "after"):
        for qualifier in QUALIFIERS:
            for word in table.get(side, {}).get(qualifier, []):
                lex.put(word, side, qualifier)
    for role in _WORD_LISTS:
        for word in table.get(role, []):
            lex.put(word, role, True)


def _compose_tens(lex: Lexicon, table: dict[str, Any]) -> None:
    """Number words between the tens: "forty-five", "treinta y cinco", and German with the unit in front."""
    numerals = table.get("numerals", {})
    units = {word: value for word, value in numerals.items() if 1 <= value < 10}
    tens = {word: value for word, value in numerals.items() if 20 <= value < 100 and value % 10 == 0}
    ones = units | {word: 1 for word, value in table.get("multiples", {}).items() if value == 1}
    for ten, high in tens.items():
        for unit, low in units.items():
            for join in table.get("tens_then_units", []):
                lex.put(f"{ten}{join}{unit}", "numerals", float(high + low))
        for unit, low in ones.items():
            for join in table.get("units_then_tens", []):
                lex.put(f"{unit}{join}{ten}", "numerals", float(high + low))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted((re.escape(word.lower()) for word in words), key=len, reverse=True)))


def _compile(lex: Lexicon, *, spaced: bool) -> re.Pattern[str]:
    """One expression of three branches: digits, runs of Chinese digits, and the longest known word (a prefix tree)."""
    words = {word.lower() for word in (*lex.exact, *lex.cased)} | {f"{stem}*" for stem in lex.stems}
    latin = [word for word in words if re.match(f"[{LATIN}]", word)]
    other = [word for word in words if not re.match(f"[{LATIN}]", word)]
    group = "[ ']" if spaced else "'"
    branches = [
        rf"(?P<digits>(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}}(?![0-9]))+|[0-9]+)(?:[.,][0-9]+)*)",
        "(?P<kanji>[〇零一二三四五六七八九]+)",
        f"(?P<word>(?<![{LATIN}])(?:{_tree(latin)})|(?:{_tree(other)}))",
    ]
    return re.compile("|".join(branches))


def _tree(words: Iterable[str]) -> str:
    """A pattern of a prefix tree over ``words``: linear in the text, and the longest word wins."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = word
    return _branch(root) if root else "(?!)"


def _branch(node: dict[str, Any]) -> str:
    options = []
    for char, child in sorted(node.items()):
        if char in {"", "*"}:
            continue
        options.append(re.escape(char) + _branch(child))
    if "*" in node:
        options.append(f"[{LATIN}\uac00-\ud7af]*")
    if "" in node:
        options.append(f"(?![{LATIN}])" if re.search(f"[{LATIN}]$", node[""]) else "")
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
