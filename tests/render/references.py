"""The digest of the sample newsroom's last days as screens show it; ``python -m tests.render.references`` draws anew
the pictures that ``docs/digest.md`` shows and the tests compare with."""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
from datetime import timedelta
from itertools import product
from pathlib import Path

from pipeline.digest import Preferences, build, known_until, write_preview
from pipeline.settings import Settings
from tests.docs import newsroom_ledger
from tests.render.chromium import Chromium, chromium, find
from warehouse.db import connect_snapshot

FOLDER = Path(__file__).parents[2] / "docs" / "images"
SCREENS = {"phone": 390, "desktop": 760}
READERS = {"en": Preferences("en", "EUR", "Europe/London"), "ja": Preferences("ja", "JPY", "Asia/Tokyo")}
LOOKS = list(product(READERS, SCREENS, ("light", "dark")))
DAYS = 18  # before the ledger's last change
MOST_BYTES = 120_000


def pages(folder: Path, *languages: str) -> dict[str, Path]:
    """The digest in each language, as a page with its charts within."""
    newsroom_ledger.build(folder)
    with connect_snapshot(Settings(home=folder).snapshot) as ledger:
        until = known_until(ledger)
        assert until is not None
        return {
            language: write_preview(
                build(ledger, until - timedelta(days=DAYS), until, READERS.get(language, Preferences(language))),
                folder / f"{language}.html",
            )
            for language in languages
        }


def picture_of(language: str, screen: str, mode: str) -> Path:
    """Where a look of the digest is kept."""
    return FOLDER / f"digest-{language}-{screen}-{mode}.png"


def size_of(png: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels."""
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return width, height


def draw(browser: Chromium, page: Path, target: Path, width: int, mode: str) -> None:
    """Show a page and keep its picture, in few colours and less than ``MOST_BYTES``."""
    seen = browser.show(page, width, mode)
    few = subprocess.run(
        ["pngquant", "--nofs", "--strip", "--speed", "1", "48", "-"],
        input=browser.picture(width, seen["height"]), stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    assert len(few) < MOST_BYTES, f"{target.name}: {len(few):,} bytes; show fewer days"
    target.write_bytes(few)
    print(f"{target.name}: {size_of(target)}, {len(few):,} bytes", *seen["faint"], *seen["off"])


def main() -> int:
    """Draw all of them."""
    program = find()
    if program is None:
        print("no Chromium: make chromium")
        return 1
    with tempfile.TemporaryDirectory() as folder, chromium(program) as browser:
        found = pages(Path(folder), *READERS)
        for language, screen, mode in LOOKS:
            draw(browser, found[language], picture_of(language, screen, mode), SCREENS[screen], mode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
