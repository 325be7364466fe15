"""Any archive: what is in it, and the bytes of one file in it. The format is told by the first bytes, not by the name."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol

from libraries.archives import outside, tars, zips
from libraries.archives.directory import Bounds, Directory, Entry, Tick
from libraries.archives.errors import ArchiveError, Damaged, NoReader
from libraries.archives.inflating import iter_chunks, stream_of

_HEAD_BYTES: Final = 8
_SHORT: Final = (
    "The file in the archive is shorter than announced, so it is damaged. Download the archive again."
)
_LONG: Final = "The file in the archive is longer than announced, so it is not read any further."
_WRONG: Final = "The file in the archive is damaged: its checksum is wrong. Download the archive again."


class Source(Protocol):
    """Where the bytes of an archive are, whatever holds them. Files that `open` gives can seek."""

    @property
    def name(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    def open(self) -> BinaryIO: ...
    def local_path(self) -> AbstractContextManager[str]: ...


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive at `source`, and how much of it is believed."""

    source: Source
    bounds: Bounds

    def directory(self, *, tick: Tick) -> Directory:
        """Read what is in it. Whatever is wrong with it stands in `error` of the answer; raises OSError only."""
        found = Directory(self.source.size_bytes, self.bounds)
        try:
            self._read_directory(found, tick)
        except ArchiveError as error:
            found.error = error
            if error.code == "too_large":  # what a bomb holds is not offered to anybody
                found.entries.clear()
        return found

    def iter_member(self, entry: Entry, *, start: int = 0) -> Iterator[bytes]:
        """Yield the bytes of a member from byte `start`, exactly as many as announced; raises ArchiveError or OSError.

        The checksum is compared where all of it is read.
        """
        format_name = self._format()
        if start and (place := self._stored_place(format_name, entry)) is not None:
            return _iter_stored(self.source.open(), place + start, entry.size_bytes - start)
        if format_name != "zip":
            return _only(self.iter_members([entry]), start)
        file = self.source.open()
        try:
            content = zips.iter_member(file, entry)
        except BaseException:
            file.close()
            raise
        return _closing(file, _checked(content, entry, start))

    def iter_members(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Yield members with their bytes, as `iter_member` does, by one pass over the archive and in its order.

        Each content is to be read, or given up, before the next member is asked for.
        """
        format_name = self._format()
        if format_name in {"7z", "rar"}:
            with self.source.local_path() as path:
                for entry, content in outside.iter_members(path, entries, format_name=format_name):
                    yield entry, _checked(content, entry, 0)
        elif format_name == "tar":
            bounds, size_bytes = self.bounds, self.source.size_bytes
            with self.source.open() as file:
                for entry, content in tars.iter_members(
                    file, entries, bounds=bounds, archive_bytes=size_bytes
                ):
                    yield entry, _checked(content, entry, 0)
        else:
            for entry in entries:
                yield entry, self.iter_member(entry)

    def is_solid(self) -> bool:
        """Whether reaching a member means unpacking others before it, so that several are better read in one pass."""
        format_name = self._format()
        if format_name != "tar":
            return format_name == "7z"
        with self.source.open() as file:
            return tars.is_packed(file)

    def _stored_place(self, format_name: str, entry: Entry) -> int | None:
        """Where the bytes of a member begin in the archive, if they stand there as they are."""
        with self.source.open() as file:
            if format_name == "zip":
                return zips.stored_place(file, entry)
            return entry.place if format_name == "tar" and not tars.is_packed(file) else None

    def _read_directory(self, found: Directory, tick: Tick) -> None:
        format_name = self._format()
        if format_name in {"7z", "rar"}:
            with self.source.local_path() as path:
                outside.read_directory(path, found, format_name=format_name, tick=tick)
            return
        with self.source.open() as file:
            if format_name == "zip":
                zips.read_directory(file, found, tick=tick)
            else:
                tars.read_directory(file, found, name=self.source.name, tick=tick)

    def _format(self) -> str:
        """One of zip, tar (packed ones and single packed files as well), 7z, rar; raises NoReader or Damaged."""
        with self.source.open() as file:
            head = file.read(_HEAD_BYTES)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "zip"
        if head.startswith(b"7z\xbc\xaf\x27\x1c"):
            return "7z"
        if head.startswith(b"Rar!\x1a\x07"):
            return "rar"
        if stream_of(head):
            return "tar"
        if head.startswith(b"\x28\xb5\x2f\xfd"):
            raise NoReader("Layershelf cannot look into Zstandard archives. Pack it as ZIP, or unpack it.")
        ending = self.source.name.lower().rpartition(".")[2]
        if ending in {"zip", "tar"}:
            return ending  # some have something in front; the oldest tars have no mark
        if not head:
            raise Damaged("The archive is empty: not one byte is in it.")
        raise Damaged(f"This is not a {ending} archive, or it is damaged. Download or copy it again.")


def _iter_stored(file: BinaryIO, place: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(place)
        for chunk in iter_chunks(file, length):
            length -= len(chunk)
            yield chunk
    if length:
        raise Damaged(_SHORT)


def _only(members: Iterator[tuple[Entry, Iterator[bytes]]], start: int) -> Iterator[bytes]:
    """The bytes of the one member from byte `start`."""
    for _, content in members:
        for chunk in content:
            if start < len(chunk):
                yield chunk[start:]
            start = max(0, start - len(chunk))


def _checked(content: Iterator[bytes], entry: Entry, start: int) -> Iterator[bytes]:
    # The last chunk is held back until the checksum is known: who gets all bytes gets the right ones.
    left, checksum, held = entry.size_bytes, 0, b""
    for chunk in content:
        left -= len(chunk)
        if left < 0:
            raise Damaged(_LONG)
        checksum = zlib.crc32(chunk, checksum)
        if held:
            yield held
        held = chunk[start:]
        start = max(0, start - len(chunk))
    if left:
        raise Damaged(_SHORT)
    if entry.checksum and f"{checksum:08x}" != entry.checksum:
        raise Damaged(_WRONG)
    if held:
        yield held


def _closing(file: BinaryIO, content: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        yield from content
