"""The only way to reach the bytes of a library."""

from collections.abc import Callable
from typing import Final

from libraries.models import Library
from libraries.paths import disk_path
from libraries.storage.errors import (
    FileGone,
    FileUnreadable,
    LibraryFull,
    MemberUnreadable,
    NoRoomToUnpack,
    NotARegularFile,
    NotWritable,
    PathTaken,
    RootMissing,
    RootNotAFolder,
    RootUnreadable,
    StorageError,
    TooLargeToUnpack,
    UnsafePath,
)
from libraries.storage.local import FileStat, LocalStorage
from libraries.storage.members import LibraryStorage

__all__ = [
    "FileGone",
    "FileStat",
    "FileUnreadable",
    "LibraryFull",
    "LibraryStorage",
    "LocalStorage",
    "MemberUnreadable",
    "NoRoomToUnpack",
    "NotARegularFile",
    "NotWritable",
    "PathTaken",
    "RootMissing",
    "RootNotAFolder",
    "RootUnreadable",
    "StorageError",
    "TooLargeToUnpack",
    "UnsafePath",
    "storage_for",
]

_MAKERS: Final[dict[str, Callable[[Library], LocalStorage]]] = {
    Library.Storage.FOLDER: lambda library: LocalStorage(disk_path(library.path)),
}


def storage_for(library: Library) -> LibraryStorage:
    """Return the storage that holds the files of `library`, those inside archives as well."""
    return LibraryStorage(_MAKERS[library.storage](library))
