"""Counting requests and their durations by page, in memory of this process, for the figures of `config.metrics`."""

import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest, HttpResponseBase

BOUNDS_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True)
class Durations:
    """How long requests of one kind took: how many up to each bound (and above all), and the sum of their seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_SECONDS) + 1))
    total_seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one request."""
        self.counts[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        self.total_seconds += seconds


# By name of the page, method, and the first digit of the status. Only known names, so that no stranger makes it grow.
# Threads may lose a count against each other, which is cheaper than a lock in each request.
DURATIONS: Final[dict[tuple[str, str, str], Durations]] = {}
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class CountRequestsMiddleware:
    """The outermost one: measures until the answer begins, not until a download has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = (match.view_name if match else "") or "none"
        method = request.method if request.method in _METHODS else "other"
        key = (name, str(method), f"{response.status_code // 100}xx")
        durations = DURATIONS.get(key) or DURATIONS.setdefault(key, Durations())
        durations.add(time.perf_counter() - start)
        return response
