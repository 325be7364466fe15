"""Files from archives, on the data folder's disk for as long as a program looks at them.

Each is written under a lock of the operating system, which ends with its process: whatever nobody holds any more was left
behind by a crash, and goes with the next file that is unpacked.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from libraries.storage.errors import MemberUnreadable, NoRoomToUnpack, TooLargeToUnpack

_SPARE_BYTES: Final = 256 << 20
# A file that was made a moment ago may not be locked yet.
_YOUNG_SECONDS: Final = 60


@contextmanager
def unpacked(content: Callable[[], Iterator[bytes]], *, size_bytes: int, shown: str) -> Iterator[str]:
    """Write `content`, which must have `size_bytes`, into a temporary file and give its path; it goes with the block.

    `shown` is how people know the file. Raises TooLargeToUnpack, NoRoomToUnpack, and what reading the content raises.
    """
    if size_bytes > settings.MAX_UNPACKED_BYTES:
        raise TooLargeToUnpack(
            f"“{shown}” has {size_bytes / 2**30:.1f} GB and lies in an archive; up to "
            f"{settings.MAX_UNPACKED_BYTES / 2**30:.1f} GB are unpacked to be measured. Unpack it yourself."
        )
    folder = Path(settings.UNPACKING_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    remove_left_behind(folder)
    if shutil.disk_usage(folder).free < size_bytes + _SPARE_BYTES:
        raise NoRoomToUnpack(f"The disk of the data folder has no room to unpack “{shown}”.")
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        written = 0
        for chunk in content():
            written += len(chunk)
            if written > size_bytes:
                raise MemberUnreadable(f"“{shown}” is longer than its archive says.")
            file.write(chunk)
        file.flush()
        yield file.name


def remove_left_behind(folder: Path) -> None:
    """Delete files whose process is gone."""
    for path in folder.iterdir():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _YOUNG_SECONDS:
                _remove_if_free(path)


def _remove_if_free(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)
