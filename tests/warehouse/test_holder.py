"""Who holds the ledger: the signature where it is the holder's, what the system knows where it is not."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from warehouse import holder


def test_a_signature_names_process_host_and_command(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/usr/bin/dealwire", "run", "--force"])
    holder.sign(tmp_path / "ledger.duckdb")
    found = holder.find(tmp_path / "ledger.duckdb", os.getpid())
    assert (found.pid, found.host, found.command) == (os.getpid(), socket.gethostname(), "dealwire run --force")
    assert str(found).startswith(f"process {os.getpid()} on {socket.gethostname()} (dealwire run --force, since 20")


def test_the_signature_of_a_former_writer_is_not_taken_for_the_holders(tmp_path):
    (tmp_path / "ledger.duckdb.writer").write_text(json.dumps({"pid": 1, "host": "elsewhere", "command": "gone"}))
    found = holder.find(tmp_path / "ledger.duckdb", os.getpid())
    assert found.host == socket.gethostname()
    assert Path(sys.executable).name in found.command


def test_a_holder_out_of_sight_is_known_by_its_signature(tmp_path):
    told = {"pid": 42, "host": "loader-7", "command": "dealwire run", "since": "2026-03-01T06:00:00+00:00"}
    (tmp_path / "ledger.duckdb.writer").write_text(json.dumps(told))
    assert str(holder.find(tmp_path / "ledger.duckdb", 0)) == (
        "process 42 on loader-7 (dealwire run, since 2026-03-01T06:00:00+00:00)"
    )


def test_a_damaged_signature_is_none(tmp_path):
    (tmp_path / "ledger.duckdb.writer").write_text('{"pid": 4')
    assert holder.find(tmp_path / "ledger.duckdb", None) is None


def test_a_folder_that_cannot_be_written_to_keeps_nobody_out(tmp_path):
    holder.sign(tmp_path / "missing" / "ledger.duckdb")
