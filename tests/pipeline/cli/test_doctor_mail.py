"""Doctor and the mail server: a real one, one that refuses the login, none."""

from __future__ import annotations

import pytest

from pipeline.cli.doctor_mail import mail
from pipeline.settings import Settings
from tests.pipeline.mail.server import PASSWORD, USER, mail_server, write_authority


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, operator="ops@example.org")


@pytest.fixture
def server(tmp_path, monkeypatch):
    with mail_server(*write_authority(tmp_path), "starttls") as running:
        told = running.settings()
        for name, value in (
            ("HOST", told.host), ("PORT", told.port), ("CA_FILE", told.ca_file), ("USER", USER), ("PASSWORD", PASSWORD)
        ):  # fmt: skip
            monkeypatch.setenv(f"DEALWIRE_MAIL_{name}", str(value))
        yield running


def test_a_server_that_would_take_mail_is_named_and_gets_none(settings, server):
    (finding,) = mail(settings)
    assert (finding.state, PASSWORD in finding.found) == ("ok", False)
    assert finding.found.endswith(f"answers (starttls, login {USER})")
    assert server.postbox.taken == []


def test_a_refused_login_is_an_error(settings, server, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_PASSWORD", "wrong")
    (finding,) = mail(settings)
    assert finding.state == "error"
    assert "refuses the login" in finding.found


def test_a_server_that_is_away_is_an_error_once_somebody_is_to_be_mailed(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_PORT", "1")
    (finding,) = mail(settings)
    assert (finding.state, "localhost:1 cannot be reached" in finding.found) == ("error", True)
    (finding,) = mail(Settings(home=tmp_path))
    assert (finding.state, finding.found) == ("ok", "nobody is to be mailed yet")


def test_a_wrong_setting_is_named_and_files_need_no_server(settings, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_PORT", "mail")
    (finding,) = mail(settings)
    assert (finding.state, "DEALWIRE_MAIL_PORT" in finding.found) == ("error", True)
    monkeypatch.setenv("DEALWIRE_MAIL_PORT", "25")
    monkeypatch.setenv("DEALWIRE_MAIL_BACKEND", "file")
    (finding,) = mail(settings)
    assert (finding.state, finding.found) == ("ok", f"kept as files in {settings.home / 'mail'}")
