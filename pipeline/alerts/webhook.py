"""Webhooks: JSON, signed as Standard Webhooks 1.0 asks (HMAC-SHA256 over id, time and body), posted with patience."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from types import TracebackType

import httpcore
import httpx
import stamina

from pipeline.alerts.rules import Webhook
from pipeline.alerts.state import Message
from pipeline.errors import DealwireError
from pipeline.fetch import SystemClock
from pipeline.fetch.answers import retry_after_seconds
from pipeline.fetch.guard import AddressGuard, BlockedAddressError, UnresolvedError
from pipeline.fetch.transport import Deadline, GuardedTransport, PinnedBackend
from pipeline.settings import Settings

ATTEMPTS = 4
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 5.0
_ANSWER_S = 10.0  # receivers are told to answer first and work afterwards
_SHORTEST_KEY = 24  # bytes, as Standard Webhooks asks
_PREFIX = "whsec_"
_NEW_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
_AGAIN = frozenset({408, 425, 429})


class DeliveryError(DealwireError):
    """A target did not take a message; it is tried again by a later run."""

    retryable = True


class _TransientError(Exception):
    """Worth asking again at once; ``wait_s`` is what the receiver asked for."""

    def __init__(self, message: str, wait_s: int | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


def signature(key: bytes, message_id: str, moment: datetime, body: bytes) -> str:
    """The header ``webhook-signature`` of a body sent at ``moment``."""
    signed = b".".join((message_id.encode(), str(int(moment.timestamp())).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def key_of(webhook: Webhook) -> bytes:
    """The key from the environment: ``whsec_`` and base64, or any text of 24 bytes or more.

    Raises:
        DeliveryError: the variable is missing, or holds no good key. What it holds is not told.
    """
    named, text = f"webhook {webhook.name!r}: {webhook.secret_env}", os.environ.get(webhook.secret_env, "")
    if not text:
        raise DeliveryError(f"{named} is not set", "put the key into that variable; a new one: " + _NEW_KEY)
    try:
        coded = text.startswith(_PREFIX)
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True) if coded else os.fsencode(text)
    except ValueError:
        raise DeliveryError(f"{named} holds no base64 after {_PREFIX}", "copy the key whole") from None
    if len(key) < _SHORTEST_KEY:
        raise DeliveryError(f"{named} is shorter than {_SHORTEST_KEY} bytes", "a new one: " + _NEW_KEY)
    return key


class Poster:
    """Posts messages: to public addresses only, unless ``allow_private``, and never elsewhere. Safe for threads."""

    def __init__(self, settings: Settings) -> None:
        clock = SystemClock()
        self._guard = AddressGuard(allow_private=settings.allow_private)
        self._deadline = Deadline(clock)
        backend = PinnedBackend(self._guard, self._deadline)
        self._client = httpx.Client(
            transport=GuardedTransport(backend, max_connections=settings.concurrency),
            headers={"User-Agent": settings.user_agent, "Content-Type": "application/json; charset=utf-8"},
            timeout=httpx.Timeout(_ANSWER_S, connect=settings.connect_timeout_s),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Poster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def post(self, webhook: Webhook, message: Message) -> None:
        """Post until the receiver answers 2xx, four times at most, every time under the same ``webhook-id``.

        Raises:
            DeliveryError: it did not, the address is not one that may be asked, or there is no key.
        """
        key = key_of(webhook)
        body = json.dumps(message.content, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            for attempt in stamina.retry_context(
                on=_wait, attempts=ATTEMPTS, timeout=None, wait_initial=_FIRST_WAIT_S, wait_max=_LONGEST_WAIT_S
            ):
                with attempt:
                    self._post_once(webhook.url, key, message.id, body)
        except (_TransientError, BlockedAddressError) as error:
            raise DeliveryError(f"webhook {webhook.name!r}: {error}", "") from error

    def _post_once(self, url: str, key: bytes, message_id: str, body: bytes) -> None:
        moment = datetime.now(UTC)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature(key, message_id, moment, body),
        }
        address = httpx.URL(url)
        self._guard.check_url(address)
        try:
            with (
                self._deadline.within(_ANSWER_S),
                self._client.stream("POST", address, content=body, headers=headers) as response,
            ):
                status, wait = response.status_code, response.headers.get("Retry-After")
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, UnresolvedError) as error:
            raise _TransientError(f"{address.host}: {type(error).__name__}: {error}") from error
        if status >= 500 or status in _AGAIN:
            raise _TransientError(f"{address.host} answered {status}", retry_after_seconds(wait, moment))
        if not 200 <= status < 300:
            raise DeliveryError(f"{address.host} answered {status}", _hint(status))


def _wait(error: Exception) -> bool | float:
    """What stamina asks: whether to try again, or after how many seconds. A long Retry-After is left to a later run."""
    if not isinstance(error, _TransientError):
        return False
    if error.wait_s is None:
        return True
    return False if error.wait_s > _LONGEST_WAIT_S else float(error.wait_s)


def _hint(status: int) -> str:
    if 300 <= status < 400:
        return "it sends us elsewhere: put the final address into alerts.toml"
    return "does the receiver know this address, and the key?" if status in (401, 403, 404, 410) else ""
