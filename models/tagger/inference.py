"""The tagger at run time: names, what each organisation is, who deals with whom, and what each sum is.

    tagger = Tagger.load()
    [encoded] = tagger.encode(["Acme buys Foo for $3 billion."])
    names = tagger.tag(encoded)
    relations = tagger.relate(encoded, orgs=[(0, 4), (10, 13)], amounts=[(18, 28)], chips=[])

Offsets are code points of the text that was given, end exclusive. Needs onnxruntime and transformers, not torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.deals.labels import AMOUNT_ROLES, MENTION_CLASSES, PAIR_CLASSES, STATUSES
from models.tagger import heads as h
from models.tagger.artefact import ArtefactError, Words, read
from models.tagger.decode import TAGS, UNSEEN, Means, TaggedSpan, even, grid_of, rows_of, spans_of
from models.tagger.windows import Encoded, Range, Window, prepare

Floats = npt.NDArray[np.float32]
Span = tuple[int, int]
Encoder = Callable[[list[npt.NDArray[np.int64]]], list[Floats]]

BATCH: Final = 8
LEAST: Final = 0.7  # score of a name that is reported
APART: Final = 4  # sentences between two organisations that are still judged as a pair


@dataclass(slots=True)
class Relations:
    """What the heads say of given spans; rows are in the order in which the spans were given.

    ``roles`` [orgs, 13] log-odds (``MENTION_CLASSES``), ``status`` [orgs, 4] log-probabilities (``STATUSES``),
    ``pairs`` (i, j) to log-probabilities [16] (``PAIR_CLASSES``; i stands before j in the text) and ``pair_status`` [4]
    for organisations at most one sentence apart, ``amount_roles`` [amounts, 9] log-probabilities (``AMOUNT_ROLES``),
    ``amount_links`` [orgs, amounts] and ``chip_links`` [orgs, chips] log-odds that the sum heads, or the chip is the
    object of, a deal in which the organisation is a party (-20 where no window holds both).
    """

    roles: Floats
    status: Floats
    amount_roles: Floats
    amount_links: Floats
    chip_links: Floats
    pairs: dict[tuple[int, int], Floats] = field(default_factory=dict)
    pair_status: dict[tuple[int, int], Floats] = field(default_factory=dict)


class Tagger:
    """One encoder pass a window, small heads on top. Threads may share it; the same text always reads the same."""

    def __init__(self, encoder: Encoder, heads: Mapping[str, Floats], tokenizer: Any, version: str) -> None:
        """``encoder`` maps piece ids (with the special pieces) of several windows to hidden states [pieces, width]."""
        self._encoder, self._heads, self._tokenizer, self.version = encoder, heads, tokenizer, version

    @classmethod
    def load(cls, folder: Path | None = None, threads: int = 2) -> Tagger:
        """Read the artefact in ``folder`` (default: the one in the package).

        Raises :class:`~models.tagger.artefact.ArtefactError`, naming the file, where one is missing or changed.
        """
        import onnxruntime
        from transformers import PreTrainedTokenizerFast

        artefact = read(folder)
        labels = {"tags": TAGS, "pair_classes": PAIR_CLASSES, "statuses": STATUSES, "amount_roles": AMOUNT_ROLES}
        for name, here in {**labels, "mention_classes": [":".join(pair) for pair in MENTION_CLASSES]}.items():
            if list(artefact.config.get(name, ())) != list(here):
                raise ArtefactError(f"config.json: {name} differ from those of this version; export the tagger again")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # waiting threads leave the core to others
        session = onnxruntime.InferenceSession(artefact.encoder, options, providers=["CPUExecutionProvider"])
        tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(artefact.tokenizer)
        )
        return cls(_OnnxEncoder(session, artefact.words), artefact.heads, tokenizer, str(artefact.config["version"]))

    def encode(self, texts: Sequence[str], langs: Sequence[str | None] | None = None,
               title_ends: Sequence[int] | None = None) -> list[Encoded]:  # fmt: skip
        """Cut texts into windows and run the encoder over all of them.

        ``langs`` (ISO 639-1) chooses the rules of sentence ends; ``title_ends`` gives the length of each title, without
        which a short first line counts as one.
        """
        found = [
            prepare(self._tokenizer, text, langs[n] if langs else None, title_ends[n] if title_ends else None)
            for n, text in enumerate(texts)
        ]
        return self.run(found)

    def run(self, found: list[Encoded]) -> list[Encoded]:
        """Fill in the hidden states of prepared texts. Windows of like length share a batch."""
        windows = [(encoded, number) for encoded in found for number in range(len(encoded.windows))]
        windows.sort(key=lambda w: len(w[0].windows[w[1]].pieces))
        for encoded in found:
            encoded.hidden = [np.zeros((0, 0), np.float32)] * len(encoded.windows)
        for at in range(0, len(windows), BATCH):
            group = windows[at : at + BATCH]
            ids = [np.concatenate([[0], e.ids[e.windows[n].pieces], [2]]).astype(np.int64) for e, n in group]
            for (encoded, number), states in zip(group, self._encoder(ids), strict=True):
                encoded.hidden[number] = states[1:-1]
        return found

    def tag(self, encoded: Encoded, least: float = LEAST) -> list[TaggedSpan]:
        """Names in the text with a score of at least ``least``, in order and without overlap.

        Windows that share a piece are averaged. 0 gives every guess (of organisations on held-back articles, precision
        0.64 and recall 0.81), the default 0.75 and 0.76.
        """
        total = np.zeros((len(encoded.ids), len(TAGS)), np.float32)
        seen = np.zeros(len(encoded.ids), np.float32)
        starts, ends = np.zeros(len(encoded.ids), np.int64), np.zeros(len(encoded.ids), np.int64)
        for window, hidden in zip(encoded.windows, encoded.hidden, strict=True):
            total[window.pieces] += np.exp(h.log_softmax(h.linear(self._heads, "tag", hidden)))
            seen[window.pieces] += 1.0
            starts[window.pieces], ends[window.pieces] = window.starts, window.ends
        total /= np.maximum(seen, 1.0)[:, None]
        return [span for span in spans_of(encoded.text, total, starts, ends) if span.score >= least]

    def relate(self, encoded: Encoded, orgs: Sequence[Span], amounts: Sequence[Span] = (),
               chips: Sequence[Span] = ()) -> Relations:  # fmt: skip
        """Judge given spans; see :class:`Relations`. What two windows hold is averaged."""
        means = Means()
        for window, hidden in zip(encoded.windows, encoded.hidden, strict=True):
            self._window(encoded, window, hidden, orgs, amounts, chips, means)
        pairs = {key: means.of("pair", *key, size=0, empty=0.0) for key in means.keys("pair")}
        classes = len(MENTION_CLASSES)
        return Relations(
            roles=rows_of([means.of("role", i, size=classes, empty=UNSEEN) for i in range(len(orgs))], classes),
            status=rows_of([even(means.of("status", i, size=4, empty=0.0)) for i in range(len(orgs))], 4),
            amount_roles=rows_of([even(means.of("amount", k, size=9, empty=0.0)) for k in range(len(amounts))], 9),
            amount_links=grid_of(means, "amount_link", len(orgs), len(amounts)),
            chip_links=grid_of(means, "chip_link", len(orgs), len(chips)),
            pairs={key: h.log_softmax(value) for key, value in pairs.items()},
            pair_status={key: even(means.of("pair_status", *key, size=4, empty=0.0)) for key in pairs},
        )

    def _window(self, encoded: Encoded, window: Window, hidden: Floats, orgs: Sequence[Span], amounts: Sequence[Span],
                chips: Sequence[Span], means: Means) -> None:  # fmt: skip
        w = self._heads
        places = {"org": _places(window, orgs), "amount": _places(window, amounts), "chip": _places(window, chips)}
        vectors = {kind: h.means(hidden, [r for _, r in rows]) for kind, rows in places.items()}
        sentences = {n: h.means(hidden, [window.sentence_range(n)])[0] for n in {int(s) for s in window.sentences}}
        of = {kind: [int(window.sentences[r[0]]) for _, r in rows] for kind, rows in places.items()}
        if places["org"]:
            around = np.stack([sentences[n] for n in of["org"]])
            x = h.inner(w, "role", h.mention_features(vectors["org"], around))
            roles, status = h.linear(w, "role", x), h.log_softmax(h.linear(w, "status", x))
            for row, (i, _) in enumerate(places["org"]):
                means.add("role", roles[row], i)
                means.add("status", status[row], i)
        if places["amount"]:
            around = np.stack([sentences[n] for n in of["amount"]])
            x = h.inner(w, "amount", h.mention_features(vectors["amount"], around))
            for (k, _), row in zip(places["amount"], h.log_softmax(h.linear(w, "amount", x)), strict=True):
                means.add("amount", row, k)
        for kind in ("amount", "chip"):
            keys = [(a, b) for a in range(len(places["org"])) for b in range(len(places[kind]))]
            if keys:
                gaps = h.means(hidden, [h.between(places["org"][a][1], places[kind][b][1]) for a, b in keys])
                one, two = vectors["org"][[a for a, _ in keys]], vectors[kind][[b for _, b in keys]]
                scores = h.linear(w, f"{kind}_link", h.inner(w, f"{kind}_link", h.link_features(one, two, gaps)))
                for (a, b), score in zip(keys, scores, strict=True):
                    means.add(f"{kind}_link", score, places["org"][a][0], places[kind][b][0])
        keys = pair_keys(encoded, places["org"], of["org"])
        if keys:
            gaps = h.means(hidden, [h.between(places["org"][a][1], places["org"][b][1]) for a, b in keys])
            around = np.stack([(sentences[of["org"][a]] + sentences[of["org"][b]]) / 2 for a, b in keys])
            one, two = vectors["org"][[a for a, _ in keys]], vectors["org"][[b for _, b in keys]]
            spots = [r for _, r in places["org"]]
            numbers = np.array([h.pair_numbers(window, spots[a], spots[b], spots) for a, b in keys], np.float32)
            x = h.inner(w, "pair", h.pair_features(one, two, gaps, around, numbers))
            classes, status = h.log_softmax(h.linear(w, "pair", x)), h.log_softmax(h.linear(w, "pair_status", x))
            for (a, b), row, state in zip(keys, classes, status, strict=True):
                means.add("pair", row, places["org"][a][0], places["org"][b][0])
                means.add("pair_status", state, places["org"][a][0], places["org"][b][0])


def pair_keys(encoded: Encoded, places: Sequence[tuple[int, Range]], sentences: Sequence[int]) -> list[tuple[int, int]]:
    """Rows of ``places`` to judge as pairs: text order, at most one sentence apart, not the same place."""
    order = sorted(range(len(places)), key=lambda row: (places[row][1], places[row][0]))
    return [
        (a, b)
        for at, a in enumerate(order)
        for b in order[at + 1 :]
        if abs(sentences[b] - sentences[a]) <= APART and places[a][1] != places[b][1]
    ]


class _OnnxEncoder:
    def __init__(self, session: Any, words: Words) -> None:
        self._session, self._words = session, words

    def __call__(self, windows: list[npt.NDArray[np.int64]]) -> list[Floats]:
        width = max(map(len, windows))
        ids = np.ones((len(windows), width), np.int64)
        mask = np.zeros((len(windows), width), np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window)], mask[row, : len(window)] = window, 1
        [hidden] = self._session.run(None, {"words": self._words(ids), "mask": mask})
        return [np.asarray(hidden[row, : len(window)], np.float32) for row, window in enumerate(windows)]


def _places(window: Window, spans: Sequence[Span]) -> list[tuple[int, Range]]:
    found = [(number, window.range_of(*span)) for number, span in enumerate(spans)]
    return [(number, where) for number, where in found if where is not None]
