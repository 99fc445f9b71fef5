"""PostgreSQL and Redis of this machine's packages, started on loopback for one test module and stopped after it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dags.local import LOOPBACK, free_port

_START_S = 30.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A new cluster; gives ``user:password@host:port/database``, the part of an address after ``://``."""
    if not _postgres("postgres"):
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    user = "airflow"
    password, port = secrets.token_urlsafe(12), free_port()
    as_owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        home = Path(folder)
        (home / "password").write_text(password, "utf-8")
        if as_owner:  # the server refuses to run as root
            for path in (home, home / "password"):
                shutil.chown(path, "postgres", "postgres")
        _run(
            [_postgres("initdb"), "--no-sync", "--auth=scram-sha-256", f"--username={user}", "--encoding=UTF8",
             "--locale=C", f"--pwfile={home / 'password'}", f"--pgdata={home / 'data'}"], cwd=home, **as_owner,
        )  # fmt: skip
        command = [
            _postgres("postgres"), "-D", home / "data", "-h", LOOPBACK, "-p", str(port), "-k", home, "-c", "fsync=off"
        ]  # fmt: skip
        with _server(command, port, home / "log", cwd=home, **as_owner):
            _run(
                [_postgres("createdb"), f"--host={LOOPBACK}", f"--port={port}", f"--username={user}", "airflow"],
                cwd=home, env={**os.environ, "PGPASSWORD": password},
            )  # fmt: skip
            yield f"{user}:{password}@{LOOPBACK}:{port}/airflow"


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """A new server that keeps nothing on disk; gives its address."""
    if not shutil.which("redis-server"):
        pytest.skip("Redis's server is not installed: apt-get install redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        command = ["redis-server", "--bind", LOOPBACK, "--port", str(port), "--save", "", "--dir", folder]
        with _server(command, port, Path(folder) / "log"):
            yield f"redis://{LOOPBACK}:{port}/0"


@contextlib.contextmanager
def _server(command: list[str | Path | None], port: int, log: Path, **options: object) -> Iterator[None]:
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **options)
    try:
        until = time.monotonic() + _START_S
        while not _answers(port):
            assert child.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, f"{command[0]} does not answer after {_START_S:.0f} s"
            time.sleep(0.05)  # a poll of the other process
        yield
    finally:
        child.send_signal(signal.SIGINT)  # both servers end their clients and then themselves
        child.wait(20)


def _run(command: list[str | Path | None], env: Mapping[str, str] | None = None, **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, **options)
    assert done.returncode == 0, done.stderr


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _postgres(name: str) -> str | None:
    """A program of the newest server; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return shutil.which(name, path=os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))
