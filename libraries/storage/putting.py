"""Bringing a new file into a folder tree: whole or not at all, and never over another file.

The file comes under its name in one step. Where it lies on another disk it is copied to a hidden name in the target folder
first, which no scan lists and the next file brought there after a crash removes.
"""

import ctypes
import errno
import os
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_COPY_PREFIX: Final = ".layershelf-"
_COPY_ENDING: Final = ".part"
# Longer than the largest file takes to copy; younger ones may still be written to.
_LEFTOVER_SECONDS: Final = 24 * 60 * 60
_NO_HARD_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_RENAME_NOREPLACE: Final = 1
_libc: Final = ctypes.CDLL(None, use_errno=True)


def put_file(root: str, folders: Sequence[str], name: str, source: Path) -> None:
    """Move `source` to `name` in the folder that `folders` lead to below `root`; folders are made, links never followed.

    Raises FileExistsError if the name is taken, NotADirectoryError if a file stands where a folder is needed, and other
    kinds of OSError; `source` is where it was then.
    """
    with folder_below(root, folders) as folder:
        try:
            _enter(source, folder, name)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copy = _copy_beside(source, folder)
            try:
                _enter(Path(copy), folder, name, source_folder=folder)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(copy, dir_fd=folder)
        os.fsync(folder)
    source.unlink(missing_ok=True)


@contextmanager
def folder_below(root: str, folders: Sequence[str]) -> Iterator[int]:
    """Give the descriptor of a folder below `root`, made where it is missing."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            with suppress(FileExistsError):
                os.mkdir(folder, dir_fd=here)
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _enter(source: Path, folder: int, name: str, *, source_folder: int | None = None) -> None:
    """Give `source` the further or new name `name` in `folder`, on the same disk; raises FileExistsError if it is taken."""
    try:
        os.link(source, name, src_dir_fd=source_folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        rename_without_overwriting(source, folder, name, source_folder)


def rename_without_overwriting(source: Path, folder: int, name: str, source_folder: int | None) -> None:
    """renameat2(2) with RENAME_NOREPLACE, which Python does not offer, for disks that know no hard links."""
    at_working_folder = -100  # AT_FDCWD
    done = _libc.renameat2(
        at_working_folder if source_folder is None else source_folder,
        os.fsencode(source),
        folder,
        os.fsencode(name),
        _RENAME_NOREPLACE,
    )
    if done != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def _copy_beside(source: Path, folder: int) -> str:
    """Copy `source` to a hidden name in `folder`, on the disk when this returns; leftovers of crashes go."""
    _clear_leftovers(folder)
    name = f"{_COPY_PREFIX}{os.urandom(8).hex()}{_COPY_ENDING}"
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=folder)
    try:
        with source.open("rb") as original, os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(original, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        os.unlink(name, dir_fd=folder)
        raise
    return name


def _clear_leftovers(folder: int) -> None:
    for name in os.listdir(folder):
        if name.startswith(_COPY_PREFIX) and name.endswith(_COPY_ENDING):
            with suppress(OSError):
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > _LEFTOVER_SECONDS:
                    os.unlink(name, dir_fd=folder)
