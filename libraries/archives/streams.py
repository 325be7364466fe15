"""Unpacked bytes as a file that can be read forwards, for readers that want a file. Pure."""

from collections.abc import Iterator
from typing import BinaryIO

from libraries.archives.directory import Tick
from libraries.archives.errors import Damaged, TooLarge

# The longest thing that is ever read at once is a header; those that announce more are lying.
_MOST_AT_ONCE = 4 << 20


class Forward:
    """A read-only file over chunks of bytes. It seeks forwards only, by reading; raises TooLarge past `most_bytes`."""

    def __init__(self, chunks: Iterator[bytes], *, most_bytes: int, tick: Tick) -> None:
        self._chunks = chunks
        self._most_bytes = most_bytes
        self._tick = tick
        self._rest = memoryview(b"")
        self._at = 0
        self._inflated = 0

    def tell(self) -> int:
        return self._at

    def seek(self, place: int) -> int:
        if place < self._at:
            raise Damaged("The archive is damaged: its parts are not in order.")
        while self._at < place and self._have_some():
            self._take(place - self._at)
        return self._at

    def read(self, count: int) -> bytes:
        if count > _MOST_AT_ONCE:
            raise Damaged("The archive is damaged: one of its headers has no sensible length.")
        parts = []
        while count > 0 and self._have_some():
            part = self._take(count)
            count -= len(part)
            parts.append(part)
        return b"".join(parts)

    def peek(self) -> bytes:
        """The bytes that come next, some of them, without reading on; empty at the end."""
        self._have_some()
        return bytes(self._rest)

    def skip_all(self) -> int:
        """Read to the end; return its place."""
        while self._have_some():
            self._take(len(self._rest))
        return self._at

    def iter_bytes(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes; fewer if they end before."""
        while count > 0 and self._have_some():
            part = bytes(self._take(count))
            count -= len(part)
            yield part

    def _have_some(self) -> bool:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
            self._inflated += len(self._rest)
            if self._inflated > self._most_bytes:
                raise TooLarge(
                    f"It unpacks to more than {self._most_bytes:,} bytes. Archives that do harm are made like that, so it is "
                    "not looked into any further."
                )
            self._tick()
        return bool(self._rest)

    def _take(self, count: int) -> memoryview:
        part, self._rest = self._rest[:count], self._rest[count:]
        self._at += len(part)
        return part


class Plain:
    """A file as it is, that refuses to read too much at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.tell = file.tell
        self.seek = file.seek

    def read(self, count: int) -> bytes:
        if count > _MOST_AT_ONCE:
            raise Damaged("The archive is damaged: one of its headers has no sensible length.")
        return self._file.read(count)
