"""The network under httpx: connects only to addresses the guard has vouched for, and only until the deadline.

httpcore asks its backend for a TCP stream by host name and does TLS afterwards with the name of the URL. So pinning
the address here leaves the Host header, SNI and the certificate check as they are, and between check and connection
no second look-up can answer differently (DNS rebinding).
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from pipeline.fetch.clock import Clock
from pipeline.fetch.guard import AddressGuard, UnresolvedError


class Deadline:
    """Seconds left to the request that the current thread is at; a socket time-out alone lets a slow drip go on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._local = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let everything on the network in this block end within ``seconds``."""
        self._local.ends = self._clock.monotonic() + seconds
        try:
            yield
        finally:
            self._local.ends = None

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
        """``timeout``, cut to what the deadline leaves; raises ``late`` once nothing is left."""
        ends: float | None = getattr(self._local, "ends", None)
        if ends is None:
            return timeout
        left = ends - self._clock.monotonic()
        if left <= 0:
            raise late("the time limit of the request has passed")
        return left if timeout is None else min(timeout, left)


class PinnedBackend(httpcore.NetworkBackend):
    """Resolves through the guard and hands its inner backend addresses, never names."""

    def __init__(self, guard: AddressGuard, deadline: Deadline, inner: httpcore.NetworkBackend | None = None) -> None:
        self._guard = guard
        self._deadline = deadline
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the vouched addresses in turn, each for ``timeout`` seconds at most."""
        addresses = self._guard.addresses(host, port, self._deadline.left(timeout, httpcore.ConnectTimeout))
        failure: Exception = UnresolvedError(f"{host}: the name has no address")
        for address in addresses:
            left = self._deadline.left(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline of its thread's request."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport over a pinned pool. Errors come out as httpcore's own and the guard's.

    HTTP/1.1 only: one host gets one request at a time, so HTTP/2 would have nothing to multiplex.
    """

    def __init__(
        self, backend: PinnedBackend, *, max_connections: int, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(trust_env=False),
            max_connections=max_connections,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body streams."""
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()
