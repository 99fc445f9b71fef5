"""One target under atheris, in a process of its own: ``python -m benchmarks.reliability.fuzz.drive TARGET FOLDER …``.

What an input finds is kept by its signature in ``FOLDER/found``, the shortest of each, and fuzzing goes on. An input
that ends or hangs the process is kept there by libFuzzer. The rest of the arguments are libFuzzer's.
"""

from __future__ import annotations

import hashlib
import sys
import time
from contextlib import suppress
from pathlib import Path

import atheris

from benchmarks.reliability.fuzz.target import SLOW, examine, signature
from benchmarks.reliability.fuzz.targets import TARGETS

_WARM = 50  # inputs that are tried while imports are instrumented: much is imported on first use


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    name, folder, *options = sys.argv[1:]
    target, found, corpus = TARGETS[name], Path(folder) / "found", Path(folder) / "corpus"
    with atheris.instrument_imports(include=list(target.instrument)):
        check = target.load()
        for path in sorted(corpus.iterdir())[:_WARM]:
            with suppress(Exception):
                examine(target, check, path.read_bytes())

    def one(data: bytes) -> None:
        started = time.process_time()
        try:
            examine(target, check, data)
        except Exception as error:
            keep(found, signature(error), data)
        if time.process_time() - started > target.seconds:
            keep(found, SLOW, data)

    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def keep(folder: Path, kind: str, data: bytes) -> None:
    """Keep an input in a file named by the kind of its finding, unless a shorter one is there."""
    digest = hashlib.sha256(kind.encode()).hexdigest()[:12]
    path = folder / digest
    if not path.exists() or path.stat().st_size > len(data):
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(f"{kind}\n", "utf-8")
        print(f"found: {kind}: {data[:200]!r}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
