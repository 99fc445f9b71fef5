"""Files with addresses in them are their owner's, whatever the umask."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import private
from pipeline.alerts.state import AlertState
from pipeline.mail.outbox import Outbox
from pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_made_is_private_down_to_sqlites_own_files(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    outbox = Outbox(settings.outbox)
    with AlertState(settings.alerts_state):
        files = [path for path in settings.home.iterdir() if ".sqlite" in path.name]
        assert len(files) >= 4
        assert {path.name: mode(path) for path in files} == {path.name: 0o600 for path in files}
    outbox.close()
    assert private.open_to_others(settings) == []


def test_a_mode_that_somebody_chose_is_kept_and_an_open_one_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for path, chosen in ((settings.outbox, 0o660), (settings.subscriptions, 0o644)):
        private.make(path)
        path.chmod(chosen)
        private.make(path)
        assert mode(path) == chosen
    private.replace(settings.subscriptions, b"new")
    private.replace(settings.alerts, b"new")
    assert (mode(settings.subscriptions), mode(settings.alerts)) == (0o644, 0o600)
    assert settings.subscriptions.read_bytes() == b"new"
    assert private.open_to_others(settings) == [settings.subscriptions]


def test_making_a_file_that_is_open_loses_no_lock(tmp_path: Path) -> None:
    path = private.make(tmp_path / "outbox.sqlite")
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("BEGIN EXCLUSIVE")
    private.make(path)
    program = f"import sqlite3; sqlite3.connect({str(path)!r}, timeout=0).execute('BEGIN EXCLUSIVE')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "database is locked" in ended.stderr
    first.close()


def test_a_failed_replacement_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kept.toml"
    private.replace(path, b"before")
    with pytest.raises(TypeError):
        private.replace(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
