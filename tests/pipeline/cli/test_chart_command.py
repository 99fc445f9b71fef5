"""``chart`` on a small real snapshot."""

from __future__ import annotations

from pathlib import Path


def test_a_chart_is_written_where_it_is_told(dealwire, tmp_path):
    answer = dealwire("chart", "chips", "--out", str(tmp_path / "chips.svg"), "--lang", "ja")
    assert answer.status == 0, answer.err
    assert Path(answer.out.strip()).read_text("utf-8").startswith("<svg")


def test_what_cannot_be_drawn_is_named(dealwire, tmp_path):
    answer = dealwire("chart", "chips", "--out", str(tmp_path / "chips.gif"))
    assert (answer.status, ".png" in answer.err) == (2, True)
    answer = dealwire("chart", "chips", "--out", str(tmp_path / "chips.svg"), "--lang", "pt")
    assert answer.status == 2
    assert "one of: de, en, es, fr, ja, ko, zh" in answer.err


def test_without_a_snapshot_it_says_how_to_make_one(empty, tmp_path):
    answer = empty("chart", "timeline", "--out", str(tmp_path / "a.png"))
    assert answer.status == 2
    assert "dealwire demo" in answer.err
    assert not (tmp_path / "a.png").exists()
