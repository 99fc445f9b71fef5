"""No secret in a log line, in either format, in whatever part of the event it comes."""

from __future__ import annotations

import json

import pytest

from pipeline import logging as logs
from pipeline.redact import redact


@pytest.fixture(autouse=True)
def _as_before():
    yield
    logs.configure()


@pytest.mark.parametrize("style", ["text", "json"])
def test_secrets_do_not_reach_the_log(monkeypatch, capsys, style):
    monkeypatch.setenv("DEALWIRE_MAIL_PASSWORD", "sesame-open")
    monkeypatch.setenv("DEALWIRE_WEBHOOK_SECRET", "a key of 32 characters or more...")
    logs.configure("INFO", style)
    try:
        raise ValueError("login with sesame-open refused")
    except ValueError:
        logs.logger().error("sesame-open", url="https://ann:pw@feeds.example/x", tried=["sesame-open"], count=3,
                            key="a key of 32 characters or more...", exc_info=True)  # fmt: skip
    shown = capsys.readouterr().err
    for secret in ("sesame-open", "ann:pw", "a key of 32"):
        assert secret not in shown
    assert "feeds.example/x" in shown
    assert "ValueError" in shown
    if style == "json":
        line = json.loads(shown)
        assert (line["count"], line["url"]) == (3, "https://***@feeds.example/x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("smtp://u:p%40ss@mail.example:25", "smtp://***@mail.example:25"),
        ("https://example.org/a@b:c", "https://example.org/a@b:c"),
        ("at 10:30 mail ann@example.org", "at 10:30 mail ann@example.org"),
        ("postgresql+psycopg://air:flow@db/x and more", "postgresql+psycopg://***@db/x and more"),
        ("word abc", "word abc"),
        ("hunter-2-hunter", "***"),
    ],
)
def test_redact(text, shown):
    assert redact(text, {"A_TOKEN": "hunter-2-hunter", "SHORT_KEY": "abc", "HOME": "word"}) == shown
