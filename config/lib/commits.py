"""Commits that need not wait for the disk, for work that is found again if the power fails in that moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection


@contextmanager
def relaxed_commits() -> Iterator[None]:
    """Let commits of this thread's connection return before they are on disk (a few ms each). Their order is kept.

    After a power cut the last half second may be missing, never something in between. To be entered outside of a
    transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")
        except DatabaseError:
            connection.close()  # the session is broken, and the setting went with it
