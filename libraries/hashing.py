"""SHA-256 of a file, noticing when it changes under the reader. Pure."""

import hashlib
import os
from io import BufferedReader
from pathlib import Path

# Large reads keep network disks busy; hashing gives the interpreter lock free above 2 kB, so files hash in parallel.
_BUFFER_BYTES = 1 << 20


class FileChangedWhileRead(Exception):
    """The file was written to while it was read. Trying again later helps."""


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of the file at `path`, in hexadecimal.

    Raises FileChangedWhileRead if size or time of change differ afterwards, and OSError if it cannot be read.
    """
    with Path(path).open("rb") as file:
        return sha256_of_open(file)


def sha256_of_open(file: BufferedReader) -> str:
    """The same of a file on this machine that is open at its beginning."""
    digest = hashlib.sha256()
    before = os.fstat(file.fileno())
    buffer = memoryview(bytearray(min(_BUFFER_BYTES, before.st_size + 1)))
    read_bytes = 0
    while count := file.readinto(buffer):
        digest.update(buffer[:count])
        read_bytes += count
    after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ) or read_bytes != after.st_size:
        raise FileChangedWhileRead("The file was written to while it was read.")
    return digest.hexdigest()
