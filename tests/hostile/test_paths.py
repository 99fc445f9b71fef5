"""No name that a stranger gives leads out of the folder that it belongs in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from pipeline.batches import Batches
from pipeline.errors import DealwireError
from pipeline.fetch.raw_store import RawStore
from pipeline.inbox import claim, inbox_of, take_in, waiting
from pipeline.settings import Settings
from pipeline.sources import export_opml, import_opml, load_sources
from pipeline.sources.write import slug

NAMES = [
    "../escape", "..", "/etc/passwd", "a/b", "..\\escape", "a\0b", "CON:", "", ".hidden", "x" * 300, "ä\u202eb", "a\nb",
    "\x1b[31m", "%2e%2e%2fescape", "．．／escape",
]  # fmt: skip


def inside(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_a_file_of_its_folder(tmp_path: Path, name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(name, "https://news.example/feed.xml"))
    folder, taken = tmp_path / "sources", tmp_path / "list.opml"
    told = "".join(char for char in name if char not in "\0\x1b")
    outline = (
        f'<outline type="rss" text={quoteattr(told)} category={quoteattr(f"/id/{told}")} xmlUrl="https://a.example/f"/>'
    )
    taken.write_text(f'<?xml version="1.0"?><opml version="2.0"><body>{outline}</body></opml>', "utf-8")
    imported = import_opml(taken, folder)
    assert len(imported.taken) + len(imported.skipped) == 1
    assert inside(tmp_path) == {taken} | {folder / f"{source.id}.toml" for source in imported.taken}
    assert export_opml(load_sources(folder).sources).count("<outline") == len(imported.taken)


@pytest.mark.parametrize("name", NAMES)
def test_batches_and_raw_bodies_have_names_of_ours(tmp_path: Path, name: str) -> None:
    batches, raw = Batches(tmp_path / "home"), RawStore(tmp_path / "raw")
    for ask in (batches.raw, raw.get, raw.path):
        with pytest.raises(DealwireError):
            list(ask(name))  # type: ignore[call-overload]
    assert inside(tmp_path) == set()


@pytest.mark.parametrize("name", NAMES)
def test_only_claimed_files_are_taken_in(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / "home")
    (tmp_path / "escape").write_text("secret", "utf-8")
    claim(inbox_of(settings))
    assert take_in(settings, [name]) == ([], [])
    assert (tmp_path / "escape").read_text("utf-8") == "secret"


@pytest.mark.parametrize(
    "name",
    [
        b"a\\..\\escape", b"CON:", b"-rf", b"x" * 250, "語".encode() * 80, "ä\u202eb".encode(), b"a\nb", b"\x1b[31m",
        b"\xff\xfe",
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".exe", ".txt", ".jsonl"])
def test_a_dropped_file_of_any_name_is_dealt_with_and_holds_up_no_other(
    tmp_path: Path, name: bytes, suffix: str
) -> None:
    settings = Settings(home=tmp_path / "home")
    folder = inbox_of(settings)
    claim(folder)
    dropped = os.fsdecode(name[: 255 - len(suffix)] + suffix.encode())
    (folder / dropped).write_bytes(b"\x00\x01")
    (folder / "news.txt").write_text("Amazon will invest $10 billion in OpenAI. " * 9, "utf-8")
    written, refused = take_in(settings, claim(folder, settled_s=0))
    assert (len(written), len(refused)) == (1, 1)
    assert waiting(folder) == []
    assert sorted(path.suffix for path in (folder / "rejected").iterdir()) == sorted([suffix, ".txt"])
    assert [path.name.endswith("-news.txt") for path in (folder / "taken").iterdir()] == [True]


def test_a_link_in_the_inbox_gives_nothing_away(tmp_path: Path) -> None:
    """A link is what its owner may read anyway; it is read or refused, and its target stays as it is."""
    settings = Settings(home=tmp_path / "home")
    folder, secret = inbox_of(settings), tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    claim(folder)
    (folder / "note.txt").symlink_to(secret)
    claim(folder, settled_s=0)
    take_in(settings, waiting(folder))
    assert secret.read_text("utf-8") == "secret"
