"""The committed artefact, loaded once for all tests of the tagger."""

from __future__ import annotations

import pytest

from models.tagger.inference import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()
