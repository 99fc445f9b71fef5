"""For all tests: no test sees this machine's own settings or data, and slow machines do not fail property tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dealwire", deadline=None)
settings.load_profile("dealwire")


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("DEALWIRE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
