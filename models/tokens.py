"""One tokenizer for all languages: runs of Latin letters or digits, single CJK characters, single marks.

No packaged segmenter is needed, and every span that the engines find falls on token edges (a Korean particle, a German
genitive or a Chinese neighbour never hides inside the same token as a name).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spacy.tokens import Doc
from spacy.util import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language
    from spacy.vocab import Vocab

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
    r"|\d+|\s+|."
)


class ScriptTokenizer:
    """Splits at every change of script; ``doc.text`` is the input, character for character."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize ``text``."""
        pieces = _TOKEN.findall(text)
        words: list[str] = []
        spaces: list[bool] = []
        for piece in pieces:
            if piece == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to save: the tokenizer has no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> ScriptTokenizer:
        """Nothing to load."""
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        """Nothing to save."""

    def from_disk(self, _path: object, **_: object) -> ScriptTokenizer:
        """Nothing to load."""
        return self


@registry.tokenizers("dealwire.ScriptTokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], ScriptTokenizer]:
    """Factory for spaCy configs."""

    def create(nlp: Language) -> ScriptTokenizer:
        return ScriptTokenizer(nlp.vocab)

    return create
