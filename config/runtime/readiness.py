"""Waiting until a service answers, as long as its process lives."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.01


def wait_until(answers: Callable[[], bool], *, alive: Callable[[], bool], seconds: float) -> bool:
    """Ask until `answers` says yes. Returns False once `alive` says no, or after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers():
            return True
        if not alive():
            return False
        time.sleep(POLL_SECONDS)
    return False
