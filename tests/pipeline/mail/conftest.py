"""Mail servers and an outbox for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import trustme

from pipeline.mail import Outbox
from tests.pipeline.mail.server import MailServer, mail_server, write_authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    return write_authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def serve(authority: tuple[trustme.CA, Path]) -> Iterator[Callable[..., MailServer]]:
    """``serve("starttls" or "tls")`` starts a server that asks for TLS and a login."""
    with ExitStack() as stack:

        def serve(*arguments: Any, **more: Any) -> MailServer:
            return stack.enter_context(mail_server(*authority, *arguments, **more))

        yield serve


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.sqlite")
    yield made
    made.close()
