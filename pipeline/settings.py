"""Settings: the environment (``DEALWIRE_…``), checked once, read everywhere."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_data_path
from pydantic import ByteSize, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import ConfigError
from warehouse.address import Ledger, parse

_Settings = TypeVar("_Settings", bound=BaseSettings)


class Settings(BaseSettings):
    """Where data lives and how strangers are treated. Every field can be set as ``DEALWIRE_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="DEALWIRE_", extra="ignore")

    home: Path = Field(default_factory=lambda: user_data_path("dealwire"), description="Folder of all data.")
    sources_dir: Path | None = Field(None, description="Folder of source TOML files; the packaged ones by default.")
    user_agent: str = Field(
        "dealwire/0.1 (+https://example.org/dealwire-bot; news research; respects robots.txt)",
        description="What we call ourselves; put your own contact address here.",
    )
    allow_private: bool = Field(False, description="Permit requests to loopback and private addresses.")
    connect_timeout_s: float = Field(10.0, gt=0, description="Seconds to wait for a connection.")
    total_timeout_s: float = Field(45.0, gt=0, description="Seconds that one request may take in all.")
    max_feed_bytes: int = Field(10_000_000, gt=0, description="A feed body larger than this is refused.")
    max_page_bytes: int = Field(5_000_000, gt=0, description="A page body larger than this is refused.")
    host_delay_s: float = Field(1.0, ge=0, description="Pause between two requests to one host.")
    concurrency: int = Field(8, ge=1, le=64, description="Hosts fetched from at the same time.")
    batch_size: int = Field(32, ge=1, description="Documents that the reader takes at a time.")
    keep_snapshots: int = Field(5, ge=1, description="Published snapshots kept.")
    operator: str | None = Field(None, description="Mail address that is told when a task of Airflow's fails for good.")
    keep_raw_days: int = Field(90, ge=1, description="Days that raw bodies of feeds and pages are kept.")
    keep_files_days: int = Field(30, ge=1, description="Days that loaded batches and the inbox's done files are kept.")
    keep_log_days: int = Field(400, ge=8, description="Days that requests and runs stay in the ledger's logs.")
    published_language: str = Field("en", description="Language of the feed and the calendar beside the snapshot.")
    publish_parquet: bool = Field(False, description="Publish every table and view as Parquet files too.")
    warehouse: SecretStr | None = Field(
        None, description="The ledger in DuckLake instead of a file: ducklake:postgres:dbname=… host=… user=…"
    )
    warehouse_data: str | None = Field(
        None, description="Folder or s3://… of a DuckLake's Parquet files; `lake` in the folder of all data by default."
    )
    writer_wait_s: float = Field(20.0, ge=0, description="Seconds to wait for another process that writes.")
    query_seconds: float = Field(60.0, gt=0, description="Seconds that a statement of `dealwire query` may take.")
    query_memory: ByteSize = Field(
        ByteSize(1_000_000_000), ge=50_000_000, description="Memory that it may take, such as 500MB or 2GiB."
    )

    @field_validator("published_language")
    @classmethod
    def _has_words(cls, value: str) -> str:
        from pipeline.digest.phrases import languages

        if value not in languages():
            raise ValueError(f"should be one of: {', '.join(languages())}")
        return value

    @cached_property
    def raw_dir(self) -> Path:
        """Raw bodies by content hash."""
        return self.home / "raw"

    @field_validator("warehouse")
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse(value.get_secret_value(), "")
        return value

    @cached_property
    def database(self) -> Path:
        """The writer's database file, where the ledger is in one."""
        return self.home / "ledger.duckdb"

    @cached_property
    def ledger(self) -> Ledger:
        """What the writer opens: the database file, or the DuckLake that ``warehouse`` names."""
        if self.warehouse is None:
            return self.database
        return parse(self.warehouse.get_secret_value(), self.warehouse_data or str(self.home / "lake"))

    @property
    def has_ledger(self) -> bool:
        """Whether there is anything to open; a DuckLake is made by whoever opens it first."""
        return self.ledger != self.database or self.database.is_file()

    @cached_property
    def snapshot(self) -> Path:
        """What analysts open: the published, read-only copy."""
        return self.home / "published" / "dealwire.duckdb"

    @cached_property
    def outbox(self) -> Path:
        """Mail that waits, and what became of the rest."""
        return self.home / "outbox.sqlite"

    @cached_property
    def subscriptions(self) -> Path:
        """Who gets which digest."""
        return self.home / "subscriptions.toml"

    @cached_property
    def alerts(self) -> Path:
        """The rules of alerts."""
        return self.home / "alerts.toml"

    @cached_property
    def alerts_state(self) -> Path:
        """What alerts have told, and what they still hold."""
        return self.home / "alerts.sqlite"


def read_settings() -> Settings:
    """The settings of the environment.

    Raises:
        ConfigError: a value is not valid; the message names the variable.
    """
    settings = from_environment(Settings)
    if settings.home.exists() and not settings.home.is_dir():
        raise ConfigError(f"DEALWIRE_HOME: {settings.home} is not a folder", "name a folder, or one to be made")
    return settings


def from_environment(model: type[_Settings], hint: str = "correct or unset the variable", **values: Any) -> _Settings:
    """The settings of the environment; ``values`` come before it.

    Raises:
        ConfigError: a value is not valid; the message names the variable, and does not show what it holds.
    """
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        prefix = model.model_config.get("env_prefix", "")
        name = prefix + "_".join(str(part) for part in first["loc"]).upper() + ": " if first["loc"] else ""
        raise ConfigError(name + str(first["msg"]).removeprefix("Value error, "), hint) from None
