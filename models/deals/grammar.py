"""The grammatical function of each name in its sentence, from the particle or preposition that touches it.

Functions are language-neutral (``subject object by from to in of with versus possessive``; ``bare`` where nothing marks
the name), so that what is learned of "acquired **by** X" also serves "Xに**よる**買収" and "被X收购". Names in a list
share the function of the member that is marked.
"""

from __future__ import annotations

from functools import cache

from models.data_files import table
from models.deals.context import Context
from models.normal import is_cjk

_SKIP_BEFORE = " \"'「『“‘("
_SKIP_AFTER = " \"'」』”’"
_LIST_GAP = 24  # code points between two members of a list


@cache
def _functions(lang: str) -> tuple[str, tuple[tuple[str, str], ...], frozenset[str], frozenset[str]]:
    rules = table(lang, "deals")["functions"]
    pairs = [(word, name) for name, words in rules.items() if isinstance(words, list) for word in words]
    marking = tuple(sorted((p for p in pairs if p[1] not in ("and", "possessive")), key=lambda p: -len(p[0])))
    return rules["side"], marking, frozenset(rules["and"]), frozenset(rules["possessive"])


def _touching(window: str, words: tuple[tuple[str, str], ...], side: str) -> tuple[str, str]:
    """The marking word at the near end of ``window``, and the function that it gives; empty where there is none."""
    for word, name in words:
        if side == "before":
            if window.endswith(word) and _edge(window, len(window) - len(word) - 1, word[0]):
                return word, name
        elif window.startswith(word) and _edge(window, len(word), word[-1]):
            return word, name
    return "", ""


def _edge(window: str, at: int, neighbour: str) -> bool:
    if at < 0 or at >= len(window) or is_cjk(neighbour) or not neighbour.isalnum():
        return True
    return not window[at].isalnum()


def functions(context: Context) -> list[str]:
    """One function a mention, in the order of ``context.mentions``."""
    side, marking, conjunctions, possessive = _functions(context.lang)
    own: list[str] = []
    firm: list[bool] = []  # marked by a word that does not also join lists, as "と" does
    for mention in context.mentions:
        if side == "before":
            window = context.text[max(0, mention.start - 24) : mention.start].lower().rstrip(_SKIP_BEFORE)
            after = context.text[mention.end : mention.end + 2]
            word, marked = _touching(window, marking, side)
            own.append("possessive" if any(after.startswith(p) for p in possessive) and not marked else marked)
        else:
            window = context.text[mention.end : mention.end + 12].lower().lstrip(_SKIP_AFTER)
            word, marked = _touching(window, marking, side)
            own.append(marked)
        firm.append(bool(word) and word not in conjunctions)
    order = range(len(own)) if side == "before" else range(len(own) - 1, -1, -1)
    step = -1 if side == "before" else 1
    for at in order:
        neighbour = at + step
        if 0 <= neighbour < len(own) and not firm[at] and _listed(context, at, neighbour, conjunctions):
            own[at] = own[neighbour]
    return [name or "bare" for name in own]


def _listed(context: Context, at: int, neighbour: int, conjunctions: frozenset[str]) -> bool:
    """Whether two neighbouring mentions stand in one list: a conjunction between them and hardly anything else."""
    one, two = sorted((context.mentions[at], context.mentions[neighbour]), key=lambda m: m.start)
    if one.sentence != two.sentence or one.id == two.id:
        return False
    gap = context.text[one.end : two.start].lower().strip()
    if not gap or len(gap) > _LIST_GAP:
        return False
    if gap.startswith("(") and ")" in gap:
        gap = gap[gap.index(")") + 1 :].strip()
    if gap in conjunctions:
        return True
    head = next((c for c in conjunctions if gap.startswith(c)), "")
    tail = next((c for c in conjunctions if gap.endswith(c)), "")
    return len(gap) <= 12 and bool(head or tail) and not any(ch in ".;:。；" for ch in gap)
