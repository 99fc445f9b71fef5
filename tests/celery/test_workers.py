"""Two Celery workers over PostgreSQL and Redis share the batches; one is killed in mid-extraction; nothing is lost.

``make test-celery`` runs it. The workers see one folder of data, as they would on one host or a shared file system.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytest.importorskip("airflow.providers.celery", reason="the extra celery is not installed: make test-celery does it")
pytest.importorskip("psycopg2", reason="the extra postgres is not installed: make test-celery does it")
import psutil
import psycopg2
import yaml

from dags.local import LocalAirflow
from pipeline.demo.content import load_articles
from pipeline.inbox import inbox_of, prepare
from pipeline.ingest import ingest_paths
from pipeline.settings import Settings
from tests.dags.running import Running

pytestmark = [pytest.mark.celery, pytest.mark.slow]
DOCKER = Path(__file__).parents[2] / "docker"
ARTICLES, BATCH_SIZE = 48, 12  # four batches: one for each worker, and more that wait
SILENT_S = 30  # a task that has not been heard of for so long is lost


class Worker:
    """A Celery worker that runs one task at a time."""

    def __init__(self, name: str, airflow: LocalAirflow) -> None:
        self.name, self.log = name, airflow.home / "logs" / f"{name}.out"
        command = [
            sys.executable, "-m", "airflow", "celery", "worker", "--concurrency", "1", "--skip-serve-logs",
            "--celery-hostname", f"{name}@%h", "--pid", str(airflow.home / f"{name}.pid"),
        ]  # fmt: skip
        with self.log.open("wb") as out:
            self.process = psutil.Popen(
                command, env=airflow.environment, stdout=out, stderr=out, start_new_session=True
            )

    def runs(self, pid: int | None) -> bool:
        """Is that process one that the worker started?"""
        return pid is not None and any(child.pid == pid for child in self.process.children(recursive=True))

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the worker and to all that it started."""
        for process in [self.process, *self.process.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill(self) -> None:
        """As when a machine goes away: the worker and all that it started, at once."""
        with suppress(psutil.NoSuchProcess):
            self.send(signal.SIGKILL)
        self.process.wait()


class Cluster(Running):
    """Airflow with two workers, and what its database says."""

    within_s = 900.0

    def __init__(self, airflow: LocalAirflow, settings: Settings, address: str) -> None:
        super().__init__(airflow, settings)
        self._address = address
        self.workers = [Worker(f"worker-{number}", airflow) for number in (1, 2)]

    def tries(self) -> list[tuple[str, int, str, int, int | None]]:
        """The reading of each batch: run, map index, state, number of the latest try, process that does it."""
        with psycopg2.connect(f"postgresql://{self._address}") as con, con.cursor() as cursor:
            cursor.execute(
                "SELECT run_id, map_index, state, try_number, pid FROM task_instance "
                "WHERE dag_id = 'extract' AND task_id = 'read' AND map_index >= 0 ORDER BY run_id, map_index"
            )
            return cursor.fetchall()

    def tails(self) -> str:
        """What the tasks do, and the end of each log."""
        return f"{self.tries()}\n{super().tails()}"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, postgres: str, redis: str) -> Iterator[Cluster]:
    home = tmp_path_factory.mktemp("celery")
    (home / "sources").mkdir()  # no publisher: what arrives comes from the inbox
    settings = Settings(home=home / "data", sources_dir=home / "sources")
    prepare(inbox_of(settings))
    with ExitStack() as stack:
        environment = {
            "DEALWIRE_HOME": str(settings.home), "DEALWIRE_SOURCES_DIR": str(home / "sources"),
            "DEALWIRE_BATCH_SIZE": str(BATCH_SIZE),
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "AIRFLOW__CORE__PARALLELISM": "16",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{postgres}",
            "AIRFLOW__CELERY__BROKER_URL": redis,
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{postgres}",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(SILENT_S),
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
        }  # fmt: skip
        airflow = stack.enter_context(LocalAirflow(home / "af", settings=environment))
        cluster = Cluster(airflow, settings, postgres)
        for worker in cluster.workers:
            stack.callback(worker.kill)
        yield cluster


def newsroom(folder: Path) -> Path:
    """Some of the sample newsroom's articles as one file of JSON lines."""
    lines = [
        {"id": article.key, "title": article.title, "text": "\n\n".join(article.paragraphs), "lang": article.lang,
         "published": article.published.isoformat()}
        for article in load_articles()[:ARTICLES]
    ]  # fmt: skip
    file = folder / "newsroom.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def claims(snapshot: Path) -> list[tuple[Any, ...]]:
    """What a ledger holds that does not depend on when it was told: each article, and each claim with its place."""
    sql = (
        "SELECT a.title, o.type, o.status, o.evidence_start, o.evidence_end, o.amount "
        "FROM articles a LEFT JOIN observations o USING (version_id) ORDER BY ALL"
    )
    with duckdb.connect(str(snapshot), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_worker_killed_in_mid_extraction_loses_nothing_and_doubles_nothing(cluster, tmp_path, capsys):
    first, second = cluster.workers
    file = newsroom(tmp_path)
    shutil.copy(file, inbox_of(cluster.settings))

    def both_at_work() -> tuple[str, int] | None:
        running = [row for row in cluster.tries() if row[2] == "running"]
        lost = next((row[:2] for row in running if first.runs(row[4])), None)
        return lost if lost and any(second.runs(row[4]) for row in running) else None

    def caught_in_the_middle() -> tuple[str, int] | None:
        if both_at_work():
            first.send(signal.SIGSTOP)  # so that nothing ends between the look and the kill
            if lost := both_at_work():
                return lost
            first.send(signal.SIGCONT)
        return None

    lost = cluster.wait("two workers that read", caught_in_the_middle)
    first.kill()
    killed = time.monotonic()
    cluster.wait(
        "all articles", lambda: cluster.rows("SELECT 1 FROM articles")[ARTICLES - 1 :] and not waiting(cluster.settings)
    )
    seconds = time.monotonic() - killed
    tries = {row[:2]: row[2:4] for row in cluster.tries()}
    assert tries.pop(lost) == ("success", 2)  # and the worker that was left has done it
    assert {state for state, _ in tries.values()} == {"success"}
    with capsys.disabled():
        print(f"\n{len(tries) + 1} batches, {ARTICLES} articles; all in {seconds:.0f} s after a worker was killed")

    undisturbed = Settings(home=tmp_path / "undisturbed", sources_dir=cluster.settings.sources_dir)
    ingest_paths(undisturbed, [file])
    assert claims(cluster.settings.snapshot) == claims(undisturbed.snapshot)


def healthy(cluster: Cluster, service: str, worker: str = "") -> bool:
    """Runs a service's health check of the compose files here, with this machine's port and names."""
    file = DOCKER / ("compose.celery.yaml" if worker else "compose.yaml")
    kind, *words = yaml.safe_load(file.read_text("utf-8"))["services"][service]["healthcheck"]["test"]
    names = {"localhost:8080": cluster.airflow.address.removeprefix("http://"), "celery@$$HOSTNAME": worker}
    for name, here in names.items():
        words = [word.replace(name, here) for word in words]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
    return subprocess.run(command, env={**cluster.airflow.environment, "PATH": path}, check=False).returncode == 0


def test_health_checks_of_the_compose_files_tell_the_living_from_the_dead(cluster):
    first, second = (f"{worker.name}@{socket.gethostname()}" for worker in cluster.workers)
    cluster.workers[0].kill()
    checks = [
        ("api-server",),
        ("scheduler",),
        ("dag-processor",),
        ("triggerer",),
        ("worker", second),
        ("worker", first),
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert list(pool.map(lambda check: healthy(cluster, *check), checks)) == [True] * 5 + [False]


def waiting(settings: Settings) -> list[Path]:
    """Batch files that wait to be read or loaded."""
    return [path for folder in ("raw", "readings") for path in (settings.home / "batches" / folder).glob("*.jsonl")]
