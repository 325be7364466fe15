"""What `outside_child` does with each of its formats: list the members, send one. To be loaded in that process only."""

import datetime
import io
import stat
from collections.abc import Iterator
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
    """One archive. `send` writes an empty line of JSON and the bytes of member number `place`."""

    def members(self) -> Iterator[Told]: ...
    def send(self, place: int, out: BinaryIO) -> None: ...


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

    def send(self, place: int, out: BinaryIO) -> None:
        files = list(self._archive.files)
        if not 0 <= place < len(files):
            raise NotThere("The file is not in the archive any more.")
        out.write(b"{}\n")
        name = files[place].filename
        before = sum(1 for file in files[:place] if file.filename == name)
        with suppress(_Done):
            self._archive.extract(targets=[name], factory=_sink_factory(out, skipped=before))


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

    def send(self, place: int, out: BinaryIO) -> None:
        if not 0 <= place < len(self._members):
            raise NotThere("The file is not in the archive any more.")
        with self._archive.open(self._members[place]) as member:
            out.write(b"{}\n")
            while chunk := member.read(_CHUNK_BYTES):
                out.write(chunk)

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
    """The member that was wanted is through."""


def _sink_factory(out: BinaryIO, *, skipped: int) -> Any:
    """What py7zr asks for a place to put members: the first `skipped` go nowhere, the next goes to `out`, then it ends."""
    from py7zr import Py7zIO, WriterFactory

    class Sink(Py7zIO):
        """Passes on what is written, and stops all of it at the end of the wanted member."""

        def __init__(self, target: BinaryIO | None) -> None:
            self._target = target
            self._size = 0

        def write(self, data: bytes | bytearray) -> int:
            if self._target is not None:
                self._target.write(data)
            self._size += len(data)
            return len(data)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            if self._target is not None:
                self._target.flush()

        def size(self) -> int:
            return self._size

        def close(self) -> None:
            if self._target is not None:
                self._target.flush()
                raise _Done

    class Sinks(WriterFactory):
        """Members of one name come in the order of the archive."""

        def __init__(self) -> None:
            self._made = 0

        def create(self, filename: str) -> Py7zIO:
            self._made += 1
            return Sink(out if self._made == skipped + 1 else None)

    return Sinks()
