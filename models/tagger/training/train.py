"""Train the tagger.

    python -m models.tagger.training.train --articles DIR --shared DIR --out DIR --minutes 45 [--start FILE] [--resume]

``--articles`` holds annotated articles (JSONL), ``--shared`` the folders ``gold/snippets`` and ``data``. The schedule
is by the clock: warm-up over the first twentieth of the minutes, then linear decay to nothing at their end.
``--resume`` goes on from the last checkpoint with the time it has left; ``--start`` begins a new schedule from the
encoder of an earlier run (and its heads, with ``--heads``).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from models.deals.training.held_back import PASSAGES, WRITTEN
from models.tagger.inference import Tagger
from models.tagger.training.base import Base, load_base
from models.tagger.training.batches import Sampler
from models.tagger.training.data import Item
from models.tagger.training.evaluate import evaluate
from models.tagger.training.losses import losses, total
from models.tagger.training.model import Net
from models.tagger.training.names import Names
from models.tagger.training.sources import load_all

WEIGHTS = {
    "articles": 0.17,
    "written": 0.50,
    "snippets": 0.10,
    "passages": 0.08,
    "stockmark": 0.04,
    "klue": 0.04,
    "smartdata": 0.03,
    "fewfc": 0.04,
}
WARM = 0.05


def write_tokenizer(base: Base, folder: Path) -> PreTrainedTokenizerFast:
    """Save the trimmed tokenizer and load it as the run time does."""
    file = folder / "tokenizer.json"
    file.write_text(json.dumps(base.tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8")
    return PreTrainedTokenizerFast(tokenizer_file=str(file))


def as_tagger(net: Net, base: Base, tokenizer: PreTrainedTokenizerFast) -> Tagger:
    """The network in training behind the run-time interface."""

    def run(windows: list[np.ndarray]) -> list[np.ndarray]:
        width = max(map(len, windows))
        ids, mask = np.ones((len(windows), width), np.int64), np.zeros((len(windows), width), np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window)], mask[row, : len(window)] = window, 1
        words = base.words(ids)
        with torch.no_grad():
            hidden = net.encode(torch.from_numpy(words), torch.from_numpy(mask)).numpy()
        return [hidden[row, : len(window)] for row, window in enumerate(windows)]

    return Tagger(run, net.head_arrays(), tokenizer, "training")


def states(net: Net, base: Base, sampler: Sampler, seed: int) -> torch.Tensor:
    """Hidden states [n, width] of the pieces of a few batches."""
    batches = sampler.batches(seed, 16)
    rows = [row for _ in range(4) for row in next(batches)]
    net.eval()
    found = as_tagger(net, base, sampler.tokenizer)._encoder([row.ids for row in rows])
    return torch.from_numpy(np.concatenate(found))


def known_names(train: dict[str, list[Item]]) -> set[str]:
    """Every organisation name that training can show unaltered."""
    return {i.text[a:b] for items in train.values() for i in items for a, b, kind in i.tags if kind == "ORG"}


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--names", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--encoder-rate", type=float, default=8e-5)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--judge", type=int, default=300, help="steps between looks at the held-back articles")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="one is faster than two where others use the machine")
    parser.add_argument("--start", type=Path)
    parser.add_argument("--heads", action="store_true", help="take the heads of --start too, not its encoder alone")
    parser.add_argument("--frozen", type=int, default=3, help="lowest layers that stay as they are")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args(argv)
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    base = load_base()
    tokenizer = write_tokenizer(base, args.out)
    train, held = load_all(args.articles, args.shared, args.passages, args.written)
    print({name: (len(items), len(held[name])) for name, items in train.items()}, flush=True)
    sampler = Sampler(train, WEIGHTS, tokenizer, Names(args.names))
    net = Net(base.sizes, base.state)
    net.freeze(args.frozen)
    encoder = [p for p in net.encoder.parameters() if p.requires_grad]
    groups = [{"params": encoder, "top": args.encoder_rate}, {"params": net.heads.parameters(), "top": args.head_rate}]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01)
    step, spent, file = 0, 0.0, args.out / "checkpoint.pt"
    if args.resume and file.exists():
        saved = torch.load(file, weights_only=True)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        step, spent = saved["step"], saved["spent"]
    else:
        if args.start:
            saved = torch.load(args.start, weights_only=True)["net"]
            own = {name: value for name, value in saved.items() if args.heads or not name.startswith("heads.")}
            net.load_state_dict(own, strict=False)
        if not (args.start and args.heads):
            net.standardise(states(net, base, sampler, args.seed))
    begun, means = time.monotonic() - spent, defaultdict(list)
    names = known_names(train)
    for batch in sampler.batches(args.seed + step, args.batch):
        done = (time.monotonic() - begun) / (60 * args.minutes)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(done / WARM, (1 - done) / (1 - WARM))
        net.train()
        found = losses(net, base.words, batch)
        optimizer.zero_grad()
        total(found).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        for name, value in found.items():
            means[name].append(value.item())
        if step % 20 == 0:
            print(step, f"{done:.3f}", {k: round(float(np.mean(v)), 3) for k, v in means.items()}, flush=True)
            means.clear()
        if step % args.every == 0:
            sampler.load(
                load_all(args.articles, args.shared, args.passages, args.written)[0], WEIGHTS
            )  # passages may have been added
            save(net, optimizer, step, time.monotonic() - begun, file)
        if step % args.judge == 0:
            net.eval()
            print(step, "held", evaluate(as_tagger(net, base, tokenizer), held["articles"], names)["all"], flush=True)
    save(net, optimizer, step, time.monotonic() - begun, args.out / "final.pt")
    net.eval()
    for name, row in evaluate(as_tagger(net, base, tokenizer), held["articles"], names).items():
        print("final", name, row, flush=True)
    return 0


def save(net: Net, optimizer: torch.optim.Optimizer, step: int, spent: float, file: Path) -> None:
    """Write a checkpoint whole or not at all."""
    part = file.with_suffix(".part")
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}, part)
    part.replace(file)


if __name__ == "__main__":
    raise SystemExit(main())
