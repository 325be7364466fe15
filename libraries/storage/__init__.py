"""The only way to reach the bytes of a library."""

from collections.abc import Callable
from typing import Final

from libraries.models import Library
from libraries.paths import disk_path
from libraries.storage.errors import (
    FileGone,
    FileUnreadable,
    NotARegularFile,
    RootMissing,
    RootNotAFolder,
    RootUnreadable,
    StorageError,
    UnsafePath,
)
from libraries.storage.local import FileStat, LocalStorage

__all__ = [
    "FileGone",
    "FileStat",
    "FileUnreadable",
    "LocalStorage",
    "NotARegularFile",
    "RootMissing",
    "RootNotAFolder",
    "RootUnreadable",
    "StorageError",
    "UnsafePath",
    "storage_for",
]

_MAKERS: Final[dict[str, Callable[[Library], LocalStorage]]] = {
    Library.Storage.FOLDER: lambda library: LocalStorage(disk_path(library.path)),
}


def storage_for(library: Library) -> LocalStorage:
    """Return the storage that holds the files of `library`."""
    return _MAKERS[library.storage](library)
