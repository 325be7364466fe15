"""Hearing of changes below folders by Linux' inotify (see inotify(7)). Pure; what is done about them is left to the caller.

Links are not followed, ignored folders not listened to, and any name will do.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Final

from libraries.listing import Ignores
from libraries.paths import row_path

_MODIFY, _CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x8, 0x40, 0x80, 0x100, 0x200
_OVERFLOW, _GONE, _IS_FOLDER = 0x4000, 0x8000, 0x40000000
_ONLY_FOLDERS, _NO_LINKS = 0x01000000, 0x02000000
_HEARD: Final = (
    _MODIFY | _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _ONLY_FOLDERS | _NO_LINKS
)
_EVENT: Final = struct.Struct("iIII")
_BUFFER_BYTES: Final = 1 << 18
_LIMIT: Final = Path("/proc/sys/fs/inotify/max_user_watches")


class TooManyFolders(Exception):
    """The system lets this user listen to fewer folders than there are. `limit` is how many, None if it does not say."""

    def __init__(self) -> None:
        try:
            self.limit: int | None = int(_LIMIT.read_text())
        except (OSError, ValueError):
            self.limit = None
        super().__init__("The system lets this user watch no more folders.")


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that is listened to: `tree` is what it belongs to, `path` where it lies below the tree's root."""

    tree: Hashable
    path: str


@dataclass(frozen=True, slots=True)
class _Tree:
    root: str
    ignores: Ignores


class Listener:
    """Listens to trees of folders until it is closed. For one thread. Raises OSError where there is no inotify."""

    def __init__(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        try:
            self._add_watch, self._remove_watch = libc.inotify_add_watch, libc.inotify_rm_watch
            self._descriptor: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        except AttributeError as error:
            raise OSError(errno.ENOSYS, "This system has no inotify") from error
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self._folders: dict[int, _Folder] = {}
        self._trees: dict[Hashable, _Tree] = {}

    def close(self) -> None:
        """Stop listening."""
        os.close(self._descriptor)

    @property
    def folder_count(self) -> int:
        """How many folders are listened to."""
        return len(self._folders)

    def add(self, tree: Hashable, root: str, *, ignores: Ignores) -> None:
        """Listen to the folder `root`, a path of the disk, and all below it. Raises TooManyFolders, and OSError for the root."""
        self._trees[tree] = _Tree(root, ignores)
        try:
            self._listen(tree, "")
            self._listen_below(tree, "")
        except OSError:
            self.remove(tree)
            raise
        except TooManyFolders:
            self.remove(tree)
            raise

    def remove(self, tree: Hashable) -> None:
        """Listen to this tree no longer."""
        self._trees.pop(tree, None)
        self._forget([number for number, folder in self._folders.items() if folder.tree == tree])

    def changed(self, *, timeout_seconds: float, wake: int) -> tuple[set[Hashable], set[Hashable]]:
        """Wait for changes, or until the descriptor `wake` can be read; return trees that changed, and trees that are lost.

        A lost tree is one whose root is gone, or of which more happened than the system could tell, or which grew beyond
        what can be listened to: it is no longer listened to and may be added again.
        """
        if self._descriptor not in select([self._descriptor, wake], [], [], timeout_seconds)[0]:
            return set(), set()
        changed: set[Hashable] = set()
        lost: set[Hashable] = set()
        with suppress(BlockingIOError):
            for number, mask, name in _events(os.read(self._descriptor, _BUFFER_BYTES)):
                if mask & _OVERFLOW:
                    lost |= self._trees.keys()
                elif folder := self._folders.get(number):
                    self._take(number, folder, mask, name, changed, lost)
        for tree in lost:
            self.remove(tree)
        return changed | lost, lost

    def _take(
        self, number: int, folder: _Folder, mask: int, name: str, changed: set[Hashable], lost: set[Hashable]
    ) -> None:
        if mask & _GONE:
            del self._folders[number]
            if not folder.path:
                lost.add(folder.tree)
            return
        path = f"{folder.path}/{name}" if folder.path else name
        is_folder = bool(mask & _IS_FOLDER)
        tree = self._trees.get(folder.tree)
        if tree is None or tree.ignores(row_path(name), row_path(path), is_folder):
            return
        changed.add(folder.tree)
        if is_folder and mask & _MOVED_FROM:
            self._forget_below(folder.tree, path)
        elif is_folder and mask & (_CREATE | _MOVED_TO):
            try:
                self._listen(folder.tree, path)
                self._listen_below(folder.tree, path)
            except TooManyFolders:
                lost.add(folder.tree)
            except OSError:
                pass  # gone again already

    def _listen_below(self, tree: Hashable, top: str) -> None:
        """Listen to the folders below `top`. A folder is listened to before it is listed, so that nothing falls between."""
        waiting = [top]
        while waiting:
            here = waiting.pop()
            for path in self._subfolders(tree, here):
                with suppress(OSError):  # gone again, or not to be read: the scan says so
                    self._listen(tree, path)
                    waiting.append(path)

    def _subfolders(self, tree: Hashable, path: str) -> Iterator[str]:
        place = self._trees[tree]
        prefix = f"{path}/" if path else ""
        try:
            with os.scandir(f"{place.root}/{path}" if path else place.root) as entries:
                for entry in entries:
                    below = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False) and not place.ignores(
                        row_path(entry.name), row_path(below), True
                    ):
                        yield below
        except OSError:
            return

    def _listen(self, tree: Hashable, path: str) -> None:
        root = self._trees[tree].root
        number = self._add_watch(
            self._descriptor, os.fsencode(f"{root}/{path}" if path else root), ctypes.c_uint32(_HEARD)
        )
        if number < 0:
            code = ctypes.get_errno()
            if code in {errno.ENOSPC, errno.ENOMEM}:
                raise TooManyFolders
            raise OSError(code, os.strerror(code))
        self._folders[number] = _Folder(tree, path)

    def _forget_below(self, tree: Hashable, path: str) -> None:
        below = f"{path}/"
        self._forget([
            number for number, folder in self._folders.items()
            if folder.tree == tree and (folder.path == path or folder.path.startswith(below))
        ])  # fmt: skip

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            del self._folders[number]
            self._remove_watch(self._descriptor, number)


def _events(read: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield number of the folder, mask and name of each event."""
    at = 0
    while at < len(read):
        number, mask, _cookie, length = _EVENT.unpack_from(read, at)
        at += _EVENT.size
        yield number, mask, os.fsdecode(read[at : at + length].rstrip(b"\0"))
        at += length
