"""Lines that end where they should."""

from __future__ import annotations

from pipeline.digest.wrap import columns, wrapped


def test_words_are_never_broken_and_east_asian_text_may_be():
    text = wrapped("Anthropic is in talks over " + "計算資源を調達する方向で協議している。" * 3, 4, 40)
    lines = text.splitlines()
    assert all(line.startswith("    ") and columns(line) <= 42 for line in lines)  # a full stop may hang out
    assert not any(line.strip()[0] in "。、」" for line in lines)
    assert "Anthropic is in talks" in lines[0]
    assert "".join(lines).replace(" ", "") == "Anthropicisintalksover" + "計算資源を調達する方向で協議している。" * 3


def test_a_long_address_stays_whole():
    address = "https://example.org/" + "x" * 100
    assert address in wrapped(f"see {address} there", 0, 40).splitlines()
    assert wrapped("", 4) == ""


def test_a_no_break_space_breaks_nothing():
    assert wrapped("un montant\u00a0: dix", 0, 11).splitlines() == ["un", "montant\u00a0:", "dix"]
