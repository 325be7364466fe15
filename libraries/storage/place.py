"""What every place where files live can do, be it a folder or a bucket."""

from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from libraries.listing import FileSeen, Ignores, Skipped


@dataclass(frozen=True, slots=True)
class FileStat:
    """What the place says of one file; the time is in nanoseconds since 1970, and `etag` is empty for folders."""

    size_bytes: int
    mtime_ns: int
    etag: str = ""


class Place(Protocol):
    """Files by paths relative to the root, as rows hold them. Every method raises a StorageError in words."""

    @property
    def shown(self) -> str:
        """The place as people may read it."""
        ...

    @property
    def key(self) -> Hashable:
        """Equal for equal places only."""
        ...

    def check_root(self) -> int | None:
        """Return the number of the device the root is on, None where there is none; raise what is wrong with the root."""
        ...

    def iter_files(self, scope: str = "", *, ignores: Ignores | None = None) -> Iterator[FileSeen | Skipped]:
        """Yield every file at or below the folder `scope`, in no particular order; what cannot be listed comes as Skipped.

        Raises UnsafePath at once, and while it is read, what keeps all of the rest from being listed.
        """
        ...

    def stat(self, path: str) -> FileStat: ...

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; it can seek."""
        ...

    def open_range(self, path: str, *, start: int, length: int) -> Iterator[bytes]:
        """Yield `length` bytes of the file from byte `start`, fewer if it ends before; raises as `open` does, at once."""
        ...

    def sha256(self, path: str) -> str:
        """The hash of a file, in hexadecimal; raises FileChangedWhileRead too."""
        ...

    def local_path(self, path: str) -> AbstractContextManager[str]:
        """Give a path on this machine under which a program may read the file, within the `with` block only."""
        ...

    def download_url(
        self, path: str, *, now: datetime, seconds: int, name: str, content_type: str
    ) -> str | None:
        """The address at which browsers get the file as a download called `name`, for so many seconds; None if there is none."""
        ...

    def put(self, path: str, source: Path) -> None:
        """Move the file `source` of this machine to `path`, whole or not at all; never over another file.

        Raises PathTaken, LibraryFull, NotWritable or UnsafePath; `source` is where it was then.
        """
        ...

    def move(self, old: str, new: str, *, is_resumed: bool = False) -> None:
        """Give the file at `old` the path `new`; never over another file, never through a link.

        `is_resumed` says that the same move may have been cut off before: what is done of it is then taken as done. Raises
        FileGone, PathTaken, NotARegularFile, LibraryFull, NotWritable or UnsafePath; the file is at `old` then.
        """
        ...

    def remove_empty_folders(self, folder: str) -> None:
        """Remove `folder` and those above it, as far up as they are empty; what is not empty stays."""
        ...

    def delete_binned(self, path: str) -> None:
        """Delete a file in the bin for good, and nothing anywhere else: raises UnsafePath then. Raises NotWritable."""
        ...

    def free_bytes(self) -> int | None:
        """How much more fits in; None where nobody knows."""
        ...
