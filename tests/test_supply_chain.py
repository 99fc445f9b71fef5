"""What is installed is what was pinned: each pin has its hashes, and tools that are only run are no dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;]+)", re.IGNORECASE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?: \\)?$")


def pins(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").splitlines()
    return {match[1].lower(): match[2] for match in map(PIN.match, lines) if match}


@pytest.mark.parametrize("folder", [ROOT, ROOT / "docker"], ids=["ours", "the image's"])
def test_each_pinned_package_has_its_hashes(folder):
    """After a change of the pins: ``make hashes``."""
    pinned, hashed = pins(folder / "constraints.txt"), pins(folder / "constraints-hashes.txt")
    assert len(pinned) > 100
    assert hashed == pinned
    found: dict[str, list[str]] = {}
    name = ""
    for line in (folder / "constraints-hashes.txt").read_text("utf-8").splitlines():
        pin = PIN.match(line)
        if pin:
            name = pin[1].lower()
        else:
            found.setdefault(name, []).append(HASH.fullmatch(line.strip())[1])
    assert {name for name in pinned if not found.get(name)} == set()
    several = [value for values in found.values() for value in values]
    assert len(several) == len(set(several))


def test_a_package_pinned_twice_has_the_same_hashes():
    """A package that both lists hold in one version cannot be two packages."""
    ours, images = (
        dict(
            re.findall(r"^(\S+==\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", path.read_text("utf-8"), re.MULTILINE)
        )
        for path in (ROOT / "constraints-hashes.txt", ROOT / "docker" / "constraints-hashes.txt")
    )
    both = ours.keys() & images.keys()
    assert len(both) > 5
    assert [pin for pin in both if ours[pin] != images[pin]] == []


def test_tools_that_are_only_run_are_pinned_and_not_installed_with_us():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    tools = dict(re.findall(r"^[A-Z]+ := ([a-z-]+)==(\S+)$", makefile, re.MULTILINE))
    assert tools.keys() >= {"uv", "cyclonedx-bom"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(name for names in project["optional-dependencies"].values() for name in names)]
    assert tools.keys() & {re.split(r"[\[<>=;]", name)[0] for name in asked} == set()
