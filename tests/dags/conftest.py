"""One Airflow for all tests that need it running, with a newsroom to fetch from and a collector of its metrics."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from pipeline.demo import Newsroom
from pipeline.inbox import inbox_of, prepare
from pipeline.settings import Settings

if TYPE_CHECKING:
    from tests.dags.running import Running


class Collector:
    """Takes OpenTelemetry's metrics over HTTP and keeps them as they come (protobuf, in which names can be read)."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                taken.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Running]:
    """Airflow over a folder of data that is empty at first and a newsroom that it may fetch from."""
    pytest.importorskip("airflow", reason="the extra airflow is not installed")
    from dags.local import LocalAirflow
    from tests.dags.running import Running

    home = tmp_path_factory.mktemp("airflow")
    with Newsroom() as newsroom:
        newsroom.write_sources(home / "sources")
        data = Settings(home=home / "data", sources_dir=home / "sources", allow_private=True, host_delay_s=0)
        prepare(inbox_of(data))
        environment = {
            "DEALWIRE_HOME": str(data.home), "DEALWIRE_SOURCES_DIR": str(home / "sources"),
            "DEALWIRE_ALLOW_PRIVATE": "1", "DEALWIRE_HOST_DELAY_S": "0",
            "DEALWIRE_OPERATOR": "ops@example.org", "DEALWIRE_MAIL_BACKEND": "file",
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "OTEL_METRIC_EXPORT_INTERVAL": "5000",
        }  # fmt: skip
        with LocalAirflow(home / "af", settings=environment) as airflow:
            yield Running(airflow, data)
