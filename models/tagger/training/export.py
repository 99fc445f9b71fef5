"""Export a trained tagger and compare the exported form with the network it came from.

    python -m models.tagger.training.export --weights RUN/final.pt --articles DIR --shared DIR [--folder DIR]

The encoder becomes ONNX with int8 weights and activations (see ``quantise.py``); word embeddings stay Q4_0, as they
were pretrained; heads are half-precision arrays. ``config.json`` holds the hash of every file. Needs ``onnx``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, PAIR_CLASSES, STATUSES
from models.deals.training.held_back import PASSAGES, WRITTEN
from models.tagger.artefact import FILES, FOLDER
from models.tagger.decode import TAGS
from models.tagger.inference import Tagger
from models.tagger.training.base import load_base
from models.tagger.training.evaluate import evaluate
from models.tagger.training.model import Net
from models.tagger.training.quantise import quantise
from models.tagger.training.sources import load_all
from models.tagger.training.train import as_tagger, known_names, write_tokenizer


class _Encoder(torch.nn.Module):
    def __init__(self, net: Net) -> None:
        super().__init__()
        self.encoder = net.encoder

    def forward(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Hidden states [batch, pieces, width]. The mask is added by hand: the library's own does not trace."""
        body = self.encoder
        x = body.embeddings(inputs_embeds=words)
        bias = ((1.0 - mask.float()) * -10000.0)[:, None, None, :]
        heads = body.config.num_attention_heads
        for layer in body.encoder.layer:
            own = layer.attention.self
            batch, size, width = x.shape

            def split(y: torch.Tensor, batch: int = batch, size: int = size, width: int = width) -> torch.Tensor:
                return y.reshape(batch, size, heads, width // heads).transpose(1, 2)

            q, k, v = split(own.query(x)), split(own.key(x)), split(own.value(x))
            weights = (q @ k.transpose(2, 3) / (width // heads) ** 0.5 + bias).softmax(-1)
            context = (weights @ v).transpose(1, 2).reshape(batch, size, width)
            x = layer.attention.output(context, x)
            x = layer.output(layer.intermediate(x), x)
        return x


def to_onnx(net: Net, file: Path) -> None:
    """Write the encoder as ONNX with int8 weights, after a check that the graph computes what was trained."""
    width = net.encoder.config.hidden_size
    example = (torch.randn(2, 7, width), torch.tensor([[1] * 7, [1] * 5 + [0] * 2]))
    wrapped = _Encoder(net).eval()
    with torch.no_grad():
        ours = wrapped(*example)
        theirs = net.encoder(inputs_embeds=example[0], attention_mask=example[1]).last_hidden_state
    if (ours - theirs)[example[1].bool()].abs().max() > 1e-3:
        raise SystemExit("the traced encoder differs from the trained one; check the version of transformers")
    axes = {"words": {0: "batch", 1: "pieces"}, "mask": {0: "batch", 1: "pieces"}, "hidden": {0: "batch", 1: "pieces"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            wrapped, example, str(plain), input_names=["words", "mask"], output_names=["hidden"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantise(plain, file)


def write(net: Net, folder: Path) -> None:
    """Write all files of the artefact."""
    folder.mkdir(parents=True, exist_ok=True)
    base = load_base()
    write_tokenizer(base, folder)
    to_onnx(net, folder / "encoder.onnx")
    np.savez(folder / "words.npz", codes=base.words.codes, scales=base.words.scales)
    halves = {name: value.astype(np.float16) for name, value in net.head_arrays().items()}
    np.savez_compressed(folder / "heads.npz", **halves)
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    config = {
        "version": f"tagger-1-{hashlib.sha256(''.join(hashes.values()).encode()).hexdigest()[:12]}",
        "tags": TAGS,
        "mention_classes": [":".join(pair) for pair in MENTION_CLASSES],
        "pair_classes": PAIR_CLASSES,
        "statuses": STATUSES,
        "amount_roles": AMOUNT_ROLES,
        "sha256": hashes,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    base = load_base()
    net = Net(base.sizes, base.state).eval()
    net.load_state_dict(torch.load(args.weights, weights_only=True)["net"])
    write(net, args.folder)
    print({name: (args.folder / name).stat().st_size for name in (*FILES, "config.json")}, flush=True)
    train, held = load_all(args.articles, args.shared, args.passages, args.written)
    small = Tagger.load(args.folder)
    net.exact = True
    full = as_tagger(net, base, small._tokenizer)
    for label, tagger in (("int8", small), ("fp32", full)):
        for name, row in evaluate(tagger, held["articles"], known_names(train)).items():
            print(label, name, row, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
