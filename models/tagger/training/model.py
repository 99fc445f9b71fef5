"""The network in torch: a BERT encoder without its word embeddings, and the heads that ``heads.py`` runs in numpy."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, PAIR_CLASSES, STATUSES
from models.tagger.decode import TAGS
from models.tagger.heads import NUMBERS

INNER = {"role": (2, 256), "pair": (6, 256), "amount": (2, 128), "amount_link": (4, 128), "chip_link": (4, 128)}
OUT = {
    "role": ("role", len(MENTION_CLASSES)), "status": ("role", len(STATUSES)),
    "pair": ("pair", len(PAIR_CLASSES)), "pair_status": ("pair", len(STATUSES)),
    "amount": ("amount", len(AMOUNT_ROLES)), "amount_link": ("amount_link", 1), "chip_link": ("chip_link", 1),
}  # fmt: skip


class Net(nn.Module):
    """Encoder and heads. ``words`` are looked up outside, so that they stay frozen and packed."""

    def __init__(self, sizes: dict[str, int], state: dict[str, np.ndarray] | None = None) -> None:
        super().__init__()
        self.exact = False  # single precision all through
        width = sizes["hidden"]
        config = BertConfig(
            vocab_size=4, hidden_size=width, num_hidden_layers=sizes["layers"], num_attention_heads=sizes["heads"],
            intermediate_size=sizes["inner"], max_position_embeddings=sizes["positions"], type_vocab_size=1,
            hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        config._attn_implementation = "eager"  # faster than the fused kernel at this size in bfloat16
        self.encoder = BertModel(config, add_pooling_layer=False)
        if state is not None:
            self.encoder.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()}, strict=False)
        for name in ("word_embeddings", "position_embeddings", "token_type_embeddings"):
            getattr(self.encoder.embeddings, name).weight.requires_grad_(False)
        self.drop = nn.Dropout(0.2)
        self.heads = nn.ModuleDict({"tag": nn.Linear(width, len(TAGS))})
        for name, (parts, size) in INNER.items():
            self.heads[f"{name}_in"] = nn.Linear(parts * width + (NUMBERS if name == "pair" else 0), size)
        for name, (source, size) in OUT.items():
            self.heads[name] = nn.Linear(INNER[source][1], size)

    def freeze(self, layers: int) -> None:
        """Keep the embeddings' normalisation and the lowest layers as they were pretrained."""
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:layers]):
            part.requires_grad_(False)

    def standardise(self, hidden: torch.Tensor) -> None:
        """Fold the mean and spread of ``hidden`` [n, width] into the last normalisation: heads see centred states.

        States of e5 share one large mean; heads that read them raw learn slowly.
        """
        last = self.encoder.encoder.layer[-1].output.LayerNorm
        centre, spread = hidden.mean(0), hidden.std(0).clamp(min=1e-3)
        with torch.no_grad():
            last.bias.sub_(centre).div_(spread)
            last.weight.div_(spread)
            tag = self.heads["tag"]
            tag.bias.add_(tag.weight @ centre)
            tag.weight.mul_(spread)

    def encode(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden states [batch, pieces, width] in single precision."""
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.exact):
            hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return hidden.float()

    def inner(self, name: str, x: torch.Tensor) -> torch.Tensor:
        """Hidden layer of a head, with dropout before and after."""
        return self.drop(torch.relu(self.heads[f"{name}_in"](self.drop(x))))

    def head_arrays(self) -> dict[str, np.ndarray]:
        """Head weights under the names that ``heads.py`` expects."""
        return {name: value.detach().float().numpy().copy() for name, value in self.heads.state_dict().items()}


class Pool:
    """Means over ranges of positions by differences of running sums: (row, low, high) to [n, width]."""

    def __init__(self, hidden: torch.Tensor) -> None:
        zero = hidden.new_zeros(hidden.shape[0], 1, hidden.shape[2])
        self.sums = torch.cat([zero, hidden.cumsum(1)], 1)

    def __call__(self, ranges: np.ndarray) -> torch.Tensor:
        row, low, high = (torch.from_numpy(np.ascontiguousarray(c)) for c in ranges.reshape(-1, 3).T)
        size = (high - low).clamp(min=1).unsqueeze(1)
        return (self.sums[row, high] - self.sums[row, low]) / size
