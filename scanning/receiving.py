"""Files on their way in, in the data folder: how far each is, and the next piece of it.

The length of the file on the disk is the truth about how far an upload is, so that a crash between a piece and a row
cannot make the two disagree.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from scanning.tus import CHECKSUM_MISMATCH, CHECKSUMS, Patch, TusError

_CHUNK_BYTES: Final = 256 * 1024
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_INSUFFICIENT_STORAGE: Final = 507
NO_ROOM: Final = "The disk of Layershelf's data folder has no room left. What has arrived is kept; free some space and go on."

# Reads up to so many bytes; empty at the end. Raises OSError if the other side is gone.
Read = Callable[[int], bytes]


def staged_path(name: str) -> Path:
    """Where the file of the upload `name` grows."""
    return Path(settings.UPLOADS_DIR) / name


def begin(name: str) -> None:
    """Make the empty file of an upload; raises TusError where the disk is full."""
    path = staged_path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # With the rights that any new file of this user gets: it becomes a file of the library.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise _worded(error) from error


def received_bytes(name: str) -> int | None:
    """How much of an upload has arrived; None if its file is gone."""
    try:
        return staged_path(name).stat().st_size
    except OSError:
        return None


def discard(name: str) -> None:
    """Delete what has arrived, if anything."""
    with suppress(FileNotFoundError):
        staged_path(name).unlink()


def free_bytes() -> int:
    """How much more may be written into the data folder, less what is kept for everything else."""
    folder = Path(settings.UPLOADS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return max(0, shutil.disk_usage(folder).free - settings.UPLOAD_SPARE_BYTES)


def receive(name: str, patch: Patch, read: Read, *, length: int) -> int:
    """Append a piece to the upload `name`, of which there will be `length` bytes; return how many there are then.

    A piece that is cut off counts as far as it came, unless it came with a checksum. Raises TusError.
    """
    with _locked(name) as file:
        offset = file.seek(0, os.SEEK_END)
        if patch.offset != offset:
            raise TusError(409, f"{offset:,} bytes have arrived; the next piece begins there.")
        try:
            _append(file, patch, read, room=length - offset)
        except BaseException:
            if patch.algorithm:
                file.truncate(offset)
            raise
        return os.fstat(file.fileno()).st_size


def _append(file: FileIO, patch: Patch, read: Read, *, room: int) -> None:
    digest: Any = CHECKSUMS[patch.algorithm]() if patch.algorithm else None
    while chunk := _next_chunk(read, is_whole=digest is not None):
        if len(chunk) > room:
            raise TusError(413, "More bytes were sent than the file was announced to have.")
        if free_bytes() < len(chunk):
            raise TusError(_INSUFFICIENT_STORAGE, NO_ROOM)
        try:
            _write_all(file, chunk)
        except OSError as error:
            raise _worded(error) from error
        room -= len(chunk)
        if digest:
            digest.update(chunk)
    if digest and digest.digest() != patch.digest:
        raise TusError(CHECKSUM_MISMATCH, "A piece of the file arrived damaged. It is sent again.")


def _write_all(file: FileIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]


def _next_chunk(read: Read, *, is_whole: bool) -> bytes:
    try:
        return read(_CHUNK_BYTES)
    except OSError:
        if is_whole:
            raise
        return b""  # the other side went away: what came before counts


@contextmanager
def _locked(name: str) -> Iterator[FileIO]:
    try:
        # Unbuffered: a piece that was cut must not have bytes in memory that are not on the disk.
        file = staged_path(name).open("r+b", buffering=0)
    except FileNotFoundError as error:
        raise TusError(410, "This upload was given up or has expired. Begin it again.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TusError(423, "Another window sends this file at the moment.") from error
        yield file


def _worded(error: OSError) -> TusError:
    if error.errno in _FULL:
        return TusError(_INSUFFICIENT_STORAGE, NO_ROOM)
    return TusError(
        500, f"The data folder cannot be written to: {error.strerror}. Ask whoever runs Layershelf."
    )
