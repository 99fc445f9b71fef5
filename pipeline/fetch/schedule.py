"""Who is asked when: hosts in parallel, the jobs of one host in turn, and no thread spent on waiting for a turn."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from pipeline.fetch.clock import Clock
from pipeline.fetch.politeness import HostClock

J = TypeVar("J")
R = TypeVar("R")


def run_by_host(
    jobs: Iterable[J],
    host_of: Callable[[J], str],
    work: Callable[[J], R],
    *,
    hosts: HostClock,
    clock: Clock,
    concurrency: int,
) -> Iterator[R]:
    """Do ``work`` for each job and yield results as they come. An error of ``work`` ends the run.

    A host is handed to a thread only when its turn has come, so a slow host never keeps a thread from the others.
    """
    waiting: dict[str, deque[J]] = {}
    for job in jobs:
        waiting.setdefault(host_of(job), deque()).append(job)
    busy: set[str] = set()
    done: queue.SimpleQueue[tuple[str, Future[R]]] = queue.SimpleQueue()

    def start(host: str) -> None:
        busy.add(host)
        future = pool.submit(work, waiting[host].popleft())
        future.add_done_callback(lambda finished: done.put((host, finished)))

    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="dealwire-fetch")
    try:
        while waiting:
            pauses = []
            for host in [host for host in waiting if host not in busy]:
                pause = hosts.ready_in(host)
                if pause > 0:
                    pauses.append(pause)
                elif len(busy) < concurrency:
                    start(host)
            if not busy:
                clock.sleep(min(pauses))
                continue
            try:
                host, future = done.get(timeout=min(pauses, default=None))
            except queue.Empty:
                continue
            busy.discard(host)
            if not waiting[host]:
                del waiting[host]
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
