"""A library's place, seen with its archives open: paths with `//` lead into them (see `libraries.paths`)."""

import hashlib
import io
import itertools
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from libraries.archives.cache import Directories
from libraries.archives.directory import Bounds, Directory, Entry, Tick
from libraries.archives.errors import ArchiveError
from libraries.archives.reading import Archive
from libraries.listing import FileSeen, Ignores, Skipped
from libraries.paths import archive_and_member, display_path
from libraries.storage.ahead import Ahead
from libraries.storage.errors import FileGone, MemberUnreadable
from libraries.storage.place import FileStat, Place
from libraries.storage.unpacking import make_room, unpacked

_directories: Final = Directories()
_ahead: Final = Ahead()


@dataclass(frozen=True, slots=True)
class _Stored:
    """An archive as its storage has it."""

    place: Place
    path: str
    size_bytes: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def open(self) -> BinaryIO:
        return self.place.open(self.path)

    def local_path(self) -> AbstractContextManager[str]:
        return self.place.local_path(self.path)


class _Member(NamedTuple):
    """A file in an archive; `key` changes whenever the archive does."""

    key: Hashable
    archive: Archive
    directory: Directory
    entry: Entry


class LibraryStorage:
    """The files of a library, those inside archives as well; every method raises a StorageError in words.

    Paths are relative to the root, as rows hold them. Members are unpacked as they are read, never on a disk, except by
    `local_path`.
    """

    def __init__(self, place: Place, *, bounds: Bounds | None = None) -> None:
        self.place = place
        self.bounds = bounds or Bounds()

    @property
    def shown(self) -> str:
        """The folder, or the bucket and prefix, for people."""
        return self.place.shown

    def check_root(self) -> int | None:
        """See Place.check_root."""
        return self.place.check_root()

    def iter_files(self, scope: str = "", *, ignores: Ignores | None = None) -> Iterator[FileSeen | Skipped]:
        """See Place.iter_files; archives come as files, and `directory` tells what is inside of one."""
        return self.place.iter_files(scope, ignores=ignores)

    def directory(self, path: str, *, tick: Tick = lambda: None) -> Directory:
        """What is in the archive at `path`, read anew; what is wrong with it stands in `error`. Raises as `open` does."""
        return self._archive(path, self.place.stat(path)).directory(tick=tick)

    def stat(self, path: str) -> FileStat:
        """Size, and time of change in nanoseconds since 1970; of the archive where a member has no time of its own."""
        where = archive_and_member(path)
        if where is None:
            return self.place.stat(path)
        entry = self._member(*where).entry
        modified = self.place.stat(where[0]).mtime_ns if entry.mtime_ns is None else entry.mtime_ns
        return FileStat(entry.size_bytes, modified)

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; one inside an archive cannot seek."""
        if archive_and_member(path) is None:
            return self.place.open(path)
        return io.BufferedReader(_Chunks(self._iter_member(path)))

    def open_range(self, path: str, *, start: int, length: int) -> Iterator[bytes]:
        """Yield `length` bytes of the file from byte `start`, fewer if it ends before; raises as `open` does, at once.

        Most archives have to be unpacked from the beginning of the file to reach `start`.
        """
        if archive_and_member(path) is None:
            return self.place.open_range(path, start=start, length=length)
        content = _cut(self._iter_member(path, start=start), length)
        return itertools.chain([next(content, b"")], content)

    def sha256(self, path: str) -> str:
        """The hash of a file, in hexadecimal; raises FileChangedWhileRead too."""
        where = archive_and_member(path)
        if where is None:
            return self.place.sha256(path)
        member = self._member(*where)
        if _ahead.is_worth_it(member.archive, member.entry):
            with _worded(where[0]):
                return _ahead.sha256(*member, shown=display_path(path))
        digest = hashlib.sha256()
        for chunk in self._iter_member(path):
            digest.update(chunk)
        return digest.hexdigest()

    @contextmanager
    def local_path(self, path: str) -> Iterator[str]:
        """Give a path on this machine under which a program may read the file, within the `with` block only.

        A file inside an archive is unpacked into the data folder for its duration; raises TooLargeToUnpack and
        NoRoomToUnpack as well.
        """
        where = archive_and_member(path)
        if where is None:
            with self.place.local_path(path) as local:
                yield local
            return
        member = self._member(*where)
        with ExitStack() as stack:
            with _worded(where[0]):
                if _ahead.is_worth_it(member.archive, member.entry):
                    lent = _ahead.local_path(*member, shown=display_path(path))
                else:
                    make_room(member.entry.size_bytes, shown=display_path(path))
                    lent = unpacked(member.archive.iter_member(member.entry))
                local = stack.enter_context(lent)
            yield local

    def download_url(
        self, path: str, *, now: datetime, seconds: int, name: str, content_type: str
    ) -> str | None:
        """See Place.download_url; files inside archives have none."""
        if archive_and_member(path) is not None:
            return None
        return self.place.download_url(path, now=now, seconds=seconds, name=name, content_type=content_type)

    def put(self, path: str, source: Path) -> None:
        """Move the file `source` of this machine to `path`, whole or not at all; never over another file.

        Raises PathTaken, LibraryFull, NotWritable or UnsafePath; `source` is where it was then.
        """
        self.place.put(path, source)

    def move(self, old: str, new: str, *, is_resumed: bool = False) -> None:
        """See Place.move; files inside archives go with these, and cannot be moved by themselves."""
        self.place.move(old, new, is_resumed=is_resumed)

    def remove_empty_folders(self, folder: str) -> None:
        """See Place.remove_empty_folders."""
        self.place.remove_empty_folders(folder)

    def delete_binned(self, path: str) -> None:
        """See Place.delete_binned."""
        self.place.delete_binned(path)

    def free_bytes(self) -> int | None:
        """How much more fits into the library; None where nobody knows."""
        return self.place.free_bytes()

    def _archive(self, path: str, found: FileStat) -> Archive:
        return Archive(_Stored(self.place, path, found.size_bytes), self.bounds)

    def _member(self, archive_path: str, member_path: str) -> _Member:
        found = self.place.stat(archive_path)
        archive = self._archive(archive_path, found)
        key = (self.place.key, archive_path, found, self.bounds)
        directory = _directories.get(key, lambda: archive.directory(tick=_no_tick))
        entry = directory.entries.get(member_path)
        if entry is None:
            if directory.error:
                raise MemberUnreadable(_of(archive_path, directory.error)) from directory.error
            raise FileGone(
                f"“{display_path(member_path)}” is not in “{display_path(archive_path)}” any more. "
                "Scan the library to bring it up to date."
            )
        return _Member(key, archive, directory, entry)

    def _iter_member(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        where = archive_and_member(path)
        assert where is not None
        member = self._member(*where)
        with _worded(where[0]):
            yield from member.archive.iter_member(member.entry, start=start)


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file that can be read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._chunks, b"")
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _cut(chunks: Iterator[bytes], length: int) -> Iterator[bytes]:
    for chunk in chunks:
        if length > 0:
            yield chunk[:length]
        length -= len(chunk)
        if length <= 0:
            return


@contextmanager
def _worded(archive_path: str) -> Iterator[None]:
    """Let what is wrong with an archive be an error of its storage."""
    try:
        yield
    except ArchiveError as error:
        raise MemberUnreadable(_of(archive_path, error)) from error


def _of(archive_path: str, error: ArchiveError) -> str:
    return f"“{display_path(archive_path)}”: {error}"


def _no_tick() -> None:
    """Nobody waits for news."""
