"""The fitted linear models at run time: feature strings in, scores out. Explainable, and needs nothing but NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

MODEL_FILE = "deal_model.npz"


class Linear:
    """One linear model: a row of weights a class, a column a feature name; the last column is the bias."""

    def __init__(self, names: Sequence[str], weights: NDArray[np.float32]) -> None:
        self._index = {name: number for number, name in enumerate(names)}
        self._weights = weights

    def scores(self, features: Iterable[str]) -> NDArray[np.float32]:
        """Scores [classes] of one row of features; the row is scaled to unit length as in training."""
        columns = sorted({self._index[name] for name in features if name in self._index})
        total = self._weights[:, -1].copy()
        if columns:
            total += self._weights[:, columns].sum(axis=1) / len(columns) ** 0.5
        return total

    def probabilities(self, features: Iterable[str]) -> NDArray[np.float32]:
        """Softmax over the classes."""
        return softmax(self.scores(features))


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


@cache
def load() -> dict[str, Linear]:
    """The models ``pair``, ``mention``, ``status`` and ``amount`` from ``models/data/deal_model.npz``."""
    with as_file(files("models") / "data" / MODEL_FILE) as path, np.load(path, allow_pickle=False) as archive:
        parts = sorted({key.split(".")[0] for key in archive.files})
        return {
            part: Linear(str(archive[f"{part}.names"]).split("\n"), archive[f"{part}.weights"].astype(np.float32))
            for part in parts
        }
