"""The assets that carry events from one DAG to the next. Their events hold counts and batch ids, never articles."""

from __future__ import annotations

from airflow.sdk import Asset, AssetWatcher

from dags.triggers import InboxTrigger

INBOX_FILES = Asset(
    name="inbox_files",
    uri="x-dealwire://inbox_files",
    group="dealwire",
    watchers=[AssetWatcher(name="inbox_watcher", trigger=InboxTrigger())],
)
RAW_ARTICLES = Asset(name="raw_articles", uri="x-dealwire://raw_articles", group="dealwire")
READINGS = Asset(name="readings", uri="x-dealwire://readings", group="dealwire")
LEDGER = Asset(name="ledger", uri="x-dealwire://ledger", group="dealwire")
