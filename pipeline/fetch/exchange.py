"""One question and its answer: redirects followed hop by hop, limits kept, everything that fails made a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from pipeline.fetch.answers import Answer, Wanted, retry_after_seconds, state_of_status, wrong_content
from pipeline.fetch.clock import Clock
from pipeline.fetch.decode import ACCEPT_ENCODING, TooLargeError, UndecodableError, read_bounded
from pipeline.fetch.guard import AddressGuard, BlockedAddressError, UnresolvedError
from pipeline.fetch.politeness import HostClock
from pipeline.fetch.transport import Deadline, GuardedTransport

MAX_REDIRECTS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})

Permit = Callable[[httpx.URL], Answer | None]
"""Asked before every hop; an Answer in reply ends the exchange with it."""


def permit_all(_: httpx.URL) -> Answer | None:
    """No rules: for feeds and for robots.txt itself."""
    return None


class Exchange:
    """Asks one address at a time; safe for several threads. No cookies are kept, no proxy is used."""

    def __init__(
        self,
        transport: GuardedTransport,
        guard: AddressGuard,
        hosts: HostClock,
        clock: Clock,
        deadline: Deadline,
        *,
        user_agent: str,
        connect_timeout_s: float,
        total_timeout_s: float,
    ) -> None:
        self._guard, self._hosts, self._clock, self._deadline = guard, hosts, clock, deadline
        self._total_s = total_timeout_s
        self._client = httpx.Client(
            transport=transport,
            headers={"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(total_timeout_s, connect=connect_timeout_s),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def run(
        self, address: str, wanted: Wanted, limit: int, headers: Mapping[str, str], permit: Permit = permit_all
    ) -> Answer:
        """Ask ``address`` and follow where it leads. Never raises for what a stranger's server can do.

        The time limit covers all hops together, without the polite pauses between them.
        """
        try:
            return self._follow(httpx.URL(address), wanted, limit, headers, permit)
        except BlockedAddressError as error:
            return Answer("blocked_address", address, error=str(error))
        except httpx.InvalidURL as error:
            return Answer("blocked_address", address, error=f"{address}: not a web address: {error}")
        except (ValueError, LookupError, ArithmeticError) as error:
            # A library choked on what was sent; one strange server must not end the run for all others.
            return Answer("malformed", address, error=f"{type(error).__name__}: {error}")

    def _follow(self, url: httpx.URL, wanted: Wanted, limit: int, headers: Mapping[str, str], permit: Permit) -> Answer:
        seen = {str(url)}
        permanent, left_s = True, self._total_s
        while True:
            self._guard.check_url(url)
            if refusal := permit(url):
                return refusal
            self._hosts.take_turn(url.host)
            started = self._clock.monotonic()
            moved_to = str(url) if permanent and len(seen) > 1 else None
            answer = self._hop(url, wanted, limit, headers, left_s, moved_to)
            if isinstance(answer, Answer):
                return answer
            status, target = answer
            permanent = permanent and status in _PERMANENT
            left_s -= self._clock.monotonic() - started
            url = url.join(target).copy_with(fragment=None)
            if str(url) in seen:
                return Answer("unreachable", str(url), status, error=f"redirects lead in a circle, back to {url}")
            seen.add(str(url))
            if len(seen) > MAX_REDIRECTS + 1:
                return Answer("unreachable", str(url), status, error=f"more than {MAX_REDIRECTS} redirects")

    def _hop(
        self,
        url: httpx.URL,
        wanted: Wanted,
        limit: int,
        headers: Mapping[str, str],
        left_s: float,
        moved_to: str | None,
    ) -> Answer | tuple[int, str]:
        """One request. A redirect comes back as its status and target."""
        address = str(url)
        try:
            with self._deadline.within(left_s):
                response = self._client.send(self._client.build_request("GET", url, headers=headers), stream=True)
                try:
                    target = response.headers.get("Location")
                    if response.status_code in _REDIRECTS and target:
                        return response.status_code, target
                    return self._read(
                        response,
                        wanted,
                        limit,
                        moved_to,
                        conditional="If-None-Match" in headers or "If-Modified-Since" in headers,
                    )
                finally:
                    response.close()
        except httpcore.TimeoutException as error:
            return Answer("timeout", address, error=f"no full answer within the time limit: {error or 'timed out'}")
        except UnresolvedError as error:
            return Answer("unreachable", address, error=str(error))
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return Answer("unreachable", address, error=f"{type(error).__name__}: {error}", can_retry=True)

    def _read(
        self, response: httpx.Response, wanted: Wanted, limit: int, moved_to: str | None, *, conditional: bool
    ) -> Answer:
        status, headers, address = response.status_code, response.headers, str(response.request.url)
        state = state_of_status(status)
        etag, modified = headers.get("ETag"), headers.get("Last-Modified")
        content_type = headers.get("Content-Type", "").strip()
        if state == "not_modified" and conditional:
            return Answer(state, address, status, moved_to, content_type, etag, modified)
        if state != "ok":
            wait = retry_after_seconds(headers.get("Retry-After"), self._clock.now())
            error = f"the server answered {status} {response.reason_phrase}".rstrip()
            can_retry = state in {"server_error", "rate_limited"} and status != 501
            state = "malformed" if state == "not_modified" else state  # 304 to a question without condition
            return Answer(
                state, address, status, content_type=content_type, error=error, retry_after_s=wait, can_retry=can_retry
            )
        try:
            declared = headers.get("Content-Length", "")
            if declared.isdecimal() and (len(declared) > 15 or int(declared) > limit):
                raise TooLargeError(f"{declared} bytes announced, {limit} allowed")
            body = read_bounded(response.iter_raw(), headers.get("Content-Encoding", ""), limit)
        except TooLargeError as error:
            return Answer("too_large", address, status, content_type=content_type, error=str(error))
        except UndecodableError as error:
            return Answer("malformed", address, status, content_type=content_type, error=str(error))
        if not body.strip():
            return Answer("empty", address, status, content_type=content_type, error="the body is empty")
        if problem := wrong_content(wanted, content_type, body):
            return Answer("malformed", address, status, content_type=content_type, body=body, error=problem)
        return Answer("ok", address, status, moved_to, content_type, etag, modified, body)
