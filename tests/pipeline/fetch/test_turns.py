"""Turns that processes share: two of them never ask one host within its pause."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise

from pipeline.fetch.politeness import HostClock
from pipeline.fetch.turns import SharedTurns

# A process that takes turns at one host and writes down when each began.
TAKE = """
import sys, time
from pathlib import Path
from pipeline.fetch.clock import SystemClock
from pipeline.fetch.politeness import HostClock
from pipeline.fetch.turns import SharedTurns
clock = SystemClock()
hosts = HostClock(clock, 0.2, SharedTurns(Path(sys.argv[1]), clock.now))
for _ in range(5):
    hosts.take_turn("news.example")
    print(time.time(), flush=True)
"""


def test_processes_keep_one_pause_together(tmp_path):
    command = [sys.executable, "-c", TAKE, str(tmp_path / "turns")]
    began = time.time()
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=60)[0] for process in processes]
    turns = sorted(float(line) for text in told for line in text.splitlines())
    assert len(turns) == 15
    # A turn is booked for a moment, and begins at it or when the machine gets round to it.
    assert turns[-1] - began >= 14 * 0.2
    assert all(later - earlier > 0.05 for earlier, later in pairwise(turns))


def test_a_turn_of_another_process_is_waited_for(tmp_path, clock):
    first, second = (HostClock(clock, 5.0, SharedTurns(tmp_path, clock.now)) for _ in range(2))
    first.take_turn("a")
    first.take_turn("b")
    second.take_turn("a")
    assert clock.slept == [5.0]
    first.slow_down("a", 30.0)
    second.take_turn("a")
    assert clock.slept == [5.0, 30.0]


def test_a_clock_that_was_set_back_and_a_torn_file_hold_nobody_up(tmp_path, clock):
    turns = SharedTurns(tmp_path, clock.now)
    for left in ("99999999999.0", "", "soon"):
        (tmp_path / "a").write_text(left, "ascii")
        assert turns.book("a", 0.0, 1.0) == 0.0
    assert turns.book("a", 0.0, 1.0) == 1.0


def test_a_folder_that_cannot_be_written_costs_only_what_is_shared(tmp_path, clock):
    (tmp_path / "file").write_text("in the way", "ascii")
    hosts = HostClock(clock, 5.0, SharedTurns(tmp_path / "file", clock.now))
    hosts.take_turn("a")
    hosts.take_turn("a")
    assert clock.slept == [5.0]
