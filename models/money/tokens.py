"""Text to tokens: numbers, and the words that the lexicon knows, with what each may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.money.digits import read_digits
from models.money.lexicon import Lexicon, Roles
from models.normal import normalise

_KANJI = {char: index for index, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_NO_ROLES: Roles = {}


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text; ``number`` where it is one, ``roles`` where the lexicon knows it."""

    start: int
    end: int
    text: str
    roles: Roles
    number: float | None = None
    digits: bool = False

    def get(self, role: str) -> Any:
        """The value under a role, None where it has none."""
        return self.roles.get(role)


@dataclass(slots=True)
class Stream:
    """The tokens of one text, the text itself (normalised, same length) and its lower-case form."""

    lex: Lexicon
    plain: str
    folded: str
    tokens: list[Token]

    def gap(self, index: int) -> str:
        """What stands between token ``index`` and the one before it; a full stop stands for "nothing before"."""
        if index <= 0 or index >= len(self.tokens):
            return "."
        return self.plain[self.tokens[index - 1].end : self.tokens[index].start]

    def close(self, index: int) -> bool:
        """Whether token ``index`` touches the one before it, at most a space or a hyphen between."""
        return self.gap(index) in CLOSE

    def at(self, index: int) -> Token | None:
        """Token ``index``, or None past either end."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else None


CLOSE = frozenset({"", " ", "  ", "-", "\u2010", "\u2011"})


def fold(text: str) -> str:
    """Lower case, character for character (the few capitals whose lower case is longer stay)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def read_tokens(text: str, lex: Lexicon, decimal: str) -> Stream:
    """Tokens of ``text`` in order; their offsets hold in ``text`` itself."""
    plain = _spare_list_commas(text, normalise(text))
    folded = fold(plain)
    guards = lex.table.get("not_before", {})
    tokens: list[Token] = []
    for match in lex.pattern.finditer(folded):
        token = _token(match.lastgroup or "", match.start(), match.end(), plain, folded, lex, decimal)
        if token is None or _is_compound_hyphen(token, plain, tokens):
            continue
        if token.text in guards and plain.startswith(tuple(guards[token.text]), token.end):
            continue
        glued = token.digits and token.start > 0 and folded[token.start - 1].isascii() and _is_name(folded, token.start)
        if glued and not (tokens and tokens[-1].end == token.start and tokens[-1].get("currency")):
            continue  # the 100 of "H100" and the 5 of "GPT-5" count nothing
        tokens.append(token)
    return Stream(lex, plain, folded, tokens)


def _spare_list_commas(text: str, plain: str) -> str:
    """Full-width commas stay what they are, but for those inside full-width numbers: they never group digits."""
    if "，" not in text:
        return plain
    pairs = enumerate(zip(text, plain, strict=True))
    return "".join("，" if char == "，" and not _wide_digit(text, at + 1) else other for at, (char, other) in pairs)


def _wide_digit(text: str, at: int) -> bool:
    return at < len(text) and "０" <= text[at] <= "９"


def _is_compound_hyphen(token: Token, plain: str, tokens: list[Token]) -> bool:
    """A hyphen joins a range only before a digit or a symbol ("25-30"), not in "38-Milliarden-Dollar-Vertrag"."""
    if token.text not in {"-", "\u2010", "\u2011"}:
        return False
    follower = plain[token.end : token.end + 4].lstrip(" ")
    joins = follower[:1].isdigit() or not follower[:1].isalpha() or "$" in follower
    return not (joins and tokens and plain[tokens[-1].end : token.start].strip() == "")


def _is_name(folded: str, start: int) -> bool:
    before = folded[start - 1]
    return before.isalpha() or before == "_" or (before == "-" and start > 1 and folded[start - 2].isalpha())


def _token(kind: str, start: int, end: int, plain: str, folded: str, lex: Lexicon, decimal: str) -> Token | None:
    text = plain[start:end]
    if kind == "digits":
        number = read_digits(text, decimal)
        return None if number is None else Token(start, end, text, _NO_ROLES, number, digits=True)
    if kind == "kanji":
        value = _KANJI[text] if len(text) == 1 else float("".join(str(_KANJI[char]) for char in text[:30]))
        return Token(start, end, text, _NO_ROLES, float(value))
    roles = lex.roles(text, folded[start:end])
    return None if roles is None else Token(start, end, text, roles, roles.get("numerals"))
