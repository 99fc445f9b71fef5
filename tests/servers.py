"""Servers of this machine's packages, each started on loopback for some tests and stopped after them."""

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dags.local import LOOPBACK, free_port

_START_S = 60.0


@dataclass(frozen=True)
class Postgres:
    """A cluster of our own: who may do everything in it, and where it listens."""

    user: str
    password: str
    port: int

    def create(self, database: str) -> str:
        """Make a database; gives ``user:password@host:port/database``, the part of an address after ``://``."""
        run(
            [program("createdb"), f"--host={LOOPBACK}", f"--port={self.port}", f"--username={self.user}", database],
            env={**os.environ, "PGPASSWORD": self.password},
        )
        return f"{self.user}:{self.password}@{LOOPBACK}:{self.port}/{database}"


@contextlib.contextmanager
def started_postgres(user: str) -> Iterator[Postgres]:
    """A new cluster in a folder of its own, under a user that is not root. Skips the tests where there is no server."""
    if not program("postgres"):
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    password, port = secrets.token_urlsafe(12), free_port()
    as_owner: dict[str, Any] = (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    )
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        home = Path(folder)
        (home / "password").write_text(password, "utf-8")
        if as_owner:  # the server refuses to run as root
            for path in (home, home / "password"):
                shutil.chown(path, "postgres", "postgres")
        run(
            [program("initdb"), "--no-sync", "--auth=scram-sha-256", f"--username={user}", "--encoding=UTF8",
             "--locale=C", f"--pwfile={home / 'password'}", f"--pgdata={home / 'data'}"], cwd=home, **as_owner,
        )  # fmt: skip
        command = [
            program("postgres"), "-D", home / "data", "-h", LOOPBACK, "-p", str(port), "-k", home, "-c", "fsync=off"
        ]  # fmt: skip
        with server(command, port, home / "log", cwd=home, **as_owner):
            yield Postgres(user, password, port)


@contextlib.contextmanager
def server(command: list[str | Path | None], port: int, log: Path, **options: Any) -> Iterator[None]:
    """A process that answers at ``port`` of loopback; a failure shows its log."""
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
        child.send_signal(signal.SIGINT)  # servers end their clients and then themselves
        child.wait(20)


def run(command: list[str | Path | None], env: Mapping[str, str] | None = None, **options: Any) -> None:
    """Run a program that has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, **options)
    assert done.returncode == 0, done.stderr


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def program(name: str) -> str | None:
    """A program of the newest PostgreSQL; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return shutil.which(name, path=os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))
