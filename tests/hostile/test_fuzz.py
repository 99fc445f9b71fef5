"""The targets of the fuzzer without it: inputs that once broke something, and a few drawn at random."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reliability.fuzz.__main__ import main, prepare
from benchmarks.reliability.fuzz.minimise import found_by, minimised
from benchmarks.reliability.fuzz.target import Check, Target, examine
from benchmarks.reliability.fuzz.targets import TARGETS
from pipeline.errors import ConfigError

FOUND = Path(__file__).parent / "found"
CASES = sorted(path for path in FOUND.glob("*/*") if path.is_file())
SLOW = {"feeds", "pages", "inbox-html", "inbox-warc", "inbox-eml", "subscriptions", "opml"}


@cache
def check_of(name: str) -> Check:
    return TARGETS[name].load()


@cache
def seeds_of(name: str) -> list[bytes]:
    """The ten shortest: they take less time, and hold the same kinds of things."""
    return sorted(set(TARGETS[name].seeds()), key=len)[:10]


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_stays_mended(path):
    examine(TARGETS[path.parent.name], check_of(path.parent.name), path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_first_inputs_are_read(name):
    assert seeds_of(name)
    for seed in seeds_of(name):
        examine(TARGETS[name], check_of(name), seed)


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_bent_at_random(name):
    target, check = TARGETS[name], check_of(name)
    words = [word.encode() for word in target.words()][:50] or [b"\xff\x00"]
    bits = st.one_of(st.binary(max_size=8), st.sampled_from(words))
    edit = st.tuples(st.integers(0, 2000), st.integers(0, 30), bits)  # where, how much goes, what comes

    @settings(max_examples=8 if name in SLOW else 40, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.sampled_from(seeds_of(name)), st.lists(edit, max_size=4))
    def bend(seed: bytes, edits: list[tuple[int, int, bytes]]) -> None:
        for at, cut, put in edits:
            place = at % (len(seed) + 1)
            seed = seed[:place] + put + seed[place + cut :]
        examine(target, check, seed)

    bend()


def _target(check: Check, *proper: type[Exception]) -> Target:
    return Target("own", lambda: check, lambda: [b""], proper=proper)


def test_a_proper_answer_says_what_is_wrong():
    def refuse(data: bytes) -> None:
        raise ConfigError(data.decode())

    target = _target(refuse, ConfigError)
    examine(target, refuse, b"list.opml: no OPML")
    with pytest.raises(AssertionError, match="without a word"):
        examine(target, refuse, b" ")
    with pytest.raises(ConfigError):
        examine(_target(refuse), refuse, b"not stated as proper")


def test_what_is_found_is_made_shorter():
    def fussy(data: bytes) -> None:
        assert b"x" not in data or b"y" not in data

    target, long = _target(fussy), b"abcx" * 50 + b"dy" * 50
    assert found_by(target, fussy, b"an x") is None
    assert sorted(minimised(target, fussy, long)) == sorted(b"xy")
    assert minimised(target, fussy, b"harmless") == b"harmless"


def test_a_corpus_is_written_and_a_later_run_keeps_what_was_gathered(tmp_path):
    target, folder = TARGETS["money"], tmp_path / "money"
    for _ in range(2):
        prepare(target, folder)
        (folder / "corpus" / "gathered").write_bytes(b"x")
    inputs = [path.read_bytes() for path in (folder / "corpus").iterdir()]
    assert set(inputs) == {seed[: target.longest] for seed in target.seeds()} | {b"x"}
    words = (folder / "words.dict").read_text("ascii").splitlines()
    assert len(words) > 1000
    assert [word for word in words if not re.fullmatch(r'"(\\x[0-9a-f]{2})+"', word)] == []


def test_runs_are_added_up(tmp_path, monkeypatch, capsys):
    run = {"target": "money", "executions": 1000, "seconds": 10.0, "coverage": 7, "found": []}
    lines = [run, run | {"coverage": 9, "found": ["slow: b'x'"]}, run | {"target": "dates"}]
    (tmp_path / "runs.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    monkeypatch.setattr("sys.argv", ["fuzz", "--sums", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert "| money | 2,000 | 100 | 9 | 1 |" in printed.out
    assert "| all | 3,000 |" in printed.out
    assert "slow" in printed.err


def test_a_target_that_is_none_is_named(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["fuzz", "mony"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "no target is called mony" in capsys.readouterr().err
