"""The long round: ``make soak``, or ``python -m benchmarks.reliability.soak --rounds 200 --folder DIR``."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.reliability import rounds, versions
from benchmarks.reliability.inspect import differences, ledger_rows, wounds
from benchmarks.reliability.process import Forge
from benchmarks.reliability.rounds import Findings, Reference


def main() -> None:
    """Cause every kind of accident so many times; exit status 1 when anything was lost, doubled or left unexplained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="kills of loader and of publish together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, Forge() as forge:
        wrong = _all(forge, Path(folder), asked.rounds, random.Random(asked.seed))
    sys.exit(1 if wrong else 0)


def _all(forge: Forge, folder: Path, kills: int, rng: random.Random) -> int:
    reference = Reference(forge, folder, batches=4)
    few = max(kills // 10, 1)
    kinds: dict[str, Callable[[], Findings]] = {
        "kill -9 of the loader": lambda: rounds.kill_loaders(forge, reference, folder / "home", kills // 2, rng),
        "kill -9 of publish": lambda: rounds.kill_publishers(forge, folder / "publish", kills - kills // 2, rng),
        "a limit on file size": lambda: rounds.fill_the_disk(forge, reference, folder / "home", few, rng),
        "a full file system": lambda: _small_disks(forge, reference, folder / "disk", few, rng),
        "a torn snapshot": lambda: rounds.tear_snapshots(folder / "undisturbed", kills // 2, rng),
        "kill -9 of a migration": lambda: _kill_migrations(reference, folder / "undisturbed", few, rng),
    }
    wrong = 0
    for name, cause in kinds.items():
        started = time.perf_counter()
        found = cause()
        wrong += len(found.wrong)
        seconds = time.perf_counter() - started
        seen = ", ".join(f"{count} {what}" for what, count in sorted(found.seen.items()) if count)
        print(f"{name}: {found.accidents} times in {seconds:.0f} s; wrong: {len(found.wrong)}; {seen}")
        for line in found.wrong[:10]:
            print(f"  {line}")
        sys.stdout.flush()
    return wrong


def _small_disks(forge: Forge, reference: Reference, mount: Path, times: int, rng: random.Random) -> Findings:
    """The same on a file system in memory that is too small, and then grows. Needs the right to mount."""
    findings = Findings()
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "dealwire", str(mount)], check=False).returncode:
        findings.seen["not tried: may not mount"] += 1
        return findings
    try:
        for _ in range(times):
            home = reference.fresh(mount / "home")
            kilobytes = rng.randrange(500, reference.bytes // 500)
            _resize(mount, kilobytes)
            ended = forge.run("load", home)
            if ended.status == 0:
                findings.seen["had room enough"] += 1
                continue
            findings.accidents += 1
            if not ended.error.startswith(rounds.ON_PURPOSE):
                findings.wrong.append(f"not explained: {ended.status} {ended.error}")
            _resize(mount, 200_000)
            findings.wrong += wounds(home)
            reference.judge(home, forge.run("load", home), findings)
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    return findings


def _resize(mount: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(mount)], check=True)


def _kill_migrations(reference: Reference, home: Path, times: int, rng: random.Random) -> Findings:
    """SIGKILL in the midst of a migration that takes long: the ledger is as before, and the former version goes on."""
    findings = Findings()
    slow = versions.with_migration(home.parent / "slow", versions.TAKES_LONG)
    for _ in range(times):
        process = slow.start(home, "db", "migrate")
        try:
            process.communicate(timeout=rng.uniform(1.0, 3.5))
            findings.seen["was through already"] += 1
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        findings.accidents += 1
        findings.wrong += differences(ledger_rows(home), reference.due) + wounds(home)
    return findings


if __name__ == "__main__":
    main()
