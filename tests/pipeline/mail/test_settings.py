"""Settings of mail: what is refused, and that secrets stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.mail import MailSettings, read_mail_settings

PAGE = Path(__file__).parents[3] / "docs" / "mail.md"


def test_ports_follow_security():
    assert [MailSettings(security=kind).server_port for kind in ("starttls", "tls", "none")] == [587, 465, 25]
    assert MailSettings(port=2525).server_port == 2525


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "many", "DEALWIRE_MAIL_PORT"),
        ("SENDER", "no address", "DEALWIRE_MAIL_SENDER: should be a mail address"),
        ("SENDER", "Ann\nBcc: eve@example.org <ann@example.org>", "DEALWIRE_MAIL_SENDER"),
        ("UNSUBSCRIBE_URL", "http://example.org", "DEALWIRE_MAIL_UNSUBSCRIBE_URL: should be an https address"),
        ("SECURITY", "ssl", "DEALWIRE_MAIL_SECURITY"),
        ("CA_FILE", "absent.pem", "DEALWIRE_MAIL_CA_FILE: there is no such file"),
        ("USER", "ann", "DEALWIRE_MAIL_PASSWORD is missing"),
        ("TIMEOUT_S", "0", "DEALWIRE_MAIL_TIMEOUT_S"),
    ],
)
def test_wrong_values_name_their_variable(monkeypatch, name, value, said):
    monkeypatch.setenv(f"DEALWIRE_MAIL_{name}", value)
    with pytest.raises(ConfigError, match=said) as caught:
        read_mail_settings()
    assert "docs/mail.md" in caught.value.hint


def test_a_password_is_never_sent_in_the_clear_nor_shown(monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_USER", "ann")
    monkeypatch.setenv("DEALWIRE_MAIL_PASSWORD", "sesame")
    assert "sesame" not in repr(read_mail_settings())
    with pytest.raises(ConfigError, match="in the clear") as caught:
        read_mail_settings(host="mail.example.org", security="none")
    assert "sesame" not in str(caught.value)
    assert read_mail_settings(host="127.0.0.1", security="none").user == "ann"


def test_given_values_come_before_the_environment(monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_BACKEND", "smtp")
    assert read_mail_settings(backend="file").backend == "file"


@pytest.mark.parametrize("name", MailSettings.model_fields)
def test_every_variable_is_documented(name):
    row = f"| `DEALWIRE_MAIL_{name.upper()}` |"
    assert row in PAGE.read_text("utf-8")
    assert f"| {MailSettings.model_fields[name].description} |" in PAGE.read_text("utf-8")
