"""A PostgreSQL for the catalogues of these tests, and one for each test; ``make test-ducklake`` runs them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from dags.local import LOOPBACK, free_port
from pipeline.settings import Settings
from tests.servers import Postgres, server, started_postgres

MOTO = Path(__file__).parents[3] / ".venv" / "moto" / "bin" / "moto_server"
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    for name in ("ducklake", "postgres_scanner", "httpfs"):
        reason = "the extra ducklake is not installed: make test-ducklake does it"
        pytest.importorskip(f"duckdb_extension_{name}", reason=reason)
    with started_postgres("dealwire") as cluster:
        yield cluster


@pytest.fixture
def address(postgres: Postgres) -> str:
    """The address of a catalogue that is not there yet, with its password."""
    return f"ducklake:postgres:postgresql://{postgres.create(f'lake{next(_numbers)}')}"


@pytest.fixture
def settings_at(address: str, tmp_path: Path) -> Callable[..., Settings]:
    """Settings of one of several machines with the same lake."""

    def make(home: str, data: str = "") -> Settings:
        return Settings(home=tmp_path / home, warehouse=address, warehouse_data=data or str(tmp_path / "parquet"))

    return make


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3-compatible store with one bucket; gives its address."""
    import httpx

    if not MOTO.exists():
        pytest.skip("the store of moto is not installed: make test-ducklake does it")
    port = free_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-much-of-a-secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{LOOPBACK}:{port}")
    folder = Path(tempfile.mkdtemp(prefix="moto-"))
    try:
        with server([MOTO, "-H", LOOPBACK, "-p", str(port)], port, folder / "log", cwd=folder):
            httpx.put(f"http://{LOOPBACK}:{port}/ledger", timeout=30).raise_for_status()
            yield "s3://ledger/parquet"
    finally:
        shutil.rmtree(folder)
