"""The mail server that DAGs send by: that of the environment, or of one of Airflow's own connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.mail import MailSettings


def mail_settings() -> MailSettings:
    """The settings of the environment. Where ``DEALWIRE_MAIL_CONNECTION`` names a connection, its host, port, login and
    password come before them. To be called in a task or its callback: Airflow gives its secrets to nobody else, and
    masks them in the logs of the task.

    Raises:
        ConfigError: a value is not valid, there is no such connection, or it has a login without a password.
    """
    from pipeline.mail import read_mail_settings

    settings = read_mail_settings()
    if settings.connection is None:
        return settings
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from pipeline.errors import ConfigError

    name = settings.connection
    try:
        found = Connection.get(name)
    except AirflowNotFoundException:
        raise ConfigError(
            f"DEALWIRE_MAIL_CONNECTION: Airflow has no connection {name!r}",
            f"add it under Admin, Connections, or by: airflow connections add {name} --conn-type smtp ...",
        ) from None
    if found.login and not (found.password or settings.password):
        raise ConfigError(f"Airflow's connection {name!r} has a login and no password", "add it to the connection")
    given = {"host": found.host, "port": found.port, "user": found.login, "password": found.password}
    return read_mail_settings(**{key: value for key, value in given.items() if value})
