"""Scores the money grammar on annotated articles and on Recognizers-Text's currency specs.

    money_scores.py [--misses] FILE_OR_FOLDER ...

A ``.jsonl`` file holds annotated documents (``lang``, ``title``, ``text``, ``amounts``): F1 of the set of
(value, value_max, currency) per document, the share of right qualifiers among what matched, and the share of bracketed
conversions known as such. A folder holds ``*CurrencyModel.json``: the share of expected sums whose value and currency
come out right; cents of any currency count as hundredths. What docs/money-refused.md refuses counts as wrong in
"right", and is left out of "right of the rest".
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.facts import Amount
from models.money import find_amounts

Key = tuple[float, float | None, str | None]
REFUSED = Path(__file__).with_name("money_refused.toml")
CODES = {"chinese": "zh", "english": "en", "french": "fr", "german": "de", "japanese": "ja", "korean": "ko"}
CODES |= {"portuguese": "pt", "spanish": "es"}


def main() -> None:
    """Read the arguments, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was too much")
    args = parser.parse_args()
    files = [path for path in args.paths if path.is_file()]
    if files:
        articles(files, show=args.misses)
    for folder in (path for path in args.paths if path.is_dir()):
        specs(folder, show=args.misses)


def key(value: float, top: float | None, currency: str | None) -> Key:
    """What must agree, rounded as the scorer of the sample set rounds."""
    return round(float(value), 4), None if top is None else round(float(top), 4), currency


def articles(files: list[Path], *, show: bool) -> None:
    """The table over annotated documents."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    began, letters = time.perf_counter(), 0
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            text = f"{row['title']}\n{row['text']}" if row.get("title") else row["text"]
            letters += len(text)
            found = [item for item in find_amounts(text, row["lang"]) if item.value is not None]
            for lang in (row["lang"], "all"):
                tally(counts[lang], row, found)
            if show:
                print_misses(row, found)
    print(f"{'lang':>5} {'gold':>5} {'P':>6} {'R':>6} {'F1':>6} {'qualifier':>9} {'conversion':>10}")
    for lang, count in counts.items():
        hits, gold, seen = count["hit"], max(count["gold"], 1), max(count["seen"], 1)
        rates = (hits / seen, hits / gold, 2 * hits / (gold + seen), count["qualifier"] / max(hits, 1))
        conversion = count["converted"] / max(count["conversion"], 1)
        print(f"{lang:>5} {gold:>5} {rates[0]:6.3f} {rates[1]:6.3f} {rates[2]:6.3f} {rates[3]:9.3f} {conversion:10.3f}")
    seconds = time.perf_counter() - began
    print(f"{letters / seconds / 1e6:.2f} million characters a second")


def tally(count: Counter[str], row: dict[str, Any], found: list[Amount]) -> None:
    """Add one document to the counts of its language."""
    gold = {key(item["value"], item.get("value_max"), item["currency"]): item for item in row["amounts"]}
    seen: dict[Key, Amount] = {}
    for item in found:
        seen.setdefault(key(item.value or 0.0, item.value_max, item.currency), item)
    both = gold.keys() & seen.keys()
    count["gold"] += len(gold)
    count["seen"] += len(seen)
    count["hit"] += len(both)
    said = {(key(item.value or 0.0, item.value_max, item.currency), item.qualifier) for item in found}
    count["qualifier"] += sum((item, gold[item]["qualifier"]) in said for item in both)
    conversions = [item for item in both if gold[item]["role"] == "conversion"]
    count["conversion"] += len(conversions)
    restated = {key(item.value or 0.0, item.value_max, item.currency) for item in found if item.role == "conversion"}
    count["converted"] += sum(item in restated for item in conversions)


def print_misses(row: dict[str, Any], found: list[Amount]) -> None:
    """One line for each difference."""
    gold = {key(item["value"], item.get("value_max"), item["currency"]): item for item in row["amounts"]}
    seen = {key(item.value or 0.0, item.value_max, item.currency): item for item in reversed(found)}
    text = f"{row['title']}\n{row['text']}" if row.get("title") else row["text"]
    for miss in gold.keys() - seen.keys():
        at = text.find(gold[miss]["text"])
        print(f"- {row['id']} {miss} {gold[miss]['text']!r} in {text[max(0, at - 40) : at + 50]!r}")
    for extra in seen.keys() - gold.keys():
        item = seen[extra]
        print(f"+ {row['id']} {extra} {item.text!r} in {text[max(0, item.start - 40) : item.end + 40]!r}")
    for match in gold.keys() & seen.keys():
        item, want = seen[match], gold[match]["qualifier"]
        if item.qualifier != want:
            around = text[max(0, item.start - 25) : item.end + 20]
            print(f"? {row['id']} {item.qualifier} for {want}: {gold[match]['text']!r} in {around!r}")


def specs(folder: Path, *, show: bool) -> None:
    """The table over Recognizers-Text's specs."""
    refused = refusals(REFUSED)
    print(f"{'lang':>5} {'sums':>5} {'right':>6} {'refused':>7} {'right of the rest':>17}")
    for file in sorted(folder.glob("*CurrencyModel.json")):
        lang = CODES[file.name.split(".")[0].lower()]
        right = total = declined = 0
        for text, wanted in cases(file):
            found = [(item.value, item.currency) for item in find_amounts(text, lang)]
            name = hashlib.sha256(text.encode()).hexdigest()[:12]
            for result in wanted:
                value = result["Resolution"]["value"]
                total += 1
                hit = any(agrees(result, amount, currency) for amount, currency in found)
                right += hit
                decline = not hit and (lang, name, str(value)) in refused
                declined += decline
                if show and not hit and not decline:
                    print(f"- {lang} {value} {result['Resolution'].get('unit')} not in {found} of {text[:150]!r}")
        rest = right / max(total - declined, 1)
        print(f"{lang:>5} {total:>5} {right / max(total, 1):6.3f} {declined:>7} {rest:17.3f}")


def refusals(file: Path) -> set[tuple[str, str, str]]:
    """Language, hashed input and expected value of each sum that docs/money-refused.md refuses."""
    table = tomllib.loads(file.read_text("utf-8"))
    return {(row["lang"], row["input"], row["value"]) for group in table["refused"] for row in group["sums"]}


def cases(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Input and expected sums of each case; currency names without a number are left out."""
    for case in json.loads(file.read_text("utf-8-sig")):
        wanted = [item for item in case["Results"] if (item.get("Resolution") or {}).get("value") is not None]
        if wanted:
            yield case["Input"], wanted


def agrees(result: dict[str, Any], value: float | None, currency: str | None) -> bool:
    """Whether a sum has the expected value, and the expected currency where the spec states a code."""
    if value is None:
        return False
    resolution = result["Resolution"]
    expected = float(str(resolution["value"]).replace(",", "."))
    code = resolution.get("isoCurrency")
    same = abs(value - expected) <= 1e-6 * max(abs(expected), 1.0)
    hundredth = abs(value * 100 - expected) <= 1e-6 * max(abs(expected), 1.0)
    return (same or hundredth) and (code is None or code == currency)


if __name__ == "__main__":
    main()
