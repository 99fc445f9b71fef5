"""Mail of DAGs through a connection of Airflow's, to a real server that asks for TLS and a login."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from airflow.sdk.exceptions import AirflowFailException

from dags import alerts
from dags.mail_server import mail_settings
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from tests.dags.test_tasks import STORY, function
from tests.pipeline.mail.server import PASSWORD, USER, mail_server, write_authority

RULES = """
[[rule]]
name = "money"
companies = ["openai"]
mail = ["desk@example.org"]
"""


@pytest.fixture
def connect(monkeypatch):
    """Makes a connection of Airflow's, where workers look first, and names it to Dealwire."""

    def connect(**parts):
        monkeypatch.setenv("AIRFLOW_CONN_NEWS_MAIL", json.dumps({"conn_type": "smtp", **parts}))
        monkeypatch.setenv("DEALWIRE_MAIL_CONNECTION", "news_mail")

    return connect


def test_a_connection_comes_before_the_environment_and_leaves_the_rest_to_it(connect, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_HOST", "other.example.org")
    monkeypatch.setenv("DEALWIRE_MAIL_SECURITY", "tls")
    connect(host="mail.example.org", login="ann", password="sesame")
    found = mail_settings()
    assert (found.host, found.server_port, found.user) == ("mail.example.org", 465, "ann")
    assert found.password.get_secret_value() == "sesame"
    assert "sesame" not in repr(found)


def test_what_is_wrong_with_a_connection_is_one_sentence_without_the_password(connect, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_CONNECTION", "absent")
    with pytest.raises(ConfigError, match="DEALWIRE_MAIL_CONNECTION: Airflow has no connection 'absent'"):
        mail_settings()
    connect(host="mail.example.org", login="ann")
    with pytest.raises(ConfigError, match="'news_mail' has a login and no password"):
        mail_settings()
    monkeypatch.setenv("DEALWIRE_MAIL_SECURITY", "none")
    connect(host="mail.example.org", login="ann", password="sesame")
    with pytest.raises(ConfigError, match="in the clear") as caught:
        mail_settings()
    assert "sesame" not in str(caught.value)


def test_an_alert_is_sent_with_the_login_of_the_connection(connect, monkeypatch, tmp_path, capfd, one_deal):
    with mail_server(*write_authority(tmp_path)) as server:
        monkeypatch.setenv("DEALWIRE_MAIL_CA_FILE", str(server.ca_file))
        connect(host="localhost", port=server.controller.port, login=USER, password="wrong")
        send, _ = function(alerts, "send")
        with pytest.raises(AirflowFailException, match="refuses the login") as caught:
            send()
        connect(host="localhost", port=server.controller.port, login=USER, password=PASSWORD)
        assert send()["sent"] == 1
        assert (server.postbox.recipients, server.postbox.peers) == (["desk@example.org"], [(True, True)])
    told = str(caught.value) + "".join(capfd.readouterr())
    assert PASSWORD not in told
    assert "wrong" not in told


@pytest.fixture
def one_deal():
    """The settings of a home with a rule, whose ledger was then published with one deal."""
    from pipeline.ingest import ingest_paths

    settings = Settings()
    story = settings.home / "story.jsonl"
    story.parent.mkdir(parents=True)
    story.write_text(json.dumps(STORY), "utf-8")
    settings.alerts.write_text(RULES, "utf-8")
    ingest_paths(settings, [story])
    return settings
