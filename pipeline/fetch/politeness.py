"""One clock per host: when it may be asked next, and whether it has asked to be left alone."""

from __future__ import annotations

import threading

from pipeline.fetch.clock import Clock
from pipeline.fetch.turns import SharedTurns

MAX_CRAWL_DELAY_S = 60.0
"""A robots.txt that asks for more gets this; nobody reads a news page an hour late."""


class HostClock:
    """Turns by host name (all ports and schemes of a host share one). Safe for several threads.

    With ``shared``, other processes keep the same turns; how long a host wants to be left alone each learns by itself.
    """

    def __init__(self, clock: Clock, delay_s: float, shared: SharedTurns | None = None) -> None:
        self._clock = clock
        self._delay_s = delay_s
        self._shared = shared
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._slower: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def ready_in(self, host: str) -> float:
        """Seconds until the host may be asked; 0 when it may be now."""
        with self._lock:
            return max(0.0, self._next.get(host, 0.0) - self._clock.monotonic())

    def take_turn(self, host: str) -> None:
        """Book the host's next free moment, and wait for it."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(now, self._next.get(host, now))
            delay = max(self._delay_s, self._slower.get(host, 0.0))
            if self._shared and delay > 0:
                turn = now + self._shared.book(host, turn - now, delay)
            self._next[host] = turn + delay
        if turn > now:
            self._clock.sleep(turn - now)

    def slow_down(self, host: str, crawl_delay_s: float) -> None:
        """Obey a Crawl-delay, up to ``MAX_CRAWL_DELAY_S``; the turn booked last counts with it."""
        delay = min(crawl_delay_s, MAX_CRAWL_DELAY_S)
        with self._lock:
            more = delay - max(self._delay_s, self._slower.get(host, 0.0))
            self._slower[host] = delay
            if more > 0 and host in self._next:
                self._next[host] += more
                if self._shared:
                    self._shared.lengthen(host, more)

    def hold(self, host: str, seconds: float) -> None:
        """The host said to come back later than we can wait: its other jobs are answered without asking it."""
        with self._lock:
            self._held[host] = max(self._held.get(host, 0.0), self._clock.monotonic() + seconds)

    def held_for(self, host: str) -> float:
        """Seconds that the host still wants to be left alone; 0 for most."""
        with self._lock:
            return max(0.0, self._held.get(host, 0.0) - self._clock.monotonic())
