"""Runs targets: ``python -m benchmarks.reliability.fuzz [TARGET …] --seconds 30``; atheris must be importable.

Each target runs in a process of its own, nice to others. Its corpus grows in ``--folder``, so that a later run goes on
where this one ended; what it finds is made shorter, and told. Each run is a line of ``runs.jsonl``; ``--sums`` adds up.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.reliability.fuzz.minimise import found_by, minimised
from benchmarks.reliability.fuzz.target import ROOT, SLOW, Target
from benchmarks.reliability.fuzz.targets import TARGETS

_PULSE = re.compile(r"^#(\d+)\s+(\w+)\s+(?:cov: (\d+) )?", re.MULTILINE)
_HANGS_S, _MEGABYTES = 120, 3000
_NICENESS = 15
_CUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run of a target. ``coverage`` counts edges of instrumented code reached since its beginning."""

    target: str
    executions: int
    seconds: float
    coverage: int
    found: tuple[str, ...]


def main() -> None:
    """Print a line for each run, and what it found; exit status 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all by default")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--seconds", type=int, default=30, help="of each target (default 30)")
    length.add_argument("--runs", type=int, help="executions of each target, instead of seconds")
    parser.add_argument("--jobs", type=int, default=1, help="targets side by side (default 1)")
    parser.add_argument("--folder", type=Path, default=ROOT / ".fuzz", help="corpora and findings (default .fuzz)")
    parser.add_argument("--sums", action="store_true", help="run nothing; add up the runs in the folder")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.targets) - TARGETS.keys()):
        parser.error(f"no target is called {', '.join(unknown)}")
    if asked.sums:
        sys.exit(_print(_sums(asked.folder / "runs.jsonl")))
    for target in (TARGETS[name] for name in asked.targets or TARGETS):
        prepare(target, asked.folder / target.name)
    limit = f"-runs={asked.runs}" if asked.runs else f"-max_total_time={asked.seconds}"
    with ThreadPoolExecutor(asked.jobs) as pool:
        done = pool.map(lambda name: run(TARGETS[name], asked.folder / name, limit), asked.targets or TARGETS)
        sys.exit(_print(_noted(asked.folder, one) for one in done))


def prepare(target: Target, folder: Path) -> None:
    """Write the target's first inputs and its dictionary; what an earlier run has gathered stays."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    (folder / "found").mkdir(exist_ok=True)
    for seed in target.seeds():
        (corpus / sha256(seed).hexdigest()[:40]).write_bytes(seed[: target.longest])
    words = {word.encode() for word in target.words() if word}
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in sorted(words) if len(word) <= 64)
    (folder / "words.dict").write_text("".join(f'"{word}"\n' for word in quoted), "ascii")


def run(target: Target, folder: Path, limit: str) -> Run:
    """Fuzz one target until ``limit`` (an option of libFuzzer), and shorten what it found."""
    options = [limit, f"-max_len={target.longest}", f"-timeout={_HANGS_S}", f"-rss_limit_mb={_MEGABYTES}",
               f"-artifact_prefix={folder}/found/", "-print_final_stats=1"]  # fmt: skip
    if (folder / "words.dict").stat().st_size:
        options.append(f"-dict={folder}/words.dict")
    command = [sys.executable, "-m", "benchmarks.reliability.fuzz.drive", target.name, str(folder), *options]
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it has a name of its own
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch,  # libFuzzer tidies up nothing
        (folder / "log.txt").open("wb") as log,
    ):
        ended = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"TMPDIR": scratch}, stdout=log, stderr=log, check=False,
            preexec_fn=lambda: os.nice(_NICENESS),
        )  # fmt: skip
    said = (folder / "log.txt").read_text("utf-8", "replace")
    pulses = list(_PULSE.finditer(said))
    seconds = next(iter(re.findall(r"Done \d+ runs in (\d+) second", said)), 0)
    coverage = max((int(pulse[3] or 0) for pulse in pulses), default=0)
    found = list(_findings(target, folder / "found"))
    if ended.returncode or not pulses:
        found.append(f"the process ended with {ended.returncode}: see {folder}/log.txt")
    return Run(target.name, int(pulses[-1][1]) if pulses else 0, float(seconds), coverage, tuple(found))


def _findings(target: Target, folder: Path) -> Iterator[str]:
    """Each kept input that still finds something, made shorter in its place; others are removed, as mended."""
    check = target.load()
    for path in sorted(folder.glob("*")):
        if path.suffix == ".txt":
            continue
        said, data = path.with_suffix(".txt"), path.read_bytes()
        kind = found_by(target, check, data)
        if kind is not None:
            path.write_bytes(minimised(target, check, data, _CUT_S))
        elif said.exists() and said.read_text("utf-8").strip() != SLOW:
            path.unlink()
            said.unlink()
            continue
        yield f"{kind or path.name}: {path.read_bytes()[:120]!r}"


def _noted(folder: Path, run: Run) -> Run:
    with (folder / "runs.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(run), ensure_ascii=False) + "\n")
    return run


def _sums(path: Path) -> Iterator[Run]:
    runs = [Run(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    for name in TARGETS:
        own = [run for run in runs if run.target == name]
        if own:
            found = dict.fromkeys(kind for run in own for kind in run.found)
            yield Run(name, sum(run.executions for run in own), sum(run.seconds for run in own),
                      max(run.coverage for run in own), tuple(found))  # fmt: skip


def _print(runs: Iterable[Run]) -> int:
    total = wrong = 0
    print("| target | executions | a second | edges | found |\n|---|---:|---:|---:|---:|", flush=True)
    for run in runs:
        speed = run.executions / run.seconds if run.seconds else 0
        print(f"| {run.target} | {run.executions:,} | {speed:,.0f} | {run.coverage:,} | {len(run.found)} |", flush=True)
        for line in run.found:
            print(f"  {line}", file=sys.stderr, flush=True)
        total, wrong = total + run.executions, wrong + len(run.found)
    print(f"| all | {total:,} | | | {wrong} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
