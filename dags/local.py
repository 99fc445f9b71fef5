"""All of Airflow on this machine, on loopback, without containers: ``python -m dags.local``; Ctrl-C stops it.

The components are started one by one: Airflow's own ``standalone`` opens its log servers to the network and leaves
its children behind.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType

from dags.wiring import LEDGER_POOL
from pipeline.errors import ConfigError
from pipeline.settings import Settings

LOOPBACK = "127.0.0.1"
COMPONENTS = {
    "api-server": ("api-server", "--workers", "1"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
_WAIT_S = 300.0  # a busy machine of two cores was seen to need two minutes
# What the scheduler imports when it starts: the processes of its tasks are forks of it, and need not import it again.
_LOCAL_SETTINGS = """
import sys

if "scheduler" in sys.argv:
    from dags.local import preload

    preload()
"""


class LocalAirflow:
    """Airflow's components as child processes while the context lasts. Data and logs lie below ``home``.

    Args:
        home: Airflow's folder; its database, logs, secrets and the password of ``admin``.
        port: of the api-server; 0 takes any free one.
        settings: further environment variables of all components.

    Raises:
        ConfigError: the port is taken, Airflow is not installed, or a component ends before it is up.
    """

    def __init__(self, home: Path, port: int = 0, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.address = f"http://{LOOPBACK}:{self.port}"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._given = dict(settings or {})

    @property
    def password(self) -> str:
        """Of the user ``admin``; made once, kept in a file that only its owner reads."""
        return self._secret("password", 12)

    @property
    def environment(self) -> dict[str, str]:
        """What all components must agree on."""
        logins, cores = self.home / "logins.json", os.cpu_count() or 1
        return {
            **os.environ,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(Path(__file__).parent),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            # Reading takes all cores; two places more keep a dropped file from waiting behind it.
            "AIRFLOW__CORE__PARALLELISM": str(cores + 2),
            "DEALWIRE_READERS": str(cores),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(logins),
            "AIRFLOW__API__HOST": LOOPBACK,
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.address,
            "AIRFLOW__API_AUTH__JWT_SECRET": self._secret("jwt", 64),
            "AIRFLOW__API__SECRET_KEY": self._secret("session", 32),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "PYTHONUNBUFFERED": "1",
            **self._given,
        }

    def __enter__(self) -> LocalAirflow:
        self.home.mkdir(parents=True, exist_ok=True)
        _check_free(self.port)
        logins = self.home / "logins.json"
        _write_private(logins, json.dumps({"admin": self.password}))
        _write_private(self.home / "config" / "airflow_local_settings.py", _LOCAL_SETTINGS)
        self.run("db", "migrate")
        self.run("pools", "set", LEDGER_POOL, "1", "The one writer of the ledger")
        try:
            for name in COMPONENTS:
                self._start(name)
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def run(self, *words: str) -> str:
        """An ``airflow`` command with this environment; its output."""
        done = subprocess.run(  # noqa: S603 - words of our own
            [*_airflow(), *words], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ConfigError(f"airflow {' '.join(words)}: {done.stderr.strip()[-500:]}", "is the airflow extra there?")
        return done.stdout

    def died(self) -> list[str]:
        """Components that have ended by themselves."""
        return [name for name, child in self._children.items() if child.poll() is not None]

    def stop(self) -> None:
        """End every component and what it has started; those that do not listen within 20 s are killed."""
        for child in reversed(self._children.values()):
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + 20
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            _signal(child, signal.SIGKILL)  # its group: workers outlive a parent that was killed
            child.wait()
        self._children.clear()

    def log(self, name: str) -> Path:
        """Where a component's output goes."""
        return self.home / "logs" / f"{name}.out"

    def _start(self, name: str) -> None:
        self.log(name).parent.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("ab") as out:
            self._children[name] = subprocess.Popen(  # noqa: S603 - words of our own
                [*_airflow(), *COMPONENTS[name]], env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def _wait(self) -> None:
        until = time.monotonic() + _WAIT_S
        while True:
            if dead := self.died():
                raise ConfigError(f"{dead[0]} ended at once", f"see {self.log(dead[0])}")
            if self._healthy():
                return
            if time.monotonic() > until:
                raise ConfigError(f"Airflow is not up after {_WAIT_S:.0f} s", f"see {self.home / 'logs'}")
            time.sleep(0.5)

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/api/v2/monitor/health", timeout=5) as answer:  # noqa: S310
                told = json.load(answer)
        except (OSError, ValueError, urllib.error.URLError):
            return False
        parts = ("scheduler", "triggerer", "dag_processor")
        return all((told.get(part) or {}).get("status") == "healthy" for part in parts)

    def _secret(self, name: str, size: int) -> str:
        path = self.home / f".{name}"
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(size))
        return path.read_text("utf-8")


def preload() -> None:
    """Import, once, what tasks would import one by one: some four seconds of a processor from a drop to the timeline.

    Nothing is opened or started: connections and threads do not outlive a fork.
    """
    for name in (
        "pipeline.stages", "pipeline.parse.pages", "pipeline.alerts.send", "models.reader", "spacy", "onnxruntime",
        "transformers",
    ):  # fmt: skip
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _airflow() -> list[str]:
    return [sys.executable, "-m", "airflow"]


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ConfigError(
                f"port {port} of {LOOPBACK}: {error.strerror}", "name another: AIRFLOW_PORT=8081"
            ) from error


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run until Ctrl-C or SIGTERM. The port is that of AIRFLOW_PORT, 8080 by default."""
    from pipeline.inbox import inbox_of, prepare

    signal.signal(signal.SIGTERM, _interrupted)
    settings = Settings()
    airflow = LocalAirflow(settings.home / "airflow", int(os.environ.get("AIRFLOW_PORT", "8080")))
    out = sys.stdout.write
    try:
        prepare(inbox_of(settings))
        out("Starting Airflow, half a minute or so …\n")
        with airflow:
            out(f"Airflow   {airflow.address}   user admin, password {airflow.password}\n")
            out(f"Inbox     {inbox_of(settings)}\nLogs      {airflow.home / 'logs'}\nCtrl-C stops all of it.\n")
            sys.stdout.flush()
            while not airflow.died():
                time.sleep(1)
            sys.stderr.write(f"{airflow.died()[0]} has ended: see {airflow.log(airflow.died()[0])}\n")
            return 1
    except KeyboardInterrupt:
        airflow.stop()
        out("Stopped.\n")
        return 0
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
