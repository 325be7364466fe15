"""Packed bytes as plain ones, a chunk at a time whatever they unpack to. Pure."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Protocol

from libraries.archives.errors import Damaged

CHUNK_BYTES: Final = 256 * 1024
# The strongest setting of xz takes 65 MB.
_XZ_MEMORY_BYTES: Final = 256 << 20
_MAGIC_BYTES: Final = 6

_ENDS_EARLY: Final = "The archive ends early. Download or copy it again."
_NOT_SOUND: Final = "The packed data in the archive is damaged. Download or copy it again."


class Inflater(Protocol):
    """What the standard library's decompressors for bz2 and xz have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Zlib:
    """zlib's decompressor in the shape of the others."""

    def __init__(self, window_bits: int) -> None:
        self._zlib = zlib.decompressobj(window_bits)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        # A full buffer may hide more that is ready although all input is taken.
        self.needs_input = len(out) < max_length and not self._zlib.unconsumed_tail
        return out


def deflate() -> Inflater:
    """For members of ZIP files."""
    return _Zlib(-zlib.MAX_WBITS)


def bzip2() -> Inflater:
    """For bz2, and members of ZIP files packed by it."""
    return bz2.BZ2Decompressor()


def _gzip() -> Inflater:
    return _Zlib(16 + zlib.MAX_WBITS)


def _xz() -> Inflater:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES)


# First bytes → decompressor, of files that are one packed stream.
_STREAMS: Final[dict[bytes, Callable[[], Inflater]]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": bzip2,
    b"\xfd7zXZ\x00": _xz,
}


def stream_of(head: bytes) -> Callable[[], Inflater] | None:
    """The decompressor of a gz, bz2 or xz file by its first bytes; None for anything else."""
    return next((make for magic, make in _STREAMS.items() if head.startswith(magic)), None)


def iter_chunks(file: BinaryIO, length: int | None = None) -> Iterator[bytes]:
    """Yield the next `length` bytes of a file, or all; fewer if it ends before."""
    left = length
    while left is None or left > 0:
        chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
        if not chunk:
            return
        left = None if left is None else left - len(chunk)
        yield chunk


def iter_inflated(chunks: Iterator[bytes], make: Callable[[], Inflater]) -> Iterator[bytes]:
    """Yield what `chunks` unpack to, at most CHUNK_BYTES at once; raise Damaged. What follows the packed data is ignored."""
    inflater, data = make(), b""
    while True:
        data = data or next(chunks, b"")
        if not data and inflater.needs_input:
            raise Damaged(_ENDS_EARLY)
        yield from _run(inflater, data)
        if inflater.eof:
            return
        data = b""


def iter_stream(file: BinaryIO, make: Callable[[], Inflater]) -> Iterator[bytes]:
    """Yield what a whole gz, bz2 or xz file unpacks to; several streams behind each other are one. Raises Damaged."""
    chunks = iter_chunks(file)
    inflater, data = make(), b""
    while True:
        data = data or next(chunks, b"")
        if not data and inflater.needs_input:
            raise Damaged(_ENDS_EARLY)
        yield from _run(inflater, data)
        data = b""
        if inflater.eof:
            data = _next_stream(inflater.unused_data, chunks)
            if stream_of(data) is not make:
                return  # padding, or rubbish that every other program ignores too
            inflater = make()


def _next_stream(rest: bytes, chunks: Iterator[bytes]) -> bytes:
    """The first bytes behind the end of a stream, zero padding left aside."""
    rest = rest.lstrip(b"\0")
    while len(rest) < _MAGIC_BYTES and (more := next(chunks, b"")):
        rest = (rest + more).lstrip(b"\0")
    return rest


def _run(inflater: Inflater, data: bytes) -> Iterator[bytes]:
    """Yield what can be had before the inflater wants more."""
    while not inflater.eof:
        try:
            out = inflater.decompress(data, CHUNK_BYTES)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:  # OSError: bz2
            raise Damaged(_NOT_SOUND) from error
        data = b""
        if out:
            yield out
        if inflater.needs_input:
            return
