"""Whole, or not at all."""

from __future__ import annotations

import pytest

from pipeline.whole_file import write_whole


def test_a_file_is_made_with_its_folder_and_replaced(tmp_path):
    target = tmp_path / "new" / "a.txt"
    write_whole(target, [b"one\n", b"two\n"])
    assert target.read_bytes() == b"one\ntwo\n"
    write_whole(target, [b"three"])
    assert target.read_bytes() == b"three"
    assert list(target.parent.iterdir()) == [target]


def test_what_breaks_off_leaves_the_former_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.txt"
    write_whole(target, [b"before"])

    def broken():
        yield b"after"
        raise ValueError("the source failed")

    with pytest.raises(ValueError, match="the source failed"):
        write_whole(target, broken())
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
