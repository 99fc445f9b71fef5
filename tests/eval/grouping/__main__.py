"""``python -m tests.eval.grouping [dev] [newsroom] [--disagreements]``: how grouping agrees with the annotation."""

from __future__ import annotations

import argparse
import sys

from pipeline.group.measure import disagreements
from pipeline.group.sums import plain
from tests.eval.grouping.annotated import SETS, Grouped, Key, figures, group_sets


def main() -> int:
    """Print the figures of each set, and of all that were asked for in one ledger."""
    options = argparse.ArgumentParser(prog="python -m tests.eval.grouping", description=__doc__)
    options.add_argument("sets", nargs="*", metavar="SET", help=f"some of: {', '.join(SETS)} (default: all)")
    options.add_argument("--disagreements", action="store_true", help="also list every deal on which the two differ")
    chosen = options.parse_args()
    if unknown := set(chosen.sets) - set(SETS):
        options.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(SETS)}")
    names = chosen.sets or list(SETS)
    together = [names] if len(names) > 1 else []
    for part in [*([name] for name in names), *together]:
        grouped = group_sets(part)
        row = "  ".join(f"{name} {value:.3f}" for name, value in figures(grouped).items())
        print(f"{'+'.join(part):12}  {len(grouped.true):4} claims  {row}")
    if chosen.disagreements:
        _show(grouped)
    return 0


def _show(grouped: Grouped) -> None:
    for found in disagreements(grouped.true, grouped.found):
        print(f"\n{found.kind} {found.name}")
        for number, keys in enumerate(found.parts.values(), 1):
            for key in keys:
                print(f"  {number}. {_told(key, grouped)}")


def _told(key: Key, grouped: Grouped) -> str:
    claim = grouped.claims[key]
    parties = " ".join(f"{party.id}:{party.role}" for party in claim.parties)
    amount = plain(claim.amount) if claim.amount else "no sum"
    return f"{key[0]} #{key[1]}: {claim.occurred_on} {claim.type} {claim.status}, {amount}, {parties}"


if __name__ == "__main__":
    sys.exit(main())
