"""Answers and uploads that take as long as the other end likes, limited so that pages always find a free thread.

The web process has a handful of threads, and an answer that streams holds one until its last byte is taken.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings


class TooManyStreams(Exception):
    """As many downloads run as are let run at once. Trying again helps once one of them has ended."""

    retry_seconds: Final = 30

    def __init__(self, number: int, what: str) -> None:
        super().__init__(
            f"{number} {what} are running, which is as many as there may be at once. Try again in a minute."
        )


class Stream(Iterator[bytes]):
    """Bytes on their way to one person. Holds one of the places from when it is made until it ends, is closed or forgotten.

    Raises TooManyStreams if there is no place.
    """

    def __init__(self, content: Iterator[bytes]) -> None:
        _downloads.take(settings.MOST_STREAMS)
        self._content = content
        self._leave = weakref.finalize(self, _downloads.leave)

    def __next__(self) -> bytes:
        try:
            return next(self._content)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        """Give the place back; may be called twice, and is by the server when the other end goes away."""
        self._leave()
        close = getattr(self._content, "close", None)
        if close:
            close()


@contextmanager
def place_for_upload() -> Iterator[None]:
    """Hold one of the places for files that arrive; raises TooManyStreams if there is none."""
    _uploads.take(settings.MOST_ARRIVING)
    try:
        yield
    finally:
        _uploads.leave()


class _Places:
    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, most: int) -> None:
        with self._lock:
            if self._taken >= most:
                raise TooManyStreams(self._taken, self._what)
            self._taken += 1

    def leave(self) -> None:
        with self._lock:
            self._taken -= 1


_downloads: Final = _Places("large downloads")
_uploads: Final = _Places("uploads")
