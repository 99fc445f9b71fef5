"""One running newsroom a test session, and a client that asks it over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from pipeline.demo import Newsroom


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


@pytest.fixture(scope="session")
def corrected() -> Iterator[Newsroom]:
    with Newsroom(revision=2) as running:
        yield running


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=10) as session:
        yield session
