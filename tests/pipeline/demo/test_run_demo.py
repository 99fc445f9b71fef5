"""What the demonstration prints: what was read, the timeline, one deal's history, where to go on."""

from __future__ import annotations

import io
import socket

import pytest
from rich.console import Console

from pipeline.demo.run_demo import run_demo
from pipeline.errors import ConfigError
from pipeline.settings import Settings


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
def test_it_shows_the_ledger_and_the_second_time_says_why_nothing_was_added(tmp_path):
    settings, port, printed = Settings(home=tmp_path), free_port(), []
    for _ in range(2):
        page = io.StringIO()
        assert run_demo(settings, Console(file=page), port=port) == 0
        printed.append(page.getvalue())
    first, second = printed
    for text in ("What was read", "The timeline", "amazon-openai-equity-2025-12", "410 Gone", "What to type next"):
        assert text in first
    assert "Nothing was added: 9 feeds answered that nothing has changed" in second
    assert "Nothing was added" not in first
    assert "\x1b" not in first
    assert max(len(line) for line in first.splitlines() if "─" in line) <= 118
    assert str(settings.snapshot) in first
    assert (tmp_path / "demo" / "digest-en.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "アマゾン" in (tmp_path / "demo" / "digest-ja.txt").read_text("utf-8")


def test_a_taken_port_is_named_with_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ConfigError, match=r"port \d+ of 127.0.0.1 is taken.*end the program"):
            run_demo(Settings(home=tmp_path), Console(file=io.StringIO()), port=other.getsockname()[1])
