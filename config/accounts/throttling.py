"""Slowing down who guesses passwords: tries are counted in Postgres, so that all processes and restarts agree on them.

A try is counted before the password is looked at, so that many at once get no further than one after the other.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

# Nobody is kept out for longer than this, and an owner never for good: the wait ends by itself.
LONGEST_WAIT: Final = timedelta(minutes=15)
_FORGOTTEN_AFTER: Final = timedelta(hours=24)
_FIRST_WAIT_SECONDS: Final = 5

# One row, one statement: two tries at once are two tries. While a wait lasts nothing is counted, and nothing is let through.
_TRY: Final = """
INSERT INTO accounts_throttle AS known (key, tries, tried_at, waits_until) VALUES (%(key)s, 1, %(now)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN known.tried_at < %(old)s THEN 1 ELSE known.tries + 1 END,
  tried_at = %(now)s,
  waits_until = %(now)s + CASE WHEN known.tried_at < %(old)s OR known.tries < %(free)s THEN interval '0'
    ELSE least(%(longest)s, %(first)s * interval '1 second' * 2 ^ least(known.tries - %(free)s, 10)) END
WHERE known.waits_until <= %(now)s
"""
_WAIT: Final = "SELECT waits_until FROM accounts_throttle WHERE key = %(key)s AND waits_until > %(now)s"
_TAKE_BACK: Final = """
UPDATE accounts_throttle SET tries = greatest(tries - 1, 0), waits_until = tried_at WHERE key = %s
"""
_FORGET_OLD: Final = """
DELETE FROM accounts_throttle WHERE key IN (
  SELECT key FROM accounts_throttle WHERE tried_at < %(old)s ORDER BY tried_at LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


class TooManyTries(Exception):
    """Somebody tried too often; after `wait` another try is let through."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"Too many tries. Wait {waiting_time(wait)}, then try again.")


@dataclass(frozen=True, slots=True)
class Guard:
    """What is guarded: `what` is tried by somebody, `free_tries` times without a wait."""

    what: str
    free_tries: int

    @property
    def key(self) -> str:
        """The row that counts the tries; what was typed is not readable from it."""
        return hashlib.sha256(self.what.encode("utf-8", "replace")).hexdigest()


def admit(*guards: Guard, now: datetime) -> None:
    """Count a try at every guard. Raises TooManyTries where one is not to be let through."""
    for guard in guards:
        values: dict[str, Any] = {
            "key": guard.key,
            "now": now,
            "old": now - _FORGOTTEN_AFTER,
            "free": guard.free_tries,
            "first": _FIRST_WAIT_SECONDS,
            "longest": LONGEST_WAIT,
        }
        with connection.cursor() as cursor:
            cursor.execute(_TRY, values)
            if cursor.rowcount:
                cursor.execute(_FORGET_OLD, values)
                continue
            cursor.execute(_WAIT, values)
            row = cursor.fetchone()
        raise TooManyTries(row[0] - now if row else timedelta(seconds=1))


def forgive(guard: Guard) -> None:
    """Forget all tries: the last was right."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_throttle WHERE key = %s", [guard.key])


def take_back(guard: Guard) -> None:
    """Forget the last try, which was right, but not those before it, which may have been other people's."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [guard.key])


def waiting_time(wait: timedelta) -> str:
    """A wait as people say it, rounded up.

    >>> waiting_time(timedelta(seconds=4.2)), waiting_time(timedelta(seconds=1)), waiting_time(timedelta(seconds=61))
    ('5 seconds', '1 second', '2 minutes')
    """
    seconds = max(1, math.ceil(wait.total_seconds()))
    number, word = (seconds, "second") if seconds < 60 else (math.ceil(seconds / 60), "minute")
    return f"{number} {word}{'' if number == 1 else 's'}"


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. An IPv6 network stands for all of its addresses, which one person has by the million.

    The proxy's word is taken only where settings say that there is one (HTTPS=on).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed.exploded[:19]) if isinstance(parsed, IPv6Address) else str(parsed)
