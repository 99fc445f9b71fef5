"""The digest as Chromium shows it: nothing runs off the page, all can be read, and it looks as it did."""

from __future__ import annotations

import struct

import pytest

from pipeline.digest import Preferences, build, languages, write_preview
from tests.pipeline.digest.conftest import new_store, teller
from tests.render.chromium import chromium, find, has_fonts
from tests.render.references import LOOKS, MOST_BYTES, SCREENS, pages, picture_of, size_of

PROGRAM = find()
pytestmark = [
    pytest.mark.render,
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed: make test-render installs it"),
]
AS_BEFORE = 0.06  # of the height; fonts of another version set a line more or less
WIDTHS = (320, 390, 480, 600, 760, 1280)


@pytest.fixture(scope="module")
def browser():
    with chromium(PROGRAM) as running:
        yield running


@pytest.fixture(scope="module")
def digests(tmp_path_factory):
    return pages(tmp_path_factory.mktemp("digests"), *languages())


@pytest.mark.skipif(not has_fonts(), reason="the fonts of the references are not installed: make chromium")
@pytest.mark.parametrize(("language", "screen", "mode"), LOOKS)
def test_it_looks_as_the_reference_does(browser, digests, language, screen, mode):
    reference = picture_of(language, screen, mode)
    width, height = size_of(reference)
    seen = browser.show(digests[language], SCREENS[screen], mode)
    assert (seen["width"], width) == (SCREENS[screen],) * 2
    assert abs(seen["height"] - height) <= AS_BEFORE * height, "python -m tests.render.references, then look at them"
    assert seen["images"] == [True, True]
    assert reference.stat().st_size < MOST_BYTES
    png = browser.picture(width, seen["height"])
    assert struct.unpack(">II", png[16:24]) == (width, seen["height"])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_nothing_runs_off_the_page_and_all_can_be_read(browser, digests, language, mode):
    for width in WIDTHS:
        seen = browser.show(digests[language], width, mode)
        assert (seen["width"], seen["off"], seen["faint"]) == (width, [], [])
        assert seen["texts"] > 20


def test_names_without_end_and_sums_of_any_length_stay_on_the_page(browser, tmp_path):
    store = new_store()
    tell = teller(store)
    tell("2026-03-01", "equity_investment", "in_talks", {"~" + "x" * 10_000: "investor", "openai": "investee"},
         123_456_789_012.34, "IDR", said="https://example.org/" + "y" * 400, source="z" * 300)  # fmt: skip
    until = tell("2026-03-02", "debt_financing", "announced",
                 {f"~Bank {number} of a Very Long Name & Sons": "lender" for number in range(9)} | {"meta": "borrower"},
                 7e12, "KRW", bound="over")  # fmt: skip
    digest = build(store.con, None, until, Preferences("de", "INR"))
    page = write_preview(digest, tmp_path / "digest.html")
    for width in WIDTHS:
        seen = browser.show(page, width, "light")
        assert (seen["width"], seen["off"]) == (width, [])


def test_what_is_looked_for_is_found(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p style="color: #999">faint</p><p style="width: 900px; background: #000; color: #fff">wide</p>')
    seen = browser.show(page, 390, "light")
    assert seen["width"] >= 900
    assert seen["off"] == ["P"]
    assert [text for _, text in seen["faint"]] == ["faint"]
