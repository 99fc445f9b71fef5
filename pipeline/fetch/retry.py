"""Asking again: exponential back-off between attempts, or what Retry-After says where that is bearable."""

from __future__ import annotations

import random
from collections.abc import Callable

import stamina

from pipeline.fetch.answers import Answer
from pipeline.fetch.clock import Clock

ATTEMPTS = 3
MAX_WAIT_S = 30.0
"""Longer Retry-Afters are not waited for: they go out with the answer and put off the next poll."""
_FIRST_WAIT_S = 1.0


class _TransientError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.final_url}: {answer.error}")
        self.answer = answer


def ask_patiently(ask: Callable[[], Answer], clock: Clock, jitter: Callable[[], float] = random.random) -> Answer:
    """``ask`` until an answer is final, three times at most.

    stamina counts the attempts and gives the back-off; the waiting is done on ``clock``, which stamina can't be told,
    so its own pauses are zero. ``jitter`` gives seconds on top. Time-outs are final: each has cost the whole limit.
    """
    pause = 0.0

    def wait_before_next(error: Exception) -> bool | float:
        nonlocal pause
        if not isinstance(error, _TransientError):
            return False
        asked = error.answer.retry_after_s
        pause = attempt.next_wait + jitter() if asked is None else float(asked)
        return False if pause > MAX_WAIT_S else 0.0

    try:
        for attempt in stamina.retry_context(
            on=wait_before_next, attempts=ATTEMPTS, timeout=None, wait_initial=_FIRST_WAIT_S, wait_max=MAX_WAIT_S / 2
        ):
            if attempt.num > 1:
                clock.sleep(pause)
            with attempt:
                answer = ask()
                if answer.can_retry:
                    raise _TransientError(answer)
                return answer
    except _TransientError as error:
        return error.answer
    raise AssertionError("stamina ends with an answer or an error")
