"""How mail leaves: ``DEALWIRE_MAIL_…``. Passwords come from the environment, or from a connection of Airflow's, and are
never printed."""

from __future__ import annotations

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.mail.addresses import bare, is_mailbox
from pipeline.settings import from_environment


class MailSettings(BaseSettings):
    """A mail server, and what messages say of their sender. Every field can be set as ``DEALWIRE_MAIL_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="DEALWIRE_MAIL_", extra="ignore")

    backend: Literal["smtp", "file"] = Field("smtp", description="`smtp`, or `file`: .eml files in a folder.")
    folder: Path | None = Field(None, description="Folder of .eml files; `mail` below DEALWIRE_HOME by default.")
    host: str = Field("localhost", min_length=1, description="The mail server.")
    port: int | None = Field(None, ge=1, le=65535, description="587 with `starttls`, 465 with `tls`, 25 with `none`.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="`starttls`, `tls` from the first byte, or `none`, which is for one machine only."
    )
    check_certificate: bool = Field(True, description="Whether the server must prove its name.")
    ca_file: Path | None = Field(None, description="Certificates to trust instead of the system's.")
    user: str | None = Field(None, description="Name to log in with.")
    password: SecretStr | None = Field(None, description="Its password.")
    connection: str | None = Field(
        None, min_length=1, description="Airflow connection whose host, port, login and password the DAGs use."
    )
    sender: str = Field("Dealwire <dealwire@localhost>", description="The From header.")
    reply_to: str | None = Field(None, description="The Reply-To header.")
    unsubscribe_mailto: str | None = Field(None, description="Address for List-Unsubscribe; the sender's by default.")
    unsubscribe_url: str | None = Field(
        None, description="https address for unsubscribing by one click; `{address}` in it becomes the reader's."
    )
    timeout_s: float = Field(30.0, gt=0, le=600, description="Seconds to wait for the server at each step.")
    tries: int = Field(3, ge=1, le=20, description="Times that a message is tried in one run.")
    pause_s: float = Field(2.0, ge=0, description="Seconds before the second try; doubled before each further one.")
    give_up_after_h: float = Field(72.0, gt=0, description="Hours after which a message is given up.")

    @field_validator("sender", "reply_to", "unsubscribe_mailto")
    @classmethod
    def _is_mailbox(cls, value: str | None) -> str | None:
        if value is not None and not is_mailbox(value):
            raise ValueError("should be a mail address: name@example.org or Name <name@example.org>")
        return value

    @field_validator("unsubscribe_url")
    @classmethod
    def _is_https(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith("https://") or not value.isascii() or any(ord(c) <= 32 or c in "<>," for c in value):
            raise ValueError("should be an https address; unsubscribing by one click (RFC 8058) knows no other")
        return value

    @field_validator("ca_file")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @model_validator(mode="after")
    def _keeps_secrets(self) -> MailSettings:
        if self.user and self.password is None:
            raise ValueError("DEALWIRE_MAIL_PASSWORD is missing, and DEALWIRE_MAIL_USER is set")
        if self.user and self.security == "none" and not _loopback(self.host):
            raise ValueError("DEALWIRE_MAIL_SECURITY: 'none' would send the password in the clear")
        return self

    @cached_property
    def server_port(self) -> int:
        """The port, or the usual one of the kind of security."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]

    @cached_property
    def sender_address(self) -> str:
        """The bare address of the sender."""
        return bare(self.sender)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_mail_settings(**values: Any) -> MailSettings:
    """The settings of the environment; ``values`` come before it: a backend from the command line, or ``host``,
    ``port``, ``user`` and ``password`` of a connection of Airflow's.

    Raises:
        ConfigError: a value is not valid; the message names the variable.
    """
    return from_environment(MailSettings, "docs/mail.md lists the variables", **values)
