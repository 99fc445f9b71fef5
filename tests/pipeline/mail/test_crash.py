"""A process that is killed between "sent" and "recorded": the letter is seen, sent again as the same, and done with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from pipeline.mail import deliver
from pipeline.mail.smtp import SmtpBackend
from tests.pipeline.mail.server import NOW, PASSWORD, USER, letter

SEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.mail import Outbox, backend_for, deliver, read_mail_settings

settings = read_mail_settings()
deliver(Outbox(Path(sys.argv[1])), backend_for(settings, Path("mail")), settings, datetime.now(UTC))
"""


def test_killed_after_the_server_took_it(serve, outbox):
    server = serve()
    for name in ("ann", "bob"):
        outbox.put(letter(f"{name}@example.org"), NOW)
    variables = {
        "HOST": "localhost", "PORT": str(server.controller.port), "CA_FILE": str(server.ca_file),
        "USER": USER, "PASSWORD": PASSWORD, "SENDER": "news@example.org",
    }  # fmt: skip
    sender = subprocess.Popen(
        [sys.executable, "-c", SEND, str(outbox.path)],
        env=os.environ | {f"DEALWIRE_MAIL_{name}": value for name, value in variables.items()},
    )
    server.postbox.on_taken = lambda: os.kill(sender.pid, signal.SIGKILL)
    assert sender.wait(timeout=60) == -signal.SIGKILL
    assert server.postbox.recipients == ["ann@example.org"]
    assert {row["recipient"]: row["state"] for row in outbox.rows()} == {
        "ann@example.org": "sending", "bob@example.org": "queued",
    }  # fmt: skip

    server.postbox.on_taken = lambda: None
    settings = server.settings()
    assert deliver(outbox, SmtpBackend(settings), settings, NOW).sent == ["ann@example.org", "bob@example.org"]
    assert deliver(outbox, SmtpBackend(settings), settings, NOW).sent == []
    first, again, other = (message for _, message in server.postbox.taken)
    assert first.as_bytes() == again.as_bytes()
    assert first["Message-ID"] != other["Message-ID"]
    rows = {row["recipient"]: row for row in outbox.rows()}
    assert (rows["ann@example.org"]["state"], rows["ann@example.org"]["doubts"]) == ("sent", 1)
    assert (rows["bob@example.org"]["state"], rows["bob@example.org"]["doubts"]) == ("sent", 0)
