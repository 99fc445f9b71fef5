"""robots.txt (RFC 9309), asked once per origin and day. For pages only: feeds are published for machines to poll."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from pipeline.fetch.answers import Answer
from pipeline.fetch.clock import Clock
from pipeline.fetch.politeness import HostClock

MAX_ROBOTS_BYTES = 1_000_000
_KEEP_S = 24 * 3600.0
_KEEP_FAILURE_S = 600.0
_NO_NETWORK = frozenset({"timeout", "unreachable", "blocked_address"})


@dataclass(frozen=True, slots=True)
class _Rules:
    """``parsed`` where the host has rules; ``failure`` where we could not find out; neither: all is allowed."""

    until: float
    parsed: Protego | None = None
    failure: Answer | None = None


class Robots:
    """The rules of every host met so far. ``ask`` fetches a robots.txt; safe for several threads."""

    def __init__(self, ask: Callable[[str], Answer], hosts: HostClock, clock: Clock, user_agent: str) -> None:
        self._ask, self._hosts, self._clock = ask, hosts, clock
        self._token = user_agent.split("/")[0].strip() or "*"
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def refusal(self, url: httpx.URL) -> Answer | None:
        """Why ``url`` may not be fetched, as the answer to give for it; None when it may.

        A missing file (4xx) allows everything; a server error forbids everything for ten minutes (RFC 9309, 2.3.1).
        """
        rules = self._of(url)
        address = str(url)
        if rules.failure is not None:
            state = rules.failure.state if rules.failure.state in _NO_NETWORK else "robots_denied"
            return Answer(state, address, error=f"robots.txt of {url.host}: {rules.failure.error}")
        if rules.parsed is None or rules.parsed.can_fetch(address, self._token):
            return None
        return Answer("robots_denied", address, error=f"robots.txt of {url.host} forbids this page to {self._token}")

    def _of(self, url: httpx.URL) -> _Rules:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._rules.get(origin)
            if known is None or known.until <= self._clock.monotonic():
                known = self._rules[origin] = self._read(origin, url.host)
            return known

    def _read(self, origin: str, host: str) -> _Rules:
        answer = self._ask(f"{origin}/robots.txt")
        now = self._clock.monotonic()
        if answer.state in {"empty", "not_found", "gone", "forbidden"}:
            return _Rules(now + _KEEP_S)
        if answer.state != "ok":
            return _Rules(now + _KEEP_FAILURE_S, failure=answer)
        parsed = Protego.parse(answer.body.decode("utf-8", errors="replace"))
        delay = parsed.crawl_delay(self._token)
        if delay and delay > 0:  # "nan" parses as a number, and is not above zero
            self._hosts.slow_down(host, float(delay))
        return _Rules(now + _KEEP_S, parsed=parsed)
