"""``python -m tests.eval.pin [--allow-lower]``: settle the floors a hundredth below what the reader reaches now."""

from __future__ import annotations

import argparse
import sys

import tomli_w

from tests.eval.gate import (
    FLOORS,
    LoweredFloorsError,
    articles,
    corpus_hash,
    floors_under,
    measure,
    read_all,
    read_floors,
    settle,
)

_HEAD = "# Floors under the figures of the benchmark, written by `python -m tests.eval.pin`; do not edit by hand.\n\n"


def main() -> int:
    """Read the corpus, write ``floors.toml``; 1 where a floor would sink and that is not allowed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--allow-lower", action="store_true", help="also lower floors, or pin another corpus")
    chosen = options.parse_args()
    gold = articles()
    figures = measure(gold, read_all(gold))
    try:
        table = settle(read_floors(), corpus_hash(), floors_under(figures), chosen.allow_lower)
    except LoweredFloorsError as error:
        print(f"{FLOORS.name} stays as it is; --allow-lower would pin:\n{error}", file=sys.stderr)
        return 1
    FLOORS.write_text(_HEAD + tomli_w.dumps(table), "utf-8")
    for part, langs in figures.items():
        print(part, {name: round(value, 3) for name, value in langs["all"].items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
