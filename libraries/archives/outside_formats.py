"""What `outside_child` does with each of its formats: list the members, send one. To be loaded in that process only."""

import datetime
import io
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final, Literal, NamedTuple, Protocol

from libraries.archives.errors import Damaged, Locked, NoReader, NotThere

_CHUNK_BYTES: Final = 256 * 1024
_AES: Final = b"\x06\xf1\x07"  # how the methods of 7z that need a password begin


class Told(NamedTuple):
    """What is told of a member; see libraries.archives.directory.Entry. `place` is its number in the archive."""

    name: str
    place: int
    size_bytes: int
    packed_bytes: int
    mtime_ns: int | None
    checksum: str
    mode: int
    verdict: Literal["", "locked", "no_reader"]


class Reader(Protocol):
    """One archive. `send` writes an empty line of JSON and members by their numbers, each in frames (see `write_frame`)."""

    def members(self) -> Iterator[Told]: ...
    def send(self, places: Collection[int], out: BinaryIO) -> None: ...


def write_frame(out: BinaryIO, data: bytes | bytearray) -> None:
    """Write the length of some bytes, four bytes long, and these. A member ends with a frame of no bytes."""
    out.write(len(data).to_bytes(4, "big"))
    out.write(data)


def reader_of(format_name: str, path: str) -> Reader:
    """Open the archive at `path`, "7z" or "rar"; raises an ArchiveError, or anything on hostile bytes."""
    return _SevenZip(path) if format_name == "7z" else _Rar(path)


class _SevenZip:
    def __init__(self, path: str) -> None:
        import py7zr

        try:
            # By a file object: by name, it would unpack with as many threads as there are processors.
            self._archive = py7zr.SevenZipFile(io.BufferedReader(io.FileIO(path)))
        except py7zr.PasswordRequired as error:
            raise Locked("The archive is locked with a password, its list of files too.") from error
        except py7zr.Bad7zFile as error:
            raise Damaged("This is not a 7z archive, or it is damaged. Download or copy it again.") from error
        self._is_locked = any(
            coder["method"].startswith(_AES) for folder in self._folders() for coder in folder.coders
        )

    def _folders(self) -> list[Any]:
        streams = self._archive.header.main_streams
        return list(streams.unpackinfo.folders) if streams is not None else []

    def members(self) -> Iterator[Told]:
        for place, file in enumerate(self._archive.files):
            if file.is_directory:
                continue
            is_locked = self._is_locked and not file.emptystream
            modified = file.lastwritetime
            yield Told(
                name=file.filename,
                place=place,
                size_bytes=int(file.uncompressed or 0),
                packed_bytes=0,
                mtime_ns=None if modified is None else int(modified.totimestamp() * 1e9),
                checksum=f"{file.crc32:08x}" if file.crc32 is not None else "",
                mode=stat.S_IFLNK if file.is_symlink or file.is_junction else file.st_fmt or 0,
                verdict="locked" if is_locked else "",
            )

    def send(self, places: Collection[int], out: BinaryIO) -> None:
        files = list(self._archive.files)
        if not all(0 <= place < len(files) for place in places):
            raise NotThere("The file is not in the archive any more.")
        out.write(b"{}\n")
        names = {files[place].filename for place in places}
        # They are unpacked in this order; others of the same name come along.
        order = [place for place, file in enumerate(files) if file.filename in names]
        with suppress(_Done):
            self._archive.extract(targets=names, factory=_sinks(out, order=order, wanted=set(places)))


class _Rar:
    def __init__(self, path: str) -> None:
        import rarfile

        rarfile.USE_EXTRACT_HACK = 0  # it writes temporary files
        self._rarfile = rarfile
        try:
            self._archive = rarfile.RarFile(path, errors="strict")
            self._members = self._archive.infolist()
        except rarfile.NeedFirstVolume as error:
            raise NoReader(
                "This is a further part of a split archive; its files are shown with the first part."
            ) from error
        except rarfile.PasswordRequired as error:
            raise Locked("The archive is locked with a password, its list of files too.") from error
        except rarfile.Error as error:
            raise Damaged(
                "This is not a RAR archive, or it is damaged. Download or copy it again."
            ) from error
        if not self._members and self._archive.needs_password():
            raise Locked("The archive is locked with a password, its list of files too.")

    def members(self) -> Iterator[Told]:
        has_program = self._has_program()
        for place, member in enumerate(self._members):
            if member.is_dir():
                continue
            is_copy = bool(member.file_redir) and member.file_redir[0] == self._rarfile.RAR5_XREDIR_FILE_COPY
            is_link = member.is_symlink() or (bool(member.file_redir) and not is_copy)
            is_packed = member.compress_type != self._rarfile.RAR_M0
            unread: Literal["", "no_reader"] = "no_reader" if is_packed and not has_program else ""
            yield Told(
                name=member.filename,
                place=place,
                size_bytes=int(member.file_size or 0),
                packed_bytes=int(member.compress_size or 0),
                mtime_ns=_nanoseconds(member.mtime),
                checksum=f"{member.CRC:08x}" if member.CRC is not None else "",
                mode=stat.S_IFLNK if is_link else 0,
                verdict="locked" if member.needs_password() else unread,
            )

    def send(self, places: Collection[int], out: BinaryIO) -> None:
        if not all(0 <= place < len(self._members) for place in places):
            raise NotThere("The file is not in the archive any more.")
        out.write(b"{}\n")
        for place in sorted(places):
            with self._archive.open(self._members[place]) as member:
                while chunk := member.read(_CHUNK_BYTES):
                    write_frame(out, chunk)
            write_frame(out, b"")

    def _has_program(self) -> bool:
        try:
            self._rarfile.tool_setup()
        except self._rarfile.RarCannotExec:
            return False
        return True


def _nanoseconds(moment: datetime.datetime | None) -> int | None:
    """A time without zone, as old RARs have it, is taken as UTC."""
    if moment is None:
        return None
    return int(moment.replace(tzinfo=moment.tzinfo or datetime.UTC).timestamp() * 1e9)


class _Done(Exception):
    """The last member that was wanted is through."""


def _sinks(out: BinaryIO, *, order: list[int], wanted: set[int]) -> Any:
    """What py7zr asks for places to put members, which come in `order`: the `wanted` go to `out`, others nowhere."""
    from py7zr import Py7zIO, WriterFactory

    class Sink(Py7zIO):
        """Passes on what is written; the last of the wanted ones stops all of it."""

        def __init__(self, place: int) -> None:
            self._place = place
            self._size = 0

        def write(self, data: bytes | bytearray) -> int:
            if self._place in wanted and data:
                write_frame(out, data)
            self._size += len(data)
            return len(data)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            out.flush()

        def size(self) -> int:
            return self._size

        def close(self) -> None:
            if self._place in wanted:
                write_frame(out, b"")
                wanted.remove(self._place)
            if not wanted:
                out.flush()
                raise _Done

    class Sinks(WriterFactory):
        """One sink after the other."""

        def __init__(self) -> None:
            self._order = iter(order)

        def create(self, filename: str) -> Py7zIO:
            return Sink(next(self._order, -1))

    return Sinks()
