"""PostgreSQL and Redis of this machine's packages, started on loopback for one test module and stopped after it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dags.local import LOOPBACK, free_port
from tests.servers import server, started_postgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A new database; gives ``user:password@host:port/database``, the part of an address after ``://``."""
    with started_postgres("airflow") as cluster:
        yield cluster.create("airflow")


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """A new server that keeps nothing on disk; gives its address."""
    if not shutil.which("redis-server"):
        pytest.skip("Redis's server is not installed: apt-get install redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        command = ["redis-server", "--bind", LOOPBACK, "--port", str(port), "--save", "", "--dir", folder]
        with server(command, port, Path(folder) / "log"):
            yield f"redis://{LOOPBACK}:{port}/0"
