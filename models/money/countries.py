"""Which country's money a bare "$", "pesos" or 元 is: settled by words of the text, with a default by language."""

from __future__ import annotations

from functools import cached_property

from models.money.lexicon import Lexicon
from models.money.tokens import fold
from models.normal import normalise


class Countries:
    """Resolves currency families (lower-case names in the data) for one text."""

    def __init__(self, lex: Lexicon, text: str) -> None:
        self._lex = lex
        self._text = text
        self._settled: dict[str, str] = {}

    @cached_property
    def _folded(self) -> str:
        return fold(normalise(self._text))

    @cached_property
    def decimal(self) -> str:
        """The decimal mark: the language's, or that of the country the text is most about (Mexico writes 1,840.50)."""
        usual = str(self._lex.table.get("decimal", "."))
        marks = [(row[3], row[2]) for row in self._lex.hints if row[2] is not None]
        counts = [(len(words.findall(self._folded)), mark or usual) for words, mark in marks]
        best = max(counts, default=(0, usual))
        return best[1] if best[0] else usual

    def resolve(self, code: str) -> str:
        """The ISO code of a currency word's ``code``: itself, or the family's member that the text speaks of."""
        if code.isupper():
            return code
        if code not in self._settled:
            rows = [row for row in self._lex.hints if row[0] == code]
            counts = [(len(words.findall(self._folded)), member) for _, member, _, words in rows]
            best = max(counts, key=lambda pair: pair[0], default=(0, ""))
            self._settled[code] = best[1] if best[0] else self._lex.families.get(code, "USD")
        return self._settled[code]
