"""The accidents. Each function causes one kind so many times, looks at what is left, and lets the next run heal it."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.reliability.inspect import differences, ledger_rows, leftovers, wounds
from benchmarks.reliability.newsroom import write_batches
from benchmarks.reliability.process import Ended, Forge
from pipeline.settings import Settings
from warehouse.db import connect_snapshot, connect_writer
from warehouse.errors import WarehouseError
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.snapshots import list_versions

_FILLER = "CREATE TABLE filler AS SELECT hash(range) AS noise FROM range({rows})"
ON_PURPOSE = ("WarehouseError", "LedgerBusyError", "OSError", "DealwireError")


@dataclass(slots=True)
class Findings:
    """What came of one kind of accident: how many there were, what was seen on the way, what is wrong."""

    accidents: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Reference:
    """A home whose batches wait, and what an undisturbed run makes of it in how many seconds."""

    def __init__(self, forge: Forge, folder: Path, batches: int = 8) -> None:
        self._template = folder / "template"
        write_batches(self._template, batches)
        self._loaded = self.fresh(folder / "undisturbed")
        ended = forge.run("load", self._loaded)
        assert ended.status == 0, ended.error
        self.seconds, self.due = ended.seconds, ledger_rows(self._loaded)
        self.bytes = Settings(home=self._loaded).database.stat().st_size

    def fresh(self, home: Path) -> Path:
        """A home at which nothing has been loaded yet."""
        shutil.rmtree(home, ignore_errors=True)
        return Path(shutil.copytree(self._template, home))

    def loaded(self, home: Path) -> Path:
        """A home at which everything has been loaded and published."""
        return Path(shutil.copytree(self._loaded, home))

    def judge(self, home: Path, ended: Ended, findings: Findings) -> None:
        """After a run that came to its end: nothing lost, nothing doubled, nothing left lying about."""
        if ended.status:
            findings.wrong.append(f"the healing run ended with {ended.status}: {ended.error}")
            return
        findings.wrong += differences(ledger_rows(home), self.due) + wounds(home) + leftovers(home)
        findings.seen["healed"] += 1


def kill_loaders(forge: Forge, reference: Reference, home: Path, kills: int, rng: random.Random) -> Findings:
    """SIGKILL at any time from the start to the end of loading; the next run goes on, and is killed in turn."""
    findings = Findings()
    while findings.accidents < kills:
        reference.fresh(home)
        ended = None
        while ended is None or ended.killed:
            ended = forge.run("load", home, kill_after=rng.uniform(0, reference.seconds))
            if ended.killed:
                findings.accidents += 1
                findings.seen[_progress(home)] += 1
                findings.wrong += wounds(home)
        reference.judge(home, ended, findings)
    return findings


def _progress(home: Path) -> str:
    settings = Settings(home=home)
    if settings.snapshot.exists():
        return "killed after publishing"
    waiting = len(list((home / "batches" / "readings").glob("*.jsonl")))
    loaded = len(list((home / "batches" / "done").glob("*.jsonl")))
    return (
        "killed before the first batch" if not loaded else "killed among batches" if waiting else "killed past loading"
    )


def kill_publishers(forge: Forge, home: Path, kills: int, rng: random.Random, megabytes: int = 24) -> Findings:
    """SIGKILL at any time of a process that publishes over and over; readers must find a whole snapshot each time."""
    settings, findings = Settings(home=home), Findings()
    with connect_writer(settings.database) as con:
        migrate(con)
        con.execute(_FILLER.format(rows=megabytes * 131_072))  # eight bytes of noise a row
        publish(con, settings.snapshot, settings.keep_snapshots)
    before = _published_rows(settings)
    for _ in range(kills):
        ended = forge.run("publish", home, kill_after=rng.uniform(0, 0.5), when_ready=True)
        findings.accidents += ended.killed
        if not ended.killed:
            findings.wrong.append(f"publishing ended by itself: {ended.error}")
        findings.seen["killed in the midst of a copy"] += bool(leftovers(home))
        now = _published_rows(settings)
        if now < before:
            findings.wrong.append(f"the snapshot went back from {before} rows to {now}")
        before = now
        findings.wrong += wounds(home)
    with connect_writer(settings.database) as con:
        publish(con, settings.snapshot, settings.keep_snapshots)
    kept = len(list_versions(settings.snapshot))
    findings.wrong += leftovers(home)
    findings.wrong += [f"{kept} versions are kept"] if kept > settings.keep_snapshots else []
    return findings


def _published_rows(settings: Settings) -> int:
    with connect_snapshot(settings.snapshot) as con:
        found = con.execute("SELECT count(*) FROM run_log").fetchone()
    return found[0] if found else 0


def fill_the_disk(forge: Forge, reference: Reference, home: Path, times: int, rng: random.Random) -> Findings:
    """No file may grow beyond a limit, reached at any point of loading or publishing; then there is room again."""
    findings = Findings()
    while findings.accidents < times:
        reference.fresh(home)
        ended = forge.run("load", home, limit_bytes=rng.randrange(4096, reference.bytes))
        if ended.status == 0:
            findings.seen["had room enough"] += 1
            continue
        findings.accidents += 1
        if not ended.error.startswith(ON_PURPOSE):
            findings.wrong.append(f"not explained: {ended.status} {ended.error}")
        findings.wrong += wounds(home)
        reference.judge(home, forge.run("load", home), findings)
    return findings


def tear_snapshots(home: Path, times: int, rng: random.Random) -> Findings:
    """Cut the snapshot short or overwrite a piece: reading it whole fails with an explanation, or harms nothing."""
    settings, findings = Settings(home=home), Findings()
    with connect_snapshot(settings.snapshot) as con:
        due = _readable(con)
    for _ in range(times):
        findings.accidents += 1
        _tear(settings.snapshot, rng)
        try:
            with connect_snapshot(settings.snapshot) as con:
                found = _readable(con)
            findings.seen["hit nothing that is read"] += 1
            findings.wrong += [] if found == due else ["wrong rows were read without an error"]
        except WarehouseError as error:
            findings.seen["refused with an explanation"] += 1
            findings.wrong += [] if "db publish" in error.hint else [f"no way out named: {error}"]
        with connect_writer(settings.database) as con:
            publish(con, settings.snapshot, settings.keep_snapshots)
        findings.wrong += [f"publishing does not heal: {said}" for said in _current_problem(settings)]
    return findings


def _readable(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    from warehouse import sql

    names = [row["name"] for row in sql.execute(con, "SELECT table_name AS name FROM duckdb_tables() ORDER BY 1")]
    return [
        (name, *sql.execute(con, f'SELECT count(*) AS n, bit_xor(hash(t)) AS h FROM "{name}" AS t')[0].values())
        for name in names
    ]


def _tear(snapshot: Path, rng: random.Random) -> None:
    raw = bytearray(snapshot.read_bytes())
    at = rng.randrange(len(raw))
    if rng.random() < 0.5:
        raw = raw[:at]
    else:
        raw[at : at + 512] = rng.randbytes(min(512, len(raw) - at))
    snapshot.unlink()  # the version under its other name stays whole
    snapshot.write_bytes(bytes(raw))


def _current_problem(settings: Settings) -> list[str]:
    return [
        version.problem
        for version in list_versions(settings.snapshot, verify=True)
        if version.current and version.problem
    ]
