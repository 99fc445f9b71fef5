"""``make airflow`` as a user runs it: it tells its address, listens on loopback only, and Ctrl-C leaves nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
import psutil

from dags.local import LOOPBACK, free_port

pytestmark = pytest.mark.slow


def test_it_starts_tells_its_address_and_stops_all_of_it_on_ctrl_c(tmp_path):
    environment = {**os.environ, "DEALWIRE_HOME": str(tmp_path), "AIRFLOW_PORT": str(free_port())}
    with subprocess.Popen(
        [sys.executable, "-m", "dags.local"], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            told = ""
            for line in process.stdout:
                told += line
                if "Ctrl-C" in line:
                    break
            address = re.search(r"^Airflow +(http://127\.0\.0\.1:\d+) +user admin, password \S+$", told, re.MULTILINE)
            assert address, told
            with urllib.request.urlopen(address[1], timeout=30) as page:
                assert page.status == 200
            started = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            assert len(started) > 4
            listening = {
                connection.laddr.ip
                for each in started
                for connection in each.net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            }
            assert listening == {LOOPBACK}
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            rest = process.stdout.read()
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert "Stopped." in rest
    _, alive = psutil.wait_procs(started, timeout=5)
    assert alive == []


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        environment = {**os.environ, "DEALWIRE_HOME": str(tmp_path), "AIRFLOW_PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "-m", "dags.local"], env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == f"port {port} of {LOOPBACK}: Address already in use (name another: AIRFLOW_PORT=8081)\n"
