"""Bringing a new object into a bucket: whole or not at all, and never over another."""

from pathlib import Path
from typing import Any, Final

from libraries.storage.errors import LibraryFull, NotWritable, PathTaken, StorageError
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from libraries.storage.s3.words import silence

# What S3 takes in one request.
_MOST_BYTES: Final = 5 * 1024**3
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_FULL: Final = frozenset({"QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull", "507"})


def put_object(bucket: Bucket, key: str, source: Path, *, shown: str) -> None:
    """Send the file `source`; raises PathTaken, LibraryFull or NotWritable. What the storage has is the whole file or nothing."""
    from botocore.exceptions import BotoCoreError, ClientError

    size_bytes = source.stat().st_size
    if size_bytes > _MOST_BYTES:
        raise NotWritable(f"“{shown}” is larger than 5 GB, which a bucket does not take in one piece.")
    try:
        if _is_there(bucket, key):  # asked first for storages that do not know the condition
            raise PathTaken(f"There is a file “{shown}” already.")
        with source.open("rb") as content:
            client_of(bucket).put_object(
                Bucket=bucket.name, Key=key, Body=content, ContentLength=size_bytes, IfNoneMatch="*"
            )
    except ClientError as error:
        raise refused(error.response["Error"], shown) from error
    except BotoCoreError as error:
        raise NotWritable(f"“{shown}” could not be sent. {silence(bucket, str(error))}") from error


def _is_there(bucket: Bucket, key: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        client_of(bucket).head_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
            return False
        raise
    return True


def refused(said: dict[str, Any], shown: str) -> StorageError:
    """What the storage said when it did not take “shown”, in words."""
    code = said["Code"]
    if code in _TAKEN:
        return PathTaken(f"There is a file “{shown}” already.")
    if code in _FULL:
        return LibraryFull(f"The bucket has no room for “{shown}”. Free some space.")
    if code in {"AccessDenied", "403"}:
        return NotWritable(f"The keys of this library may not write “{shown}” (s3:PutObject).")
    return NotWritable(f"“{shown}” cannot be written: the storage answers with {code}. Try again later.")
