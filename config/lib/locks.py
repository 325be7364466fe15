"""Locks that live in Postgres: held by a database session, gone with it, so that no crash leaves one behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

# The first half of the two-number key: tells these locks from any other advisory lock in the database.
_LIBRARY = 0x4C53
_METADATA = 0x4C54
_MIGRATIONS = 0x4C55


@contextmanager
def library_lock(library_id: int) -> Iterator[bool]:
    """Hold the one lock under which files of a library are scanned, moved or deleted; gives False at once if it is taken.

    The lock belongs to this thread's connection, which does all the work under it: if that connection breaks, the work
    ends together with the lock. To be entered outside of a transaction.
    """
    with _held([_LIBRARY, library_id % 2**31], waits=False) as is_held:
        yield is_held


@contextmanager
def metadata_lock(library_id: int, *, waits: bool) -> Iterator[bool]:
    """Hold the one lock under which models of a library are made, joined or filled with parsed values.

    Whoever scans waits for it: it is held for a second by those who fill. They give way (`waits` false: gives False at
    once if it is taken). To be entered outside of a transaction.
    """
    with _held([_METADATA, library_id % 2**31], waits=waits) as is_held:
        yield is_held


@contextmanager
def migration_lock() -> Iterator[None]:
    """Hold the one lock under which the database is brought up to date; waits for it."""
    with _held([_MIGRATIONS, 0], waits=True):
        yield


@contextmanager
def _held(key: list[int], *, waits: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
            is_held = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
            is_held = bool(cursor.fetchone()[0])
    try:
        yield is_held
    finally:
        if is_held:
            _unlock(key)


def _unlock(key: list[int]) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
    except DatabaseError:
        connection.close()  # the session is broken, and the lock went with it
