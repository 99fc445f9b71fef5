"""Windows cover a text without gaps, and pieces know where they stand."""

from __future__ import annotations

import numpy as np
import pytest

from models.tagger.inference import Tagger
from models.tagger.windows import LIMIT, prepare

PARAGRAPH = "Acme Compute rents capacity from Fjordhall for $3 billion. The two signed on Monday. Shares rose. "


def test_every_piece_stands_in_a_window_and_no_window_is_too_long(tagger: Tagger) -> None:
    encoded = prepare(tagger._tokenizer, "A headline about Acme\n" + PARAGRAPH * 40, "en")
    assert len(encoded.windows) > 3
    assert set(np.concatenate([w.pieces for w in encoded.windows])) == set(range(len(encoded.ids)))
    assert max(len(w.pieces) for w in encoded.windows) <= LIMIT


def test_the_headline_opens_every_window(tagger: Tagger) -> None:
    encoded = prepare(tagger._tokenizer, "Acme buys Fjordhall\n" + PARAGRAPH * 40, "en")
    assert all(w.range_of(0, 4) == encoded.windows[0].range_of(0, 4) for w in encoded.windows)


def test_neighbouring_windows_share_a_sentence(tagger: Tagger) -> None:
    encoded = prepare(tagger._tokenizer, PARAGRAPH * 40, "en", title_end=0)
    for one, two in zip(encoded.windows, encoded.windows[1:], strict=False):
        assert set(one.sentences) & set(two.sentences)


def test_one_endless_sentence_is_cut(tagger: Tagger) -> None:
    encoded = prepare(tagger._tokenizer, "算力" * 3000, "zh", title_end=0)
    assert set(np.concatenate([w.pieces for w in encoded.windows])) == set(range(len(encoded.ids)))
    assert max(len(w.pieces) for w in encoded.windows) <= LIMIT


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("ＡＷＳは１００億ドルを株式会社ヒビキに投じる。", "ja", "ヒビキ"),
        ("㈱ヒビキはＮＴＴと組む。½の株式を持つ。Ｏｐｅｎ　ＡＩも加わる。", "ja", "ＡＩ"),
        ("ﾋﾞﾙﾄﾞ社が出資、オラクルは見送り。", "ja", "オラクル"),
        ("L’opérateur « Brévance » lève 30 M€.", "fr", "Brévance"),
        ("카람테크가 ㈜누리에 투자했다.", "ko", "누리"),
    ],
)  # fmt: skip
def test_pieces_cover_their_characters_where_normalisation_changes_lengths(
    tagger: Tagger, text: str, lang: str, name: str
) -> None:
    encoded = prepare(tagger._tokenizer, text, lang, title_end=0)
    [window] = encoded.windows
    start = text.index(name)
    place = window.range_of(start, start + len(name))
    assert place is not None
    assert window.starts[place[0]] <= start
    assert window.ends[place[1] - 1] >= start + len(name)
    assert int(window.ends.max()) <= len(text)
