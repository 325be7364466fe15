"""Directories of archives that were read lately: the files of an archive are asked for one after the other. Pure."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from libraries.archives.directory import Directory

# About 40 MB, if all were kept; an archive of few files is as good as nothing.
_MOST_ENTRIES: Final = 120_000


class Directories:
    """Keeps what was used last, up to a number of entries of all directories together; larger ones are kept alone."""

    def __init__(self, most_entries: int = _MOST_ENTRIES) -> None:
        self._most_entries = most_entries
        self._kept: OrderedDict[Hashable, Directory] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], Directory]) -> Directory:
        """Return the directory of `key`, which must change whenever the archive does; `read` makes it if it is not kept."""
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        made = read()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 1 and self._count() > self._most_entries:
                self._kept.popitem(last=False)
        return made

    def _count(self) -> int:
        return sum(len(directory.entries) for directory in self._kept.values())
