"""Alerts: what the ledger has just learnt, told by the rules of ``alerts.toml`` to those who asked for it.

report = send_alerts(settings)   # after each load
"""

from pathlib import Path

from pipeline.alerts.send import AlertReport, send_alerts

__all__ = ["AlertReport", "alert_schema", "send_alerts"]


def alert_schema() -> Path:
    """The JSON schema of what webhooks get."""
    return Path(__file__).with_name("alert.schema.json")
