"""What each task does, called as a function: no scheduler, no database of Airflow's, and the real parts of the rest."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

pytest.importorskip("airflow", reason="the extra airflow is not installed")
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dags import alerts, backfill, digest, extract, ingest, load, maintenance
from dags import inbox as inbox_dag
from dags.assets import LEDGER, RAW_ARTICLES, READINGS
from dags.wiring import tell_failure
from pipeline.demo import Newsroom
from pipeline.inbox import claim, inbox_of
from pipeline.logging import configure
from pipeline.settings import Settings
from pipeline.subscriptions import subscribe
from warehouse.db import connect_snapshot

STORY = {
    "id": "wire-1", "title": "Amazon to invest $10 billion in OpenAI", "lang": "en", "published": "2026-03-03",
    "text": "Amazon said on Tuesday it will invest $10 billion in OpenAI. OpenAI will use Trainium chips.",
}  # fmt: skip


def function(module, task):
    """The function of a task, and the events that it may fill in."""
    name = module.__name__.rpartition(".")[2]
    return getattr(module, name)().get_task(task).python_callable, defaultdict(SimpleNamespace)


@pytest.fixture
def settings():
    return Settings()


def drop(settings, name, text):
    folder = inbox_of(settings)
    claim(folder)
    (folder / name).write_text(text, "utf-8")
    return claim(folder, settled_s=-60)


@pytest.fixture
def loaded(settings):
    """A story that went through inbox, extract and load; what each announced."""
    drop(settings, "story.jsonl", json.dumps(STORY))
    take_in, told = function(inbox_dag, "take_in")
    batches = take_in(outlet_events=told)
    waiting, _ = function(extract, "waiting")
    named = {"raw": [SimpleNamespace(extra=told[RAW_ARTICLES].extra)]}
    assert waiting(triggering_asset_events=named) == batches
    read, read_told = function(extract, "read")
    assert read(batch=batches[0], outlet_events=read_told) == batches[0]
    write, write_told = function(load, "write")
    write(outlet_events=write_told)
    return told[RAW_ARTICLES].extra, read_told[READINGS].extra, write_told[LEDGER].extra


def test_a_dropped_story_becomes_a_deal_and_each_event_counts(settings, loaded):
    raw, readings, ledger = loaded
    assert (len(raw["batches"]), raw["files"], raw["refused"]) == (1, 1, 0)
    assert (readings["batches"], readings["documents"], readings["relevant"]) == (raw["batches"], 1, 1)
    assert (ledger["batches"], ledger["articles_new"], ledger["deals"]) == (raw["batches"], 1, 1)
    with connect_snapshot(settings.snapshot) as con:
        assert con.execute("SELECT deal_id, usd FROM deals").fetchall() == [(ledger["deal_ids"][0], 1e10)]
    json.dumps([raw, readings, ledger])  # as Airflow keeps them


def test_tasks_without_work_are_skipped_and_say_why(settings, loaded):
    write, told = function(load, "write")
    with pytest.raises(AirflowSkipException, match="no batch of readings waits"):
        write(outlet_events=told)
    take_in, told = function(inbox_dag, "take_in")
    drop(settings, "broken.jsonl", "{no json")
    with pytest.raises(AirflowSkipException, match=r"1 files, no article to read: .*broken.jsonl: line 1: not JSON"):
        take_in(outlet_events=told)
    choose, told = function(backfill, "choose")
    params = {"since": "2026-03-01", "until": "2026-03-31", "sources": [], "archives": [], "limit": 10}
    with pytest.raises(AirflowSkipException, match=r"nothing to read: \{'chosen': 0, 'left': 0\}"):
        choose(params=params, outlet_events=told)
    assert told == {}


def test_backfill_announces_what_another_reader_has_read(settings, loaded, monkeypatch):
    monkeypatch.setattr("models.reader.ENGINE", "2")
    choose, told = function(backfill, "choose")
    params = {"since": "2026-03-01", "until": "2026-03-31", "sources": [], "archives": [], "limit": 10}
    batches = choose(params=params, outlet_events=told)
    assert told[RAW_ARTICLES].extra == {"batches": batches, "chosen": 1, "left": 0}
    with pytest.raises(AirflowFailException, match="until 2026-03-01 is before since 2026-03-31"):
        choose(params={**params, "since": "2026-03-31", "until": "2026-03-01"}, outlet_events=told)


def test_maintenance_prunes_compacts_and_reports(settings, loaded):
    prune, _ = function(maintenance, "prune_files")
    assert prune(params={"dry_run": False})["files taken in"] == 0
    compact, _ = function(maintenance, "compact")
    assert compact(params={"dry_run": False, "compact": True}).keys() == {"requests", "runs", "ledger"}
    with pytest.raises(AirflowSkipException, match="dry run"):
        compact(params={"dry_run": True, "compact": False})
    feed_health, _ = function(maintenance, "feed_health")
    assert feed_health() == {}


def test_digests_go_to_groups_of_readers_once_and_never_late_unless_asked(settings, loaded, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_BACKEND", "file")
    groups, _ = function(digest, "groups")
    with pytest.raises(AirflowSkipException, match="no digest is due to the 0 subscriptions"):
        groups(params={"late": False})
    now = datetime.now(UTC)
    hours = [(now - timedelta(hours=back)).replace(minute=0) for back in (1, 20)]
    for address, hour in zip(("ann@example.org", "bob@example.org"), hours, strict=True):
        subscribe(settings.subscriptions, {"address": address, "time": f"{hour:%H:%M}", "zone": "UTC"})
    due, past = (f"{hour:%H:%M} UTC" for hour in hours)
    assert groups(params={"late": False}) == [due]
    assert groups(params={"late": True}) == sorted([due, past])
    send, _ = function(digest, "send")
    first = send(readers=due)
    assert (first["written"], first["sent"]) == (1, 1)
    again = send(readers=due)
    assert (again["written"], again["written_before"], again["sent"]) == (0, 1, 0)
    with pytest.raises(AirflowSkipException, match="no digest is due to the 2 subscriptions"):
        groups(params={"late": False})
    assert len(list((settings.home / "mail").rglob("*.eml"))) == 1


@pytest.fixture
def rules(settings, monkeypatch):
    monkeypatch.setenv("DEALWIRE_MAIL_BACKEND", "file")
    settings.home.mkdir(parents=True)
    settings.alerts.write_text(
        '[[rule]]\nname = "money"\ncompanies = ["openai"]\nmail = ["desk@example.org"]\n', "utf-8"
    )


def test_alerts_tell_each_event_once_and_name_wrong_rules(settings, rules, loaded):
    send, _ = function(alerts, "send")
    assert send() == {"found": 1, "held": 0, "sent": 1, "waiting": 0}
    assert send() == {"found": 0, "held": 0, "sent": 0, "waiting": 0}
    assert len(list((settings.home / "mail").rglob("*.eml"))) == 1
    settings.alerts.write_text(
        '[[rule]]\nname = "money"\ncompanies = ["openay"]\nmail = ["desk@example.org"]\n', "utf-8"
    )
    with pytest.raises(AirflowFailException, match=r"alerts\.toml: .*openay.*\(1 problems in all\)"):
        send()


def test_alerts_are_skipped_without_a_ledger_and_without_rules(settings, loaded):
    send, _ = function(alerts, "send")
    with pytest.raises(AirflowSkipException, match=r"no rules in .*alerts\.toml"):
        send()
    settings.snapshot.unlink()
    with pytest.raises(AirflowSkipException, match="nothing published yet"):
        send()


def test_the_newsroom_is_planned_and_fetched(settings, monkeypatch, tmp_path):
    with Newsroom() as newsroom:
        newsroom.write_sources(tmp_path / "sources")
        for name, value in (("SOURCES_DIR", str(tmp_path / "sources")), ("ALLOW_PRIVATE", "1"), ("HOST_DELAY_S", "0")):
            monkeypatch.setenv(f"DEALWIRE_{name}", value)
        plan, _ = function(ingest, "plan")
        (sources,) = plan(params={"groups": 4})  # they share a host
        assert "stackwire" in sources
        fetch, told = function(ingest, "fetch")
        batches = fetch(sources=["stackwire"], params={"force": False}, outlet_events=told)
        assert told[RAW_ARTICLES].extra["batches"] == batches
        assert told[RAW_ARTICLES].extra["feeds_ok"] == 1
        with pytest.raises(AirflowSkipException, match=r"nothing new: .*'feeds_not_due': 1"):
            fetch(sources=["stackwire"], params={"force": False}, outlet_events=told)
    with pytest.raises(AirflowFailException, match=r"none of \d+ feeds answered: .*is the network there"):
        fetch(sources=sources[:3], params={"force": True}, outlet_events=told)  # each is tried three times, with pauses


def test_a_wrong_setting_ends_the_task_with_a_sentence_that_names_it(monkeypatch):
    monkeypatch.setenv("DEALWIRE_BATCH_SIZE", "none")
    for module, task, arguments in (
        (ingest, "plan", {"params": {"groups": 4}}), (inbox_dag, "take_in", {"outlet_events": {}}),
        (extract, "waiting", {"triggering_asset_events": {}}), (load, "write", {"outlet_events": {}}),
        (maintenance, "prune_files", {"params": {"dry_run": True}}), (digest, "send", {"readers": "07:00 UTC"}),
    ):  # fmt: skip
        with pytest.raises(AirflowFailException, match=r"^DEALWIRE_BATCH_SIZE: .*\(correct or unset the variable\)$"):
            function(module, task)[0](**arguments)


def test_a_failure_is_logged_in_one_line_and_mailed_to_the_operator(settings, monkeypatch, capsys):
    task = SimpleNamespace(dag_id="load", task_id="write", map_index=-1, run_id="run-1", try_number=3)
    context = {"task_instance": task, "exception": AirflowFailException("the disk is full")}
    for name, value in (("LOG_FORMAT", "json"), ("MAIL_BACKEND", "file"), ("OPERATOR", "ops@example.org")):
        monkeypatch.setenv(f"DEALWIRE_{name}", value)
    configure()
    tell_failure(context)
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["dag"], told["task"], told["error"]) == (
        "task_failed", "load", "write", "the disk is full",
    )  # fmt: skip
    (mail,) = (settings.home / "mail").glob("*.eml")
    assert b"Subject: Dealwire: load.write failed" in mail.read_bytes()
    monkeypatch.setenv("DEALWIRE_MAIL_PORT", "mail")
    tell_failure(context)  # what is wrong with the mail is logged too, and nothing is raised
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == [
        "task_failed", "operator_not_told",
    ]  # fmt: skip
