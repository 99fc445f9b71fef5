"""Debian's Chromium, driven through its pipe for debugging: pages as a screen of a given width and mode shows them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
    "--font-render-hinting=none", "--disable-background-networking", "--remote-debugging-pipe",
)  # fmt: skip
# What runs off the page to the right, and what can hardly be read. Backgrounds are looked for up the tree.
_LOOK = """
(() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const told = new Set([...document.body.querySelectorAll('*')].filter(
    e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())));
  const faint = [...told].map(e => {
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 40)];
  }).filter(([ratio]) => ratio < 4.5);
  const off = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5);
  return {
    width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight, faint,
    off: off.map(e => e.className || e.tagName), texts: told.size,
    images: [...document.images].map(i => i.complete && i.naturalWidth > 0),
  };
})()
"""


def find() -> str | None:
    """Where Chromium is, if it is installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def has_fonts() -> bool:
    """Whether the fonts are installed that the reference pictures were drawn with."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout
    return all(name in listed for name in ("Liberation Sans", "Noto Sans CJK JP"))


class Chromium:
    """A running Chromium with one tab."""

    def __init__(self, commands: Any, answers: Any) -> None:
        self._commands, self._answers, self._asked = commands, answers, 0
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def show(self, page: Path, width: int, mode: str) -> dict[str, Any]:
        """Open a page on a screen of ``width`` CSS pixels, ``mode`` light or dark; what was seen by ``_LOOK``."""
        self._size(width, 800)
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": mode}])
        self._ask("Page.navigate", url=page.as_uri())
        self._until("Page.loadEventFired")
        seen = self._ask("Runtime.evaluate", expression=_LOOK, returnByValue=True)["result"]["value"]
        assert isinstance(seen, dict)
        return seen

    def picture(self, width: int, height: int) -> bytes:
        """The page that is shown, as a PNG with one pixel for each of CSS."""
        self._size(width, height)
        return b64decode(self._ask("Page.captureScreenshot", format="png")["data"])

    def _size(self, width: int, height: int) -> None:
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._asked += 1
        session = {"sessionId": self._session} if hasattr(self, "_session") else {}
        said = {"id": self._asked, "method": method, "params": parameters, **session}
        self._commands.write(json.dumps(said).encode() + b"\0")
        self._commands.flush()
        while (heard := self._hear()).get("id") != self._asked:
            pass
        assert "error" not in heard, heard["error"]
        result: dict[str, Any] = heard["result"]
        return result

    def _until(self, event: str) -> None:
        while self._hear().get("method") != event:
            pass

    def _hear(self) -> dict[str, Any]:
        piece = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            if not byte:
                raise EOFError("Chromium has ended")
            piece += byte
        heard: dict[str, Any] = json.loads(piece)
        return heard


@contextmanager
def chromium(program: str) -> Iterator[Chromium]:
    """Start Chromium, which reads commands from its descriptor 3 and answers on 4."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        wired = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        running = subprocess.Popen(
            ["bash", "-c", wired, program, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            with suppress(BrokenPipeError), os.fdopen(ours_out, "wb") as commands, os.fdopen(ours_in, "rb") as answers:
                yield Chromium(commands, answers)
        finally:
            running.terminate()
            running.wait(30)
