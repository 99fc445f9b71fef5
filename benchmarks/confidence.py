"""Reliability of the reader's confidence: a table, the calibration error, and a plot on request.

    confidence.py GOLD.jsonl READINGS.jsonl [--bins 8] [--out reliability.svg]

GOLD holds annotated articles, READINGS the lines of ``dealwire extract --format jsonl`` over them. Each bin holds
equally many deals; where the confidence is honest, the share of facts that hold equals it: dots on the diagonal.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.calibration import Bin, bins, calibration_error, told


def main() -> None:
    """Read the arguments, print the table, draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("readings", type=Path)
    parser.add_argument("--bins", type=int, default=8)
    parser.add_argument("--out", type=Path, help="an .svg or .png file")
    args = parser.parse_args()
    gold, found = (
        [json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in (args.gold, args.readings)
    )
    rows = bins(told(gold, {row["id"]: row for row in found}), args.bins)
    print(f"{'deals':>6} {'confidence':>10} {'facts right':>11}")
    for row in rows:
        print(f"{row.deals:>6} {row.confidence:>10.3f} {row.right:>11.3f}")
    print(f"calibration error {calibration_error(rows):.3f} over {sum(row.deals for row in rows)} deals")
    if args.out:
        draw(rows, args.out)


def draw(rows: Sequence[Bin], out: Path) -> None:
    """The reliability plot: dots as large as their bins, and the diagonal."""
    import altair as alt

    scale = alt.Scale(domain=[0, 1])
    table = alt.Data(values=[{"confidence": r.confidence, "right": r.right, "deals": r.deals} for r in rows])
    line = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
    diagonal = line.mark_line(strokeDash=[4, 4], color="#999").encode(x="x:Q", y="y:Q")
    x = alt.X("confidence:Q", scale=scale, title="Confidence of the deal")
    y = alt.Y("right:Q", scale=scale, title="Share of its facts that hold")
    dots = alt.Chart(table).mark_line(color="#1f5fa8", point={"size": 80, "color": "#1f5fa8"}).encode(x=x, y=y)
    (diagonal + dots).properties(width=360, height=360).save(str(out))


if __name__ == "__main__":
    main()
