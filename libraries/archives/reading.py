"""Any archive: what is in it, and the bytes of one file in it. The format is told by the first bytes, not by the name."""

import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol

from libraries.archives import outside, tars, zips
from libraries.archives.directory import Bounds, Directory, Entry, Tick
from libraries.archives.errors import ArchiveError, Damaged, NoReader
from libraries.archives.inflating import stream_of

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
        if format_name in {"7z", "rar"}:
            return _checked(self._iter_outside(format_name, entry), entry, start)
        file = self.source.open()
        try:
            place = (zips if format_name == "zip" else tars).stored_place(file, entry) if start else None
            if place is not None:
                return _closing(file, _iter_stored(file, place + start, entry.size_bytes - start))
            if format_name == "zip":
                content = zips.iter_member(file, entry)
            else:
                content = tars.iter_member(
                    file, entry, bounds=self.bounds, archive_bytes=self.source.size_bytes
                )
        except BaseException:
            file.close()
            raise
        return _closing(file, _checked(content, entry, start))

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

    def _iter_outside(self, format_name: str, entry: Entry) -> Iterator[bytes]:
        with self.source.local_path() as path:
            yield from outside.iter_member(path, entry, format_name=format_name)

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
    file.seek(place)
    while length > 0:
        chunk = file.read(min(256 * 1024, length))
        if not chunk:
            raise Damaged(_SHORT)
        length -= len(chunk)
        yield chunk


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
