"""Files in a folder on this machine: listed, read, and new ones brought in; those that are there are never written to.

Symbolic links are not followed, neither to files nor to folders: a target inside the library is listed where it really
is, and one outside is somebody else's. Each link is reported as skipped. Opening checks every part of a path again, so
that a link put there after the scan leads nowhere either.
"""

import errno
import os
import stat
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from libraries.hashing import sha256_of_open
from libraries.listing import FileSeen, Ignores, Skipped, ignore_rules
from libraries.paths import disk_path, display_path, row_path
from libraries.storage.bin_folder import require_in_bin
from libraries.storage.errors import (
    FileGone,
    FileUnreadable,
    LibraryFull,
    NotARegularFile,
    NotWritable,
    PathTaken,
    RootMissing,
    RootNotAFolder,
    RootUnreadable,
    StorageError,
    UnsafePath,
)
from libraries.storage.moving import NotAFile, move_file, remove_empty_folders, remove_file
from libraries.storage.place import FileStat
from libraries.storage.putting import put_file

_CHUNK_BYTES: Final = 256 * 1024
# An entry that vanished between listing and looking is no news: the next look tells the same without it.
_VANISHED: Final = frozenset({errno.ENOENT, errno.ENOTDIR})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class LocalStorage:
    """A folder tree. See `libraries.storage.place` for what the methods promise."""

    def __init__(self, root: str) -> None:
        self.root = root

    @property
    def shown(self) -> str:
        return display_path(row_path(self.root))

    @property
    def key(self) -> Hashable:
        return self.root

    def check_root(self) -> int:
        """Return the number of the device that the root is on; raise RootMissing, RootNotAFolder or RootUnreadable."""
        shown = self.shown
        try:
            found = Path(self.root).stat()
            if not stat.S_ISDIR(found.st_mode):
                raise RootNotAFolder(f"“{shown}” is not a folder.")
            with os.scandir(self.root) as entries:
                next(entries, None)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RootMissing(f"The folder “{shown}” is not there. Is its disk mounted?") from error
        except PermissionError as error:
            raise RootUnreadable(
                f"Layershelf may not read the folder “{shown}”. Give it read permission."
            ) from error
        except RootNotAFolder:
            raise
        except OSError as error:
            raise RootUnreadable(f"The folder “{shown}” cannot be read: {_said(error)}.") from error
        return found.st_dev

    def iter_files(self, scope: str = "", *, ignores: Ignores | None = None) -> Iterator[FileSeen | Skipped]:
        """Yield every regular file at or below the folder `scope` (all of the library if empty), in no particular order.

        Files of one folder come together. What cannot be listed comes as Skipped, and the walk goes on. Raises UnsafePath
        at once.
        """
        if scope:
            _safe_parts(scope)
        return self._walk(scope, ignores or ignore_rules())

    def _walk(self, scope: str, ignores: Ignores) -> Iterator[FileSeen | Skipped]:
        if scope and (closed := self._why_not_entered(scope, ignores)):
            yield closed
            return
        waiting = [scope]
        while waiting:
            yield from self._list_folder(waiting.pop(), waiting, ignores)

    def _why_not_entered(self, scope: str, ignores: Ignores) -> Skipped | None:
        """What keeps a walk from ever reaching the folder `scope`: a link or a rule on the way."""
        above, here = "", self.root
        for name in _safe_parts(scope):
            above = f"{above}/{row_path(name)}" if above else row_path(name)
            here = f"{here}/{name}"
            if ignores(name, above, True):
                return Skipped(f"{above}/", "", is_unknown=False, is_ignored=True)
            with suppress(FileNotFoundError, NotADirectoryError):
                if stat.S_ISLNK(Path(here).lstat().st_mode):
                    return Skipped(above, "It is a link; links are not followed.", is_unknown=True)
        return None

    def _list_folder(self, folder: str, waiting: list[str], ignores: Ignores) -> Iterator[FileSeen | Skipped]:
        """Yield the entries of one folder and push its subfolders on `waiting`. This loop runs once per file: it is kept flat."""
        prefix = f"{folder}/" if folder else ""
        seen = tuple.__new__  # half the time of FileSeen(…)
        try:
            with os.scandir(self._disk(folder)) as entries:
                for entry in entries:
                    name = entry.name
                    path = prefix + (name if name.isascii() else row_path(name))
                    if entry.is_dir(follow_symlinks=False):
                        if ignores(name, path, True):
                            yield Skipped(f"{path}/", "", is_unknown=False, is_ignored=True)
                        else:
                            waiting.append(path)
                    elif ignores(name, path, False):
                        yield Skipped(path, "", is_unknown=False, is_ignored=True)
                    else:
                        try:
                            found = entry.stat(follow_symlinks=False)
                        except OSError as error:
                            if error.errno not in _VANISHED:
                                yield Skipped(path, f"It cannot be looked at: {_said(error)}.", True)
                            continue
                        if stat.S_ISREG(found.st_mode):
                            yield seen(FileSeen, (path, found.st_size, found.st_mtime_ns, ""))
                        else:
                            yield Skipped(path, self._why_not_listed(path, found.st_mode), False)
        except OSError as error:
            if error.errno not in _VANISHED:
                yield Skipped(folder, f"The folder cannot be listed: {_said(error)}.", True)

    def stat(self, path: str) -> FileStat:
        """Return size and time of change of the file at `path`; raise FileGone, NotARegularFile, FileUnreadable or UnsafePath."""
        with self.open(path) as file:
            found = os.fstat(file.fileno())
        return FileStat(found.st_size, found.st_mtime_ns)

    def open(self, path: str) -> BufferedReader:
        """Open the file at `path` for reading; raise FileGone, NotARegularFile, FileUnreadable or UnsafePath."""
        shown = display_path(path)
        parts = _safe_parts(path)
        try:
            descriptor = self._open_inside(*parts)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileGone(
                f"“{shown}” is not there any more. Scan the library to bring it up to date."
            ) from error
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise NotARegularFile(f"“{shown}” is a link; links are not followed.") from error
            raise FileUnreadable(f"“{shown}” cannot be read: {_said(error)}.") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise NotARegularFile(f"“{shown}” is not a file.")
        return os.fdopen(descriptor, "rb")

    def open_range(self, path: str, *, start: int, length: int) -> Iterator[bytes]:
        """Yield `length` bytes of the file from byte `start`, fewer if it ends before; raises as `open` does, at once."""
        return _iter_range(self.open(path), start, length)

    def sha256(self, path: str) -> str:
        """The hash of the file at `path`; raises as `open` does, and FileChangedWhileRead."""
        with self.open(path) as file:
            return sha256_of_open(file)

    @contextmanager
    def local_path(self, path: str) -> Iterator[str]:
        """Give a path on this machine under which a program may read the file; raises as `open` does.

        It is valid within the `with` block only: other storages fetch the file for its duration.
        """
        self.open(path).close()
        yield self._disk(path)

    def download_url(self, path: str, *, now: datetime, seconds: int, name: str, content_type: str) -> None:
        """Folders are reached by way of Layershelf only."""

    def put(self, path: str, source: Path) -> None:
        """Move the file `source` of this machine to `path`, in one step, with the folders it needs; never over another file.

        Raises PathTaken, LibraryFull, NotWritable or UnsafePath; `source` is where it was then.
        """
        shown = display_path(path)
        *folders, name = _safe_parts(path)
        self.check_root()
        try:
            put_file(self.root, folders, name, source)
        except FileExistsError as error:
            raise PathTaken(f"There is a file “{shown}” already.") from error
        except NotADirectoryError as error:
            raise PathTaken(
                f"“{shown}” cannot be made: a folder on the way to it is a file or a link."
            ) from error
        except OSError as error:
            raise _not_written(error, shown) from error

    def move(self, old: str, new: str, *, is_resumed: bool = False) -> None:
        """See Place.move; folders that are left empty stay, see `remove_empty_folders`."""
        shown_old, shown_new = display_path(old), display_path(new)
        old_parts, new_parts = _safe_parts(old), _safe_parts(new)
        self.check_root()
        try:
            move_file(self.root, old_parts, new_parts, is_resumed=is_resumed)
        except FileNotFoundError as error:
            raise FileGone(
                f"“{shown_old}” is not there any more. Scan the library to bring it up to date."
            ) from error
        except FileExistsError as error:
            raise PathTaken(f"There is a file “{shown_new}” already.") from error
        except NotADirectoryError as error:
            raise PathTaken(
                f"“{shown_old}” cannot become “{shown_new}”: a folder on the way is a file or a link."
            ) from error
        except NotAFile as error:
            raise NotARegularFile(
                f"“{shown_old}” is a link or no file; only files of the library are moved."
            ) from error
        except OSError as error:
            raise _not_written(error, shown_new) from error

    def remove_empty_folders(self, folder: str) -> None:
        """See Place.remove_empty_folders."""
        if folder:
            remove_empty_folders(self.root, _safe_parts(folder))

    def delete_binned(self, path: str) -> None:
        """See Place.delete_binned."""
        require_in_bin(path)
        parts = _safe_parts(path)
        self.check_root()
        try:
            remove_file(self.root, parts)
        except OSError as error:
            raise NotWritable(f"“{display_path(path)}” cannot be deleted: {_said(error)}.") from error
        remove_empty_folders(self.root, parts[:-1])

    def free_bytes(self) -> int | None:
        """How much more the disk takes; None where nobody knows. Raises RootMissing or RootUnreadable."""
        self.check_root()
        found = os.statvfs(self.root)
        return found.f_bavail * found.f_frsize

    def _disk(self, path: str) -> str:
        return f"{self.root}/{disk_path(path)}" if path else self.root

    def _open_inside(self, *parts: str) -> int:
        """Open part by part, refusing links, so that no race can lead out of the root; the descriptor may be of any kind."""
        *folders, name = parts
        here = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
                os.close(here)
                here = below
            # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
            return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
        finally:
            os.close(here)

    def _why_not_listed(self, path: str, mode: int) -> str:
        if not stat.S_ISLNK(mode):
            return "It is neither a file nor a folder, but a pipe, socket or device."
        target = os.path.realpath(self._disk(path))
        with suppress(OSError):
            Path(target).stat()
            if f"{target}/".startswith(f"{self.root.rstrip('/')}/"):
                return "A link to something in this library, which is listed where it really is."
            return "A link that leads out of the library. Add the place it leads to as a library of its own."
        return "A link that leads nowhere."


def _safe_parts(path: str) -> list[str]:
    parts = disk_path(path).split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise UnsafePath(f"“{display_path(path)}” is no path of a file in a library.")
    return parts


def _iter_range(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(_CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk


def _not_written(error: OSError, shown: str) -> StorageError:
    if error.errno in _FULL:
        return LibraryFull(f"The disk of the library has no room for “{shown}”. Free some space.")
    if error.errno == errno.EXDEV:
        return NotWritable(f"“{shown}” is on another disk than the file; only files of one disk are moved.")
    return NotWritable(f"“{shown}” cannot be written: {_said(error)}.")


def _said(error: OSError) -> str:
    reason = error.strerror or "for an unknown reason"
    return reason[0].lower() + reason[1:]
