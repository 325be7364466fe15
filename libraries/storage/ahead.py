"""Members of solid archives, unpacked before they are asked for.

In a 7z or a packed tar a member is reached by unpacking all that stands before it. Those who ask for one soon ask for the
next, so that each pass unpacks several, up to a number of bytes, and keeps them for a while. Otherwise reading an archive
of n files would take n²/2 instead of n.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.conf import settings

from libraries.archives.directory import Directory, Entry
from libraries.archives.errors import ArchiveError, NotThere
from libraries.archives.reading import Archive
from libraries.storage.unpacking import Unpacked, make_room

_MOST_BYTES: Final = 1 << 30
_MOST_FILES: Final = 500
_KEPT_SECONDS: Final = 120.0


class Ahead:
    """What was unpacked ahead in this process. `key` stands for an archive, and must change whenever that does."""

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[Hashable, str], Unpacked] = OrderedDict()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def is_worth_it(self, archive: Archive, entry: Entry) -> bool:
        """Whether a member is better unpacked together with those behind it; raises as reading it does."""
        return entry.size_bytes <= min(self._most_bytes, settings.MAX_UNPACKED_BYTES) and archive.is_solid()

    @contextmanager
    def local_path(
        self, key: Hashable, archive: Archive, directory: Directory, entry: Entry, *, shown: str
    ) -> Iterator[str]:
        """Give the path of a member for the block; raises ArchiveError, TooLargeToUnpack, NoRoomToUnpack or OSError."""
        with self._lock:
            self._have(key, archive, directory, entry, shown)
            file = self._kept.pop((key, entry.path))
        try:
            yield file.path
        finally:
            file.remove()

    def sha256(
        self, key: Hashable, archive: Archive, directory: Directory, entry: Entry, *, shown: str
    ) -> str:
        """The hash of a member, which stays unpacked for `local_path`; raises as that does."""
        with self._lock:
            self._have(key, archive, directory, entry, shown)
            return self._kept[key, entry.path].sha256

    def clear(self) -> None:
        """Delete all that is kept."""
        with self._lock:
            self._drop_to(0)

    def _have(self, key: Hashable, archive: Archive, directory: Directory, entry: Entry, shown: str) -> None:
        """Unpack the member, and those behind it as far as there is room, unless it is kept already."""
        self._set_timer()
        if (key, entry.path) in self._kept:
            return
        # What another thread is still about to ask for stays; older things go.
        self._drop_to(self._most_bytes)
        room = min(self._most_bytes, make_room(entry.size_bytes, shown=shown))
        for found, content in archive.iter_members(_those_behind(directory, entry, room)):
            if found == entry:
                self._kept[key, found.path] = Unpacked(content)
            else:
                with suppress(ArchiveError):  # told when it is asked for itself
                    self._kept[key, found.path] = Unpacked(content)
        if (key, entry.path) not in self._kept:
            raise NotThere("The file is not in the archive any more.")

    def _drop_to(self, most_bytes: int) -> None:
        total = sum(file.size_bytes for file in self._kept.values())
        while self._kept and (total > most_bytes or len(self._kept) > _MOST_FILES or not most_bytes):
            _, file = self._kept.popitem(last=False)
            total -= file.size_bytes
            file.remove()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(_KEPT_SECONDS, self.clear)
        self._timer.daemon = True
        self._timer.start()


def _those_behind(directory: Directory, entry: Entry, room: int) -> list[Entry]:
    """The member and those that stand behind it in the archive, as many as fit into `room` bytes."""
    order = sorted(directory.entries.values(), key=lambda other: other.place)
    chosen, total = [entry], entry.size_bytes
    for other in order[order.index(entry) + 1 :]:
        total += other.size_bytes
        if total > room or len(chosen) == _MOST_FILES:
            break
        chosen.append(other)
    return chosen
