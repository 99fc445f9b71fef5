"""Several passages as one text: articles hold many deals where passages hold one, so the model must tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.deals.labels import NONE, PAIR_CLASSES
from models.tagger.training.data import APART, Item


def joined(items: Sequence[Item]) -> Item:
    """One item of several of one language; organisations of different passages do not deal, unless they do in one."""
    first = items[0]
    whole = Item("+".join(i.id for i in items), first.lang, "", [], known=first.known)
    glue = "" if first.lang in ("ja", "zh") else " "
    whole.amount_links = np.zeros((sum(len(i.orgs) for i in items), sum(len(i.amounts) for i in items)), np.float32)
    whole.chip_links = np.zeros((len(whole.amount_links), sum(len(i.chips) for i in items)), np.float32)
    related: set[frozenset[str]] = set()
    origin: list[int] = []
    for number, item in enumerate(items):
        whole.text += glue if whole.text else ""
        at, n, a, c = len(whole.text), len(whole.orgs), len(whole.amounts), len(whole.chips)
        whole.text += item.text
        whole.sentences += [(s + at, e + at, False) for s, e, _ in item.sentences]
        whole.tags += [(s + at, e + at, kind) for s, e, kind in item.tags]
        whole.orgs += [(s + at, e + at, owner) for s, e, owner in item.orgs]
        whole.amounts += [(s + at, e + at, role) for s, e, role in item.amounts]
        whole.chips += [(s + at, e + at) for s, e in item.chips]
        whole.roles += item.roles
        whole.org_status += item.org_status
        whole.pairs |= {(i + n, j + n): label for (i, j), label in item.pairs.items()}
        related |= {frozenset((item.orgs[i][2], item.orgs[j][2])) for (i, j), (name, _) in item.pairs.items() if name}
        if item.amount_links is not None:
            whole.amount_links[n : len(whole.orgs), a : len(whole.amounts)] = item.amount_links
        if item.chip_links is not None:
            whole.chip_links[n : len(whole.orgs), c : len(whole.chips)] = item.chip_links
        origin += [number] * len(item.orgs)
    sentence = [sum(s <= start for s, _, _ in whole.sentences) for start, _, _ in whole.orgs]
    for i, (_, _, one) in enumerate(whole.orgs):
        for j in range(i + 1, len(whole.orgs)):
            two = whole.orgs[j][2]
            near = sentence[j] - sentence[i] <= APART
            if origin[i] != origin[j] and near and one != two and frozenset((one, two)) not in related:
                whole.pairs[i, j] = (PAIR_CLASSES.index(NONE), -1)
    return whole
