"""Hosts side by side, one host in turn, and nobody kept waiting by another's pause."""

from __future__ import annotations

import threading

import pytest

from pipeline.fetch.politeness import HostClock
from pipeline.fetch.schedule import run_by_host


def run(jobs, work, clock, *, delay_s=0.0, concurrency=4):
    hosts = HostClock(clock, delay_s)

    def turn(job):
        hosts.take_turn(job[0])
        return work(job)

    return run_by_host(jobs, lambda job: job[0], turn, hosts=hosts, clock=clock, concurrency=concurrency)


def test_different_hosts_are_asked_at_the_same_time(clock):
    both = threading.Barrier(2)
    results = run([("a", 1), ("b", 1)], lambda job: both.wait(timeout=10) is not None and job, clock)
    assert sorted(results) == [("a", 1), ("b", 1)]


def test_one_host_is_asked_in_order_and_never_twice_at_once(clock):
    busy = threading.Lock()

    def work(job):
        assert busy.acquire(blocking=False), "two requests to one host at once"
        busy.release()
        return job

    jobs = [("a", number) for number in range(50)]
    assert list(run(jobs, work, clock)) == jobs


def test_a_pause_of_one_host_costs_the_others_nothing(clock):
    jobs = [("a", 1), ("a", 2), ("b", 1), ("c", 1), ("d", 1)]
    results = run(jobs, lambda job: job, clock, delay_s=60, concurrency=1)
    done = [(job, sum(clock.slept)) for job in results]
    assert {slept for job, slept in done if job != ("a", 2)} == {0}
    assert done[-1] == (("a", 2), 60)


def test_an_error_of_the_work_ends_the_run_and_reaches_the_caller(clock):
    def work(job):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        list(run([("a", 1)], work, clock))


def test_a_caller_may_stop_early(clock):
    started = []
    results = run([("a", number) for number in range(100)], lambda job: started.append(job) or job, clock)
    assert next(results) == ("a", 0)
    results.close()
    assert len(started) < 100


def test_no_jobs_no_results(clock):
    assert list(run([], lambda job: job, clock)) == []
