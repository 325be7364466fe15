"""A bucket, or a part of it, as the place of a library: every object is a file, its key the path."""

import hashlib
import io
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.http import content_disposition_header

from libraries.hashing import FileChangedWhileRead
from libraries.listing import FileSeen, Ignores, Skipped, ignore_rules
from libraries.paths import disk_path, display_path
from libraries.storage.bin_folder import require_in_bin
from libraries.storage.errors import FileUnreadable, UnsafePath
from libraries.storage.place import FileStat
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.keys import files_of, ignored_folder, why_no_path
from libraries.storage.s3.listing import iter_objects
from libraries.storage.s3.moving import delete_object, move_object
from libraries.storage.s3.reading import ObjectReader, RangedFile
from libraries.storage.s3.signing import signed_url
from libraries.storage.s3.writing import put_object
from libraries.storage.unpacking import make_room_to_fetch, unpacked

_BUFFER_BYTES: Final = 64 * 1024


class BucketStorage:
    """The objects below a bucket's prefix. See `libraries.storage.place` for what the methods promise."""

    def __init__(self, find_bucket: Callable[[], Bucket], *, is_reachable_by_browsers: bool = True) -> None:
        """`find_bucket` may raise a StorageError, which every method then does."""
        self._find_bucket = find_bucket
        self._is_reachable_by_browsers = is_reachable_by_browsers

    @cached_property
    def bucket(self) -> Bucket:
        return self._find_bucket()

    @cached_property
    def _reader(self) -> ObjectReader:
        return ObjectReader(self.bucket)

    @property
    def shown(self) -> str:
        return self.bucket.shown

    @property
    def key(self) -> Hashable:
        return self.bucket.endpoint, self.bucket.name, self.bucket.prefix

    def check_root(self) -> None:
        """Raise RootMissing or RootUnreadable if the bucket cannot be listed; it has no device."""
        self._reader.probe()

    def iter_files(self, scope: str = "", *, ignores: Ignores | None = None) -> Iterator[FileSeen | Skipped]:
        """Yield the files by their keys; also raises RootMissing and RootUnreadable while it is read."""
        ignores = ignores or ignore_rules()
        if not scope:
            return files_of(iter_objects(self.bucket, self.bucket.prefix), below=self._below, ignores=ignores)
        prefix = f"{self._key(scope)}/"
        if closed := ignored_folder(scope, ignores=ignores):
            return iter([Skipped(f"{closed}/", "", is_unknown=False, is_ignored=True)])
        return files_of(iter_objects(self.bucket, prefix), below=self._below, ignores=ignores)

    def stat(self, path: str) -> FileStat:
        """Ask for size, time and etag; raise FileGone, FileUnreadable or UnsafePath."""
        return self._reader.stat(self._key(path), shown=display_path(path))

    def open(self, path: str) -> BinaryIO:
        """Open a file that fetches what is read of it; raises as `stat` does, and FileUnreadable if it is replaced."""
        shown = display_path(path)
        return io.BufferedReader(
            RangedFile(self._reader, self._key(path), self.stat(path), shown=shown), _BUFFER_BYTES
        )

    def open_range(self, path: str, *, start: int, length: int) -> Iterator[bytes]:
        return self._reader.get(self._key(path), shown=display_path(path), start=start, length=length)

    def sha256(self, path: str) -> str:
        """The hash of a file by one pass over it, without keeping it."""
        digest = hashlib.sha256()
        before = self.stat(path)
        read_bytes = 0
        for chunk in self._reader.get(self._key(path), shown=display_path(path)):
            digest.update(chunk)
            read_bytes += len(chunk)
        if read_bytes != before.size_bytes:
            raise FileChangedWhileRead("The file was written to while it was read.")
        return digest.hexdigest()

    @contextmanager
    def local_path(self, path: str) -> Iterator[str]:
        """Fetch a file into the data folder for the block; raises TooLargeToUnpack and NoRoomToUnpack as well."""
        shown = display_path(path)
        found = self.stat(path)
        make_room_to_fetch(found.size_bytes, shown=shown)
        content = self._reader.get(self._key(path), shown=shown, etag=found.etag)
        with unpacked(content) as local:
            yield local

    def put(self, path: str, source: Path) -> None:
        """Send a file to the bucket, then delete it here; raises PathTaken, NotWritable or UnsafePath."""
        put_object(self.bucket, self._key(path), source, shown=display_path(path))
        source.unlink(missing_ok=True)

    def move(self, old: str, new: str, *, is_resumed: bool = False) -> None:
        """See Place.move."""
        move_object(
            self.bucket,
            self._key(old),
            self._key(new),
            is_resumed=is_resumed,
            shown_old=display_path(old),
            shown_new=display_path(new),
        )

    def remove_empty_folders(self, folder: str) -> None:
        """A bucket has no folders."""

    def delete_binned(self, path: str) -> None:
        """See Place.delete_binned."""
        require_in_bin(path)
        delete_object(self.bucket, self._key(path), shown=display_path(path))

    def free_bytes(self) -> None:
        """Nobody knows what a bucket takes."""

    def download_url(
        self, path: str, *, now: datetime, seconds: int, name: str, content_type: str
    ) -> str | None:
        """The signed address of the object; None if browsers do not reach the storage."""
        if not self._is_reachable_by_browsers:
            return None
        disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        return signed_url(
            self.bucket,
            self._key(path),
            now=now,
            seconds=seconds,
            query={"response-content-disposition": disposition, "response-content-type": content_type},
        )

    @property
    def _below(self) -> int:
        return len(self.bucket.prefix)

    def _key(self, path: str) -> str:
        if why_no_path(path):
            raise UnsafePath(f"“{display_path(path)}” is no path of a file in a library.")
        try:
            below = disk_path(path).encode().decode()
        except UnicodeEncodeError as error:
            raise FileUnreadable(f"“{display_path(path)}” is no name that a bucket can hold.") from error
        return self.bucket.prefix + below
