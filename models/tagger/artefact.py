"""Reading of the trained artefact: every file is checked against its hash before it is used."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FOLDER: Final = Path(__file__).parent / "artefact"
FILES: Final = ("encoder.onnx", "words.npz", "heads.npz", "tokenizer.json")


class ArtefactError(RuntimeError):
    """A file of the artefact is missing or is not the one that its configuration describes."""


@dataclass(slots=True)
class Words:
    """Word embeddings in Q4_0: ``codes`` uint8 [n, width / 2], ``scales`` float16 [n, width / 32]."""

    codes: npt.NDArray[np.uint8]
    scales: npt.NDArray[np.float16]

    def __call__(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Embeddings [..., width] of piece ids [...]."""
        flat, inverse = np.unique(ids, return_inverse=True)
        blocks = self.codes[flat].reshape(len(flat), -1, 16)
        values = np.concatenate([blocks & 15, blocks >> 4], axis=2).astype(np.float32) - 8.0
        rows = (values * self.scales[flat].astype(np.float32)[:, :, None]).reshape(len(flat), -1)
        return np.asarray(rows[inverse.reshape(-1)].reshape(*ids.shape, -1), np.float32)


@dataclass(slots=True)
class Artefact:
    """The checked parts: ONNX graph as bytes, word embeddings, head weights, the tokenizer's file, configuration."""

    encoder: bytes
    words: Words
    heads: dict[str, npt.NDArray[np.float32]]
    tokenizer: Path
    config: dict[str, Any]


def _checked(folder: Path, name: str, sha256: str | None) -> bytes:
    file = folder / name
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ArtefactError(
            f"{file}: cannot be read ({error.strerror}); restore it or run the tagger's export"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ArtefactError(f"{file}: sha256 is {found}, config.json says {sha256}; restore the file or export again")
    return data


def _arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def read(folder: Path | None = None) -> Artefact:
    """Read the artefact in ``folder`` (default: the one in the package); :class:`ArtefactError` names a bad file."""
    folder = folder or FOLDER
    file = folder / "config.json"
    try:
        config = json.loads(file.read_text("utf-8"))
        hashes = dict(config["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(f"{file}: no usable configuration of a tagger ({error!r})") from error
    data = {name: _checked(folder, name, hashes.get(name)) for name in FILES}
    words = _arrays(data["words.npz"])
    heads = {name: np.asarray(value, np.float32) for name, value in _arrays(data["heads.npz"]).items()}
    return Artefact(
        data["encoder.onnx"], Words(words["codes"], words["scales"]), heads, folder / "tokenizer.json", config
    )
