"""Chips: rows, generations that no row has yet, and plain GPUs."""

from __future__ import annotations

import pytest

from models.chips import chip_names, find_chips
from models.normal import normalise
from models.orgs import find_orgs
from models.sentences import split


def chips(content, lang="en"):
    text = normalise(content)
    found = find_chips(content, text, find_orgs(content, text), split(content, lang))
    assert all(content[c.start : c.end] == c.text for c in found)
    return [c.id for c in found]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ("10,000 Nvidia H100 cards", ["nvidia-h100"]),
        ("AMD's MI450", ["amd-mi450"]),
        ("英伟达H20与昇腾910B", ["nvidia-h20", "huawei-ascend-910b"]),
        ("グーグルのTPU v5p", ["google-tpu-v5p"]),
        ("AMD's MI995X", ["amd-mi995x"]),  # unlisted, as are those below
        ("Nvidia's GB900", ["nvidia-gb900"]),
        ("Trainium 9", ["aws-trainium9"]),
        ("第9世代TPU", ["google-tpu-v9"]),
        ("the H300 road", []),  # such a number needs its maker
        ("Nvidia's H300", ["nvidia-h300"]),
        ("XMI995Y", []),
        ("", []),
    ],
)
def test_families_by_name_and_pattern(content, ids):
    assert chips(content) == ids


def test_a_plain_gpu_takes_the_vendor_of_its_own_sentence_only():
    assert chips("Nvidia delivers GPUs.") == ["nvidia-gpu"]
    assert chips("Nvidia rose. The centre holds 500 GPUs.") == ["gpu"]
    assert chips("AMD delivers GPUs.") == ["gpu"]
    assert chips("엔비디아의 GPU를 샀다.", "ko") == ["nvidia-gpu"]


def test_memory_is_no_ai_chip():
    assert chips("SK hynix ships HBM3E.") == []


def test_names_alone_need_no_sentence():
    assert [m.id for m in chip_names("H100 by Nvidia")] == ["nvidia-h100"]
