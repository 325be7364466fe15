"""Files from archives and buckets, on the data folder's disk for as long as a program looks at them.

Each is written under a lock of the operating system, which ends with its process: whatever nobody holds any more was left
behind by a crash, and goes with the next file that is unpacked or fetched.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from libraries.storage.errors import NoRoomToUnpack, TooLargeToUnpack

_SPARE_BYTES: Final = 256 << 20
# A file that was made a moment ago may not be locked yet.
_YOUNG_SECONDS: Final = 60


class Unpacked:
    """A temporary file with some content; `remove` it, or it goes with this object."""

    def __init__(self, content: Iterator[bytes]) -> None:
        """Write `content`; raises what reading it raises, and OSError, and leaves nothing behind then."""
        digest = hashlib.sha256()
        self.size_bytes = 0
        self._file = tempfile.NamedTemporaryFile(dir=settings.UNPACKING_DIR)  # noqa: SIM115  # lives as long as this
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            for chunk in content:
                self._file.write(chunk)
                digest.update(chunk)
                self.size_bytes += len(chunk)
            self._file.flush()
        except BaseException:
            self.remove()
            raise
        self.path = self._file.name
        self.sha256 = digest.hexdigest()

    def remove(self) -> None:
        """Delete the file; may be called twice."""
        self._file.close()


@contextmanager
def unpacked(content: Iterator[bytes]) -> Iterator[str]:
    """Write `content` for the block, and give its path. To be called after `make_room`."""
    file = Unpacked(content)
    try:
        yield file.path
    finally:
        file.remove()


def make_room(size_bytes: int, *, shown: str) -> int:
    """Clear away what crashes left, and return how many bytes may be unpacked; at least `size_bytes`, of the file `shown`.

    Raises TooLargeToUnpack or NoRoomToUnpack.
    """
    if size_bytes > settings.MAX_UNPACKED_BYTES:
        raise TooLargeToUnpack(
            f"“{shown}” has {_gigabytes(size_bytes)} and lies in an archive; up to "
            f"{_gigabytes(settings.MAX_UNPACKED_BYTES)} are unpacked to be measured. Unpack it yourself."
        )
    return _free_bytes(size_bytes, f"unpack “{shown}”")


def make_room_to_fetch(size_bytes: int, *, shown: str) -> None:
    """The same for a file that is fetched from a bucket."""
    if size_bytes > settings.MAX_FETCHED_BYTES:
        raise TooLargeToUnpack(
            f"“{shown}” has {_gigabytes(size_bytes)} and lies in a bucket; up to "
            f"{_gigabytes(settings.MAX_FETCHED_BYTES)} are fetched to be measured. MAX_FETCHED_BYTES allows more."
        )
    _free_bytes(size_bytes, f"fetch “{shown}”")


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**30:.1f} GB"


def _free_bytes(wanted_bytes: int, what_for: str) -> int:
    folder = Path(settings.UNPACKING_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _YOUNG_SECONDS:
                _remove_if_free(path)
    free_bytes = shutil.disk_usage(folder).free - _SPARE_BYTES
    if free_bytes < wanted_bytes:
        raise NoRoomToUnpack(f"The disk of the data folder has no room to {what_for}.")
    return free_bytes


def _remove_if_free(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)
