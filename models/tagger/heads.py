"""The tagger's heads in numpy: small two-layer networks over means of hidden states.

A mention is the mean of its pieces. Pooling spans instead of writing markers into the text lets one pass of the encoder
serve every pair of a window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.tagger.windows import Range, Window

Floats = npt.NDArray[np.float32]
NUMBERS: Final = 4


def means(hidden: Floats, ranges: Sequence[Range]) -> Floats:
    """Mean hidden state of each range of positions [n, width]; zeros for an empty range."""
    rows = [hidden[a:b].mean(0) if b > a else np.zeros(hidden.shape[1], np.float32) for a, b in ranges]
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, hidden.shape[1]), np.float32)


def between(one: Range, two: Range) -> Range:
    """The positions after the first and before the second; empty where they touch."""
    first, second = (one, two) if one[0] <= two[0] else (two, one)
    return first[1], max(first[1], second[0])


def pair_numbers(window: Window, one: Range, two: Range, orgs: Sequence[Range]) -> list[float]:
    """What means do not say of two organisations [NUMBERS].

    Distance in pieces and in sentences, how many names stand between, whether ``one`` is in sentence 0.
    """
    low, high = between(one, two)
    inside = len({r for r in orgs if low <= r[0] < high})
    apart = int(window.sentences[two[0]]) - int(window.sentences[one[0]])
    return [
        float(np.log1p(high - low)) / 3,
        float(np.log1p(abs(apart))),
        float(np.log1p(inside)),
        float(window.sentences[one[0]] == 0),
    ]


def linear(weights: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    """One affine layer."""
    return np.asarray(x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], np.float32)


def inner(weights: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    """Hidden layer of a head."""
    return np.maximum(linear(weights, f"{name}_in", x), np.float32(0))


def log_softmax(x: Floats) -> Floats:
    """Natural logarithms of the class probabilities along the last axis."""
    x = x - x.max(-1, keepdims=True)
    return np.asarray(x - np.log(np.exp(x).sum(-1, keepdims=True)), np.float32)


def mention_features(mention: Floats, sentence: Floats) -> Floats:
    """Input of the heads that judge one span [n, 2 width]."""
    return np.concatenate([mention, sentence], -1)


def link_features(one: Floats, two: Floats, gap: Floats) -> Floats:
    """Input of the heads that judge whether a sum or a chip belongs to a party [n, 4 width]."""
    return np.concatenate([one, two, one * two, gap], -1)


def pair_features(one: Floats, two: Floats, gap: Floats, sentence: Floats, numbers: Floats) -> Floats:
    """Input of the head that judges two organisations, in text order [n, 6 width + NUMBERS]."""
    return np.concatenate([one, two, one * two, np.abs(one - two), gap, sentence, numbers], -1)
