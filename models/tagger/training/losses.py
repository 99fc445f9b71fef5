"""One batch through the network, and the loss of each task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from models.tagger.artefact import Words
from models.tagger.training.batches import Row
from models.tagger.training.model import Net, Pool

NONE_WEIGHT = 0.5
ROLE_WEIGHT = 2.0  # of a role that is there against one that is not
TASKS = {
    "tag": 2.0,
    "role": 1.0,
    "status": 0.4,
    "pair": 1.5,
    "pair_status": 0.4,
    "amount": 0.7,
    "amount_link": 0.5,
    "chip_link": 0.3,
}


def _ranges(rows: Sequence[tuple[int, tuple[int, int]]]) -> np.ndarray:
    return np.array([(row, low + 1, high + 1) for row, (low, high) in rows], np.int64).reshape(-1, 3)


def losses(net: Net, words: Words, batch: Sequence[Row]) -> dict[str, torch.Tensor]:
    """Mean loss of each task that the batch has targets for."""
    width = max(len(row.ids) for row in batch)
    ids, mask = np.ones((len(batch), width), np.int64), np.zeros((len(batch), width), np.int64)
    tags = np.ones((len(batch), width, batch[0].tags.shape[1]), bool)
    for n, row in enumerate(batch):
        ids[n, : len(row.ids)], mask[n, : len(row.ids)] = row.ids, 1
        tags[n, 1 : len(row.ids) - 1] = row.tags
    table = words(ids)
    hidden = net.encode(torch.from_numpy(table), torch.from_numpy(mask))
    pool = Pool(hidden)
    out: dict[str, torch.Tensor] = {}

    marks = torch.from_numpy(tags)
    taught = ~marks.all(-1)
    if taught.any():
        logp = functional.log_softmax(net.heads["tag"](net.drop(hidden))[taught], -1)
        out["tag"] = -logp.masked_fill(~marks[taught], -30.0).logsumexp(-1).mean()

    def parts(kind: str) -> list[torch.Tensor]:
        rows = [(n, entry[0]) for n, row in enumerate(batch) for entry in getattr(row, kind)]
        return [pool(_ranges([(n, r[k]) for n, r in rows])) for k in range(len(rows[0][1]))] if rows else []

    entries = [entry for row in batch for entry in row.roles]
    if entries:
        x = net.inner("role", torch.cat(parts("roles"), -1))
        known = torch.tensor([e[1] is not None for e in entries])
        if known.any():
            target = torch.from_numpy(np.stack([e[1] for e in entries if e[1] is not None]))
            scores = net.heads["role"](x)[known]
            weight = torch.full(scores.shape[-1:], ROLE_WEIGHT)
            out["role"] = (
                functional.binary_cross_entropy_with_logits(scores, target, pos_weight=weight, reduction="none")
                .sum(-1)
                .mean()
            )
        _class(out, "status", net.heads["status"](x), [e[2] for e in entries])
    entries = [entry for row in batch for entry in row.pairs]
    if entries:
        one, two, gap, left, right = parts("pairs")
        numbers = torch.tensor([e[3] for e in entries])
        x = net.inner("pair", torch.cat([one, two, one * two, (one - two).abs(), gap, (left + right) / 2, numbers], -1))
        scores, target = net.heads["pair"](x), torch.tensor([e[1] for e in entries])
        weight = torch.ones(scores.shape[-1])
        weight[0] = NONE_WEIGHT
        out["pair"] = functional.cross_entropy(scores, target, weight)
        _class(out, "pair_status", net.heads["pair_status"](x), [e[2] for e in entries])
    entries = [entry for row in batch for entry in row.amounts]
    if entries:
        x = net.inner("amount", torch.cat(parts("amounts"), -1))
        out["amount"] = functional.cross_entropy(net.heads["amount"](x), torch.tensor([e[1] for e in entries]))
    for kind in ("amount", "chip"):
        entries = [entry for row in batch for entry in getattr(row, f"{kind}_links")]
        if entries:
            one, two, gap = parts(f"{kind}_links")
            x = net.inner(f"{kind}_link", torch.cat([one, two, one * two, gap], -1))
            target = torch.tensor([e[1] for e in entries])
            out[f"{kind}_link"] = functional.binary_cross_entropy_with_logits(
                net.heads[f"{kind}_link"](x)[:, 0], target
            )
    return out


def _class(out: dict[str, torch.Tensor], name: str, scores: torch.Tensor, target: list[int]) -> None:
    known = torch.tensor([t >= 0 for t in target])
    if known.any():
        out[name] = functional.cross_entropy(scores[known], torch.tensor(target)[known])


def total(found: dict[str, torch.Tensor]) -> torch.Tensor:
    """The weighted sum that is minimised."""
    return torch.stack([TASKS[name] * value for name, value in found.items()]).sum()
