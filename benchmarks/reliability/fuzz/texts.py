"""Checks of what reads text: sums, capacities, chips, sentences, dates, addresses, and text made harmless."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC

from benchmarks.reliability.fuzz.target import Check

COUNTRIES = ("", "US", "GB", "JP", "KR", "CN", "DE", "BR")


def money() -> Check:
    """Sums lie in the text, in order, with finite values and currencies that exist."""
    from babel.numbers import list_currencies

    from models.data_files import languages
    from models.money import find_amounts

    codes, langs = list_currencies(), languages()

    def check(data: bytes) -> None:
        text, last = as_text(data[1:]), 0
        for amount in find_amounts(text, chosen(langs, data)):
            assert text[amount.start : amount.end] == amount.text != ""
            assert amount.start >= last
            last = amount.end
            assert amount.currency in codes
            assert amount.value is None or 0 <= amount.value < 1e30
            assert amount.value_max is None or (amount.value is not None and amount.value < amount.value_max < 1e30)
            first, end = amount.converted_from or (0, 1)
            assert 0 <= first < end <= len(text)

    return check


def quantities() -> Check:
    """Capacities lie in the text, in order, and are finite."""
    from models.data_files import languages
    from models.money import find_quantities

    langs = languages()

    def check(data: bytes) -> None:
        text, last = as_text(data[1:]), 0
        for found in find_quantities(text, chosen(langs, data)):
            assert last <= found.start < found.end <= len(text)
            last = found.end
            assert math.isfinite(found.value)
            assert found.value >= 0

    return check


def chips() -> Check:
    """Chips lie in the text, in order, do not overlap, and have whole ids."""
    from models.chips import find_chips
    from models.data_files import languages
    from models.normal import normalise
    from models.sentences import split

    langs = languages()

    def check(data: bytes) -> None:
        content, last = as_text(data[1:]), 0
        plain = normalise(content)
        assert len(plain) == len(content)
        for chip in find_chips(content, plain, [], split(content, chosen(langs, data))):
            assert chip.start >= last
            assert content[chip.start : chip.end] == chip.text != ""
            last = chip.end
            assert chip.id
            assert not set(chip.id) & set("{} ")

    return check


def sentences() -> Check:
    """Sentences are in order, trimmed, and leave out nothing but white space."""
    from models.data_files import languages
    from models.sentences import split

    langs = languages()

    def check(data: bytes) -> None:
        text, last = as_text(data[1:]), 0
        for number, sentence in enumerate(split(text, chosen(langs, data), len(text) // 3)):
            body = text[sentence.start : sentence.end]
            assert sentence.index == number
            assert body == body.strip() != ""
            assert not text[last : sentence.start].strip()
            last = sentence.end
        assert not text[last:].strip()

    return check


def dates() -> Check:
    """A time is in UTC, and reads back from its ISO form."""
    from pipeline.parse.dates import parse_moment, url_day

    def check(data: bytes) -> None:
        text = as_text(data[1:])
        for moment in (parse_moment(text, chosen(COUNTRIES, data)), url_day(text)):
            if moment is None:
                continue
            assert moment.at.tzinfo is UTC
            if 1000 <= moment.at.year < 3000:
                again = parse_moment(moment.at.isoformat())
                assert again is not None
                assert again.at == moment.at.replace(microsecond=0)

    return check


def addresses() -> Check:
    """A canonical address is an address, its own canonical address, and gives an id that a file may bear."""
    from pipeline.parse.addresses import article_id, canonical_url

    def check(data: bytes) -> None:
        url, _, declared = as_text(data).partition("\n")
        address = canonical_url(url, declared)
        assert not address or address.startswith(("http://", "https://"))
        assert canonical_url(address) == address
        ident = article_id(address)
        assert ident.isascii()
        assert not set(ident) & set("/\\: ")

    return check


def harmless() -> Check:
    """Text made harmless holds no control character, stays so, and fits its limit."""
    from pipeline.plain import clean, one_line

    def check(data: bytes) -> None:
        text, most = as_text(data[1:]), (data[0] if data else 0) + 2
        plain, line = clean(text), one_line(text, most)
        assert clean(plain) == plain
        assert len(line) <= most
        assert one_line(line, most) == line
        plain.encode()
        for char in plain:
            assert char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
        for char in line:
            assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")

    return check


def as_text(data: bytes) -> str:
    """Bytes as the text that they most likely are."""
    return data.decode("utf-8", "replace")


def chosen(options: tuple[str, ...], data: bytes, at: int = 0) -> str:
    """One of ``options``, by the byte at ``at``."""
    return options[data[at] % len(options)] if len(data) > at else options[0]
