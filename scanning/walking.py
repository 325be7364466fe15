"""Walking the storage of a library: from where its root is there until all is listed, unless the root goes away meanwhile."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from libraries.listing import FileSeen, Ignores, Skipped
from libraries.storage import LibraryStorage, StorageError
from scanning.staging import Watch

_ENTRIES_A_TICK: Final = 500


class ScanRefused(Exception):
    """The scan changed nothing, because what it saw had better not be believed. The text is a sentence for the user."""


class RootVanished(Exception):
    """The library's folder went away while it was read; nothing was changed. Scanning again once it is back helps."""


class Walk:
    """One pass over the files of a storage, begun when it is made; raises ScanRefused if that cannot be."""

    def __init__(self, storage: LibraryStorage, *, folder: str, ignores: Ignores) -> None:
        self._storage = storage
        try:
            self.root_device = storage.check_root()
            self.entries = _to_the_end(storage.iter_files(folder, ignores=ignores))
        except StorageError as error:
            raise ScanRefused(f"{error} Nothing was changed.") from error

    def take(self, limit: int, *, watch: Watch) -> list[FileSeen | Skipped]:
        """The next entries: all there are, or somewhat more than `limit`."""
        taken: list[FileSeen | Skipped] = []
        while len(taken) <= limit and (some := list(islice(self.entries, _ENTRIES_A_TICK))):
            taken += some
            watch.tick(found=len(taken))
        return taken

    def check_root(self, *, is_root_unknown: bool = False) -> None:
        """Raise RootVanished if the root is not there any more, or could not be listed, or is another one."""
        try:
            device = self._storage.check_root()
        except StorageError as error:
            raise RootVanished(f"{error} It went away during the scan, so nothing was changed.") from error
        if device != self.root_device or is_root_unknown:
            raise RootVanished(
                f"The disk of “{self._storage.shown}” went away during the scan, so nothing was changed."
            )


def _to_the_end(entries: Iterator[FileSeen | Skipped]) -> Iterator[FileSeen | Skipped]:
    try:
        yield from entries
    except StorageError as error:
        raise RootVanished(f"{error} The scan broke off there, so nothing was changed.") from error
