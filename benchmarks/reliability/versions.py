"""Two versions of the program on one ledger: a newer one is made of this one's ``warehouse`` and one more migration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.process import ROOT

NUMBER = 9000
ADDS_A_COLUMN = "ALTER TABLE deals ADD COLUMN mood VARCHAR;\nCOMMENT ON COLUMN deals.mood IS 'to come';\n"
FAILS_HALF_WAY = (
    "CREATE TABLE half (n INTEGER);\nUPDATE deals SET type = 'lost';\nINSERT INTO half SELECT 'no number';\n"
)
TAKES_LONG = """
CREATE TABLE slow AS SELECT range AS n, hash(range) AS noise FROM range(6000000);
UPDATE slow SET noise = hash(noise);
UPDATE deals SET type = 'lost';
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A version of Dealwire as a program of its own."""

    path: tuple[Path, ...] = (ROOT,)

    def start(self, home: Path, *arguments: str) -> subprocess.Popen[str]:
        """Run ``dealwire`` with these arguments on a home."""
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, self.path)),
            "DEALWIRE_HOME": str(home),
            "DEALWIRE_WRITER_WAIT_S": "60",
        }
        return subprocess.Popen(
            command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, home: Path, *arguments: str) -> tuple[int, str]:
        """The exit status, and all that it said."""
        process = self.start(home, *arguments)
        out, err = process.communicate()
        return process.returncode, out + err


def with_migration(folder: Path, text: str) -> Program:
    """The program with migration ``NUMBER`` doing what ``text`` says; its code goes into ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    warehouse = shutil.copytree(ROOT / "warehouse", folder / "warehouse")
    (warehouse / "migrations" / f"{NUMBER}_to_come.sql").write_text(text, "utf-8")
    return Program((folder, ROOT))
