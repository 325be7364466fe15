"""Giving a file of a folder tree another name: in one step, never over another file, never through a link."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from libraries.storage.putting import folder_below, rename_without_overwriting

# Disks that do not know RENAME_NOREPLACE get the new name as a hard link first.
_NOT_OFFERED: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})


class NotAFile(OSError):
    """There is a link, a folder or a device at the old path."""


def move_file(root: str, old: Sequence[str], new: Sequence[str], *, is_resumed: bool) -> None:
    """Move the regular file at `old` to `new`, both given by their parts below `root`; folders are made for it.

    `is_resumed` says that the same move may have been cut off half-way before: what is done already is then taken as
    done. Raises FileNotFoundError, FileExistsError, NotADirectoryError, NotAFile and other kinds of OSError; the file is at
    `old` then.
    """
    with folder_below(root, new[:-1]) as target:
        try:
            with _known_folder(root, old[:-1]) as source:
                _rename(source, old[-1], target, new[-1], is_resumed=is_resumed)
                os.fsync(source)
        except FileNotFoundError:
            if not (is_resumed and _inode(target, new[-1])):
                raise
        os.fsync(target)


def remove_file(root: str, parts: Sequence[str]) -> None:
    """Remove a regular file; one that is gone is removed. Raises NotAFile and other kinds of OSError."""
    with suppress(FileNotFoundError), _known_folder(root, parts[:-1]) as folder:
        _inode_of_file(folder, parts[-1])
        os.unlink(parts[-1], dir_fd=folder)


def remove_empty_folders(root: str, folders: Sequence[str]) -> None:
    """Remove the last of `folders`, which lead down from `root`, and those above it, as far up as they are empty."""
    for depth in range(len(folders), 0, -1):
        try:
            with _known_folder(root, folders[: depth - 1]) as above:
                os.rmdir(folders[depth - 1], dir_fd=above)
        except OSError:
            return  # something is in it, or it is none of ours


def _rename(source: int, old: str, target: int, new: str, *, is_resumed: bool) -> None:
    inode = _inode_of_file(source, old)
    if is_resumed and _inode(target, new) == inode:
        os.unlink(old, dir_fd=source)
        return
    try:
        rename_without_overwriting(Path(old), target, new, source)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
        os.link(old, new, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        os.unlink(old, dir_fd=source)


def _inode_of_file(folder: int, name: str) -> tuple[int, int]:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode):
        raise NotAFile
    return found.st_dev, found.st_ino


def _inode(folder: int, name: str) -> tuple[int, int] | None:
    try:
        return _inode_of_file(folder, name)
    except FileNotFoundError:
        return None


@contextmanager
def _known_folder(root: str, folders: Sequence[str]) -> Iterator[int]:
    """Give the descriptor of a folder that is there; raises FileNotFoundError, and NotADirectoryError for links."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)
