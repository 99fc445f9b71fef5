"""What is loaded is what was exported, file by file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.tagger.artefact import FILES, FOLDER, ArtefactError, Words, read
from models.tagger.inference import Tagger

LARGEST = 75 * 10**6


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder that links to the artefact's files; a test replaces the one that it spoils."""
    for name in FILES:
        (tmp_path / name).symlink_to(FOLDER / name)
    shutil.copy(FOLDER / "config.json", tmp_path / "config.json")
    return tmp_path


def test_artefact_fits_the_repository() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= LARGEST


def test_an_untouched_copy_is_accepted(copy: Path) -> None:
    assert read(copy).config["sha256"].keys() == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_refused_by_file_name(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).unlink()
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(ArtefactError, match=name):
        read(copy)


@pytest.mark.parametrize("name", [*FILES, "config.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ArtefactError, match=name):
        Tagger.load(copy)


def test_classes_of_another_version_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text("utf-8"))
    config["pair_classes"] = config["pair_classes"][::-1]
    (copy / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ArtefactError, match="pair_classes"):
        Tagger.load(copy)


def test_heads_need_no_pickle() -> None:
    for name in ("heads.npz", "words.npz"):
        with np.load(FOLDER / name, allow_pickle=False) as archive:
            assert all(archive[key].dtype != object for key in archive.files)


def test_packed_words_unpack_by_hand() -> None:
    """Low nibbles are the first sixteen weights of a block, high nibbles the rest, eight means zero."""
    codes = np.array([[0x8F] + [0x88] * 15], np.uint8)
    row = Words(codes, np.array([[0.5]], np.float16))(np.array([[0]]))[0, 0]
    assert row[0] == 3.5  # (15 - 8) / 2
    assert not row[1:].any()
