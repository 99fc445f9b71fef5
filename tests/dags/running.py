"""Airflow running over a folder of data: what its files, its API and its logs say, for tests to wait for."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import duckdb

from dags.local import LocalAirflow
from pipeline.inbox import inbox_of
from pipeline.settings import Settings

_LAST = 3000  # characters of each log that a failure shows


class Running:
    """An instance of Airflow, and the settings of the tasks that it runs."""

    within_s = 600.0  # how long a broken chain is waited for; what a sound one takes is printed

    def __init__(self, airflow: LocalAirflow, settings: Settings) -> None:
        self.airflow, self.settings = airflow, settings
        self._token = ""

    def wait(self, what: str, found: Callable[[], Any]) -> Any:
        """What ``found`` returns once it is true; fails when a component dies, or after a long time, with the logs."""
        until = time.monotonic() + self.within_s
        while not (result := found()):
            assert not self.airflow.died(), self.tails()
            assert time.monotonic() < until, f"{what}: not after {self.within_s:.0f} s\n{self.tails()}"
            time.sleep(0.1)  # a poll of the state that the other processes make
        return result

    def tails(self) -> str:
        """The end of each log."""
        logs = sorted(path for path in self.airflow.home.glob("logs/**/*") if path.is_file())
        return "\n".join(f"--- {path}\n{path.read_text(errors='replace')[-_LAST:]}" for path in logs)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Of the published snapshot; none before there is one."""
        if not self.settings.snapshot.exists():
            return []
        with duckdb.connect(str(self.settings.snapshot), read_only=True) as con:
            return con.execute(sql).fetchall()

    def drop(self, name: str, text: str) -> None:
        """Put a file into the inbox, as a careful user does."""
        part = inbox_of(self.settings) / f"{name}.part"
        part.write_text(text, "utf-8")
        part.rename(part.with_suffix(""))

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of Airflow's API, which its pages ask too: GET, or POST of ``body``."""
        if not self._token:
            login = {"username": "admin", "password": self.airflow.password}
            self._token = self._send("/auth/token", login)[1]["access_token"]
        return self._send(f"/api/v2/{path}", body)

    def start(self, dag: str, **params: Any) -> str:
        """Start a run by hand; its id."""
        status, told = self.ask(f"dags/{dag}/dagRuns", {"logical_date": None, "conf": params})
        assert status == 200, told
        return str(told["dag_run_id"])

    def failed(self, dag: str, task: str) -> str:
        """Wait for a run of the DAG that fails; what its task's page shows."""
        runs = self.wait(f"a failure of {dag}", lambda: self.ask(f"dags/{dag}/dagRuns?state=failed")[1]["dag_runs"])
        where = f"dags/{dag}/dagRuns/{runs[-1]['dag_run_id']}/taskInstances/{task}"
        tries = self.ask(where)[1]["try_number"]
        lines = self.ask(f"{where}/logs/{tries}")[1]["content"]
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)

    def _send(self, path: str, body: Any) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.airflow.address + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
