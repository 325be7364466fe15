"""How often one person may ask: counted for each minute in Valkey, or in this process where that does not answer."""

import math
import time
from collections import Counter
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings

from config.lib.answers import Refusal

_WINDOW_SECONDS: Final = 60
# While Valkey is silent it is not asked for this long: each try would cost the time of a timeout.
_REST_SECONDS: Final = 10.0


def count_request(who: str, *, most: int, now: float) -> None:
    """Count a request of `who` at the moment `now` (seconds); raises a Refusal (429) beyond `most` a minute; 0: no limit."""
    window = int(now // _WINDOW_SECONDS)
    if most and _counted(f"layershelf:api:{who}:{window}", window) > most:
        wait = math.ceil((window + 1) * _WINDOW_SECONDS - now) or 1
        raise Refusal(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"More than {most:,} requests in a minute. Wait {wait} seconds, then go on.",
            retry_after=wait,
        )


class _OwnCounts:
    """Counts of this process, for one window at a time."""

    def __init__(self) -> None:
        self.window = 0
        self.counts: Counter[str] = Counter()
        self.asks_again_at = 0.0

    def add(self, key: str, window: int) -> int:
        """Count one more under `key`."""
        if window != self.window:
            self.window, self.counts = window, Counter()
        self.counts[key] += 1
        return self.counts[key]


_own: Final = _OwnCounts()


def _counted(key: str, window: int) -> int:
    from redis.exceptions import RedisError

    if time.monotonic() >= _own.asks_again_at:
        try:
            counting = _valkey().pipeline(transaction=False)
            counting.incr(key)
            counting.expire(key, 2 * _WINDOW_SECONDS)
            return int(counting.execute()[0])
        except RedisError:
            _own.asks_again_at = time.monotonic() + _REST_SECONDS
    return _own.add(key, window)


@cache
def _valkey() -> Any:
    from redis import Redis

    address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    return Redis.from_url(address, socket_timeout=0.2, socket_connect_timeout=0.2)
