"""The only way to reach the bytes of a library."""

from collections.abc import Callable
from typing import Final

from libraries.models import Library
from libraries.paths import disk_path
from libraries.storage.bin_folder import bin_path
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
from libraries.storage.local import LocalStorage
from libraries.storage.members import LibraryStorage
from libraries.storage.place import FileStat, Place
from libraries.storage.s3.credentials import bucket_of
from libraries.storage.s3.storage import BucketStorage

__all__ = [
    "BucketStorage",
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
    "bin_path",
    "storage_for",
]

_MAKERS: Final[dict[str, Callable[[Library], Place]]] = {
    Library.Storage.FOLDER: lambda library: LocalStorage(disk_path(library.path)),
    Library.Storage.S3: lambda library: BucketStorage(
        lambda: bucket_of(library), is_reachable_by_browsers=library.is_reachable_by_browsers
    ),
}


def storage_for(library: Library) -> LibraryStorage:
    """Return the storage that holds the files of `library`, those inside archives as well."""
    return LibraryStorage(_MAKERS[library.storage](library))
