"""Fit the deal engine's linear models and write ``models/data/deal_model.npz``.

    python -m models.deals.training.fit GOLD.jsonl … [--holdout EVAL.jsonl …]

Multinomial and one-against-rest logistic regressions with L2 over hashed-free, pruned string features. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from models.deals.features import mention_features, pair_features
from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, NONE, PAIR_CLASSES, STATUSES
from models.deals.scoring import near_pairs
from models.deals.statement_features import amount_features, sentence_features
from models.deals.training.dataset import Example, deal_sentences, mention_label, pair_label, read


class Vocabulary:
    """Feature strings to column numbers; those seen in fewer than ``least`` examples are dropped."""

    def __init__(self, rows: Sequence[set[str]], least: int = 2) -> None:
        counts = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, count in counts.items() if count >= least)
        self.index = {name: number for number, name in enumerate(self.names)}

    def matrix(self, rows: Sequence[set[str]]) -> csr_matrix:
        """Rows as a sparse matrix, each scaled to unit length so that long sentences do not shout."""
        indptr, indices, data = [0], [], []
        for row in rows:
            columns = sorted(self.index[name] for name in row if name in self.index)
            indices += columns
            data += [1.0 / max(1.0, len(columns)) ** 0.5] * len(columns)
            indptr.append(len(indices))
        return csr_matrix((data, indices, indptr), shape=(len(rows), len(self.names)))


def pair_rows(examples: Iterable[Example]) -> tuple[list[set[str]], list[str], list[str]]:
    """Features, labels and document ids of all mention pairs that stand close enough."""
    rows, labels, owners = [], [], []
    for example in examples:
        mentions = example.context.mentions
        for i, j in near_pairs(example.context):
            label = pair_label(example, mentions[i], mentions[j])
            if label is None:
                continue
            rows.append(set(pair_features(example.context, mentions[i], mentions[j])))
            labels.append(label if label in PAIR_CLASSES else NONE)
            owners.append(example.id)
    return rows, labels, owners


def mention_rows(examples: Iterable[Example]) -> tuple[list[set[str]], list[set[tuple[str, str]]], list[str]]:
    """Features and gold (type, role) sets of all mentions."""
    rows, labels, owners = [], [], []
    for example in examples:
        for mention in example.context.mentions:
            label = mention_label(example, mention)
            if label is None:
                continue
            rows.append(set(mention_features(example.context, mention)))
            labels.append(label)
            owners.append(example.id)
    return rows, labels, owners


def status_rows(examples: Iterable[Example]) -> tuple[list[set[str]], list[str], list[str]]:
    """Features of each deal's evidence sentences and the deal's status."""
    rows, labels, owners = [], [], []
    for example in examples:
        for index, deal in enumerate(example.gold["deals"]):
            if not example.evidence[index] and len(example.context.sentences) > 3:
                continue
            parties = {p["id"] for p in deal["parties"]}
            for number in sorted(deal_sentences(example, index)):
                inside = [m for m in example.context.mentions if m.sentence == number and m.id in parties]
                if not inside:
                    continue
                focus = sum(m.start for m in inside) // len(inside)
                features = set(sentence_features(example.context, number, focus))
                rows.append(features | {f"s:type={deal['type']}", *(f"{f}|t={deal['type']}" for f in features)})
                labels.append(deal["status"])
                owners.append(example.id)
    return rows, labels, owners


def amount_rows(examples: Iterable[Example]) -> tuple[list[set[str]], list[str], list[str]]:
    """Features of each sum that the text holds, and its gold role."""
    rows: list[set[str]] = []
    labels: list[str] = []
    owners: list[str] = []
    for example in examples:
        for amounts in example.context.amounts:
            for amount in amounts:
                rows.append(set(amount_features(example.context, amount)))
                labels.append(amount.role)
                owners.append(example.id)
    return rows, labels, owners


def fit_multinomial(
    rows: Sequence[set[str]], labels: Sequence[str], classes: Sequence[str], c: float
) -> tuple[Vocabulary, np.ndarray]:
    """Weights [classes, features] of a multinomial logistic regression; absent classes get a strong negative bias."""
    vocabulary = Vocabulary(rows)
    model = LogisticRegression(C=c, max_iter=300)
    model.fit(vocabulary.matrix(rows), labels)
    weights = np.zeros((len(classes), len(vocabulary.names) + 1), np.float32)
    weights[:, -1] = -9.0
    for row, name in enumerate(model.classes_):
        at = list(classes).index(name)
        weights[at, :-1], weights[at, -1] = model.coef_[row], model.intercept_[row]
    return vocabulary, weights


def fit_many(
    rows: Sequence[set[str]], labels: Sequence[set[tuple[str, str]]], c: float
) -> tuple[Vocabulary, np.ndarray]:
    """Weights [13, features] of independent logistic regressions, one a (type, role)."""
    vocabulary = Vocabulary(rows)
    matrix = vocabulary.matrix(rows)
    weights = np.zeros((len(MENTION_CLASSES), len(vocabulary.names) + 1), np.float32)
    for at, name in enumerate(MENTION_CLASSES):
        target = np.array([name in label for label in labels])
        if target.sum() < 3:
            weights[at, -1] = -9.0
            continue
        model = LogisticRegression(C=c, max_iter=300).fit(matrix, target)
        weights[at, :-1], weights[at, -1] = model.coef_[0], model.intercept_[0]
    return vocabulary, weights


def scores(vocabulary: Vocabulary, weights: np.ndarray, rows: Sequence[set[str]]) -> np.ndarray:
    """Linear scores [rows, classes]."""
    found: np.ndarray = np.asarray(vocabulary.matrix(rows) @ weights[:, :-1].T) + weights[:, -1]
    return found


def report_pairs(gold: Sequence[str], found: Sequence[str], owners: Sequence[str]) -> str:
    """F1 of the related pairs, typed and untyped, over all and by language (from the id's first letters)."""
    lines = []
    for group in ["all", *sorted({o[:2] for o in owners})]:
        keep = [i for i, o in enumerate(owners) if group in ("all", o[:2])]
        hit = sum(gold[i] == found[i] != NONE for i in keep)
        loose = sum(gold[i] != NONE and found[i] != NONE for i in keep)
        total = sum(gold[i] != NONE for i in keep) + sum(found[i] != NONE for i in keep)
        lines.append(
            f"{group}: typed {2 * hit / max(1, total):.3f} detect {2 * loose / max(1, total):.3f} n={len(keep)}"
        )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--holdout", nargs="*", type=Path, default=[])
    parser.add_argument("--out", type=Path, default=Path("models/data/deal_model.npz"))
    parser.add_argument("--kinds", type=Path, help="JSON object: company id to kind (default: the gazetteer's)")
    args = parser.parse_args(argv)
    kinds = json.loads(args.kinds.read_text()) if args.kinds else gazetteer_kinds()
    train, held = read(args.gold, kinds), read(args.holdout, kinds)
    arrays: dict[str, np.ndarray] = {}

    rows, labels, _ = pair_rows(train)
    vocabulary, weights = fit_multinomial(rows, labels, PAIR_CLASSES, 3.0)
    arrays |= pack("pair", vocabulary, weights)
    print(
        f"pairs: {len(rows)} rows, {sum(x != NONE for x in labels)} related, {len(vocabulary.names)} features",
        file=sys.stderr,
    )
    if held:
        hrows, hlabels, owners = pair_rows(held)
        found = [PAIR_CLASSES[i] for i in scores(vocabulary, weights, hrows).argmax(1)]
        print(report_pairs(hlabels, found, owners), file=sys.stderr)

    mrows, mlabels, _ = mention_rows(train)
    vocabulary, weights = fit_many(mrows, mlabels, 3.0)
    arrays |= pack("mention", vocabulary, weights)
    if held:
        hrows, hl, _ = mention_rows(held)
        guess = scores(vocabulary, weights, hrows) > 0
        hit = sum(
            (name in label) and g
            for row, label in zip(guess, hl, strict=True)
            for g, name in zip(row, MENTION_CLASSES, strict=True)
        )
        total = int(guess.sum()) + sum(map(len, hl))
        print(f"mention roles: F1 {2 * hit / max(1, total):.3f} of {sum(map(len, hl))}", file=sys.stderr)

    srows, slabels, _ = status_rows(train)
    vocabulary, weights = fit_multinomial(srows, slabels, STATUSES, 1.0)
    arrays |= pack("status", vocabulary, weights)
    if held:
        hrows, hl2, _ = status_rows(held)
        found = [STATUSES[i] for i in scores(vocabulary, weights, hrows).argmax(1)]
        print(
            f"status: {sum(a == b for a, b in zip(found, hl2, strict=True)) / max(1, len(hl2)):.3f} of {len(hl2)}",
            file=sys.stderr,
        )

    arows, alabels, _ = amount_rows(train)
    vocabulary, weights = fit_multinomial(arows, alabels, AMOUNT_ROLES, 10.0)
    arrays |= pack("amount", vocabulary, weights)
    if held:
        hrows, hl3, _ = amount_rows(held)
        found = [AMOUNT_ROLES[i] for i in scores(vocabulary, weights, hrows).argmax(1)]
        right = sum(a == b for a, b in zip(found, hl3, strict=True))
        print(f"amount roles: {right / max(1, len(hl3)):.3f} of {len(hl3)}", file=sys.stderr)
    np.savez_compressed(args.out, allow_pickle=False, **arrays)
    return 0


def gazetteer_kinds() -> dict[str, str]:
    """Company id to kind, from ``models/data/companies.toml``."""
    from models.data_files import read_toml

    return {row["id"]: row["kind"] for row in read_toml("companies.toml")["company"]}


def pack(name: str, vocabulary: Vocabulary, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Arrays of one model for the archive; weights in half precision."""
    return {f"{name}.names": np.array("\n".join(vocabulary.names)), f"{name}.weights": weights.astype(np.float16)}


if __name__ == "__main__":
    raise SystemExit(main())
