"""``maintain``: counts first, deletes then, and says what it did."""

from __future__ import annotations

import json
import os
from pathlib import Path


def test_a_dry_run_counts_and_the_real_one_deletes(empty):
    body = Path(empty.env["DEALWIRE_HOME"]) / "raw" / "ab" / "ab.gz"
    body.parent.mkdir(parents=True)
    body.write_bytes(b"old")
    os.utime(body, (0, 0))
    told = json.loads(empty("maintain", "--dry-run", "--json").out)
    assert told["dry_run"]
    assert told["pruned"][0] == {"what": "raw bodies", "count": 1, "bytes": 3}
    assert body.exists()
    answer = empty("maintain")
    assert answer.status == 0, answer.err
    assert "raw bodies" in answer.out
    assert "no ledger at" in answer.err
    assert not body.exists()


def test_a_ledger_is_compacted_and_published(empty):
    assert empty("db", "migrate").status == 0
    told = json.loads(empty("maintain", "--compact", "--json").out)
    assert [item["what"] for item in told["pruned"]][-3:] == ["requests", "runs", "ledger"]
    assert (Path(empty.env["DEALWIRE_HOME"]) / "published" / "dealwire.duckdb").is_file()
