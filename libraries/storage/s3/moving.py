"""Giving an object of a bucket another key: copied unless there is one, compared, and only then deleted."""

from typing import Any, Final

from libraries.storage.errors import FileGone, NotWritable, PathTaken, StorageError
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from libraries.storage.s3.words import silence
from libraries.storage.s3.writing import refused

# What S3 copies in one request.
_MOST_BYTES: Final = 5 * 1024**3
_NOT_THERE: Final = frozenset({"404", "NoSuchKey", "NotFound"})


def move_object(
    bucket: Bucket, old: str, new: str, *, is_resumed: bool, shown_old: str, shown_new: str
) -> None:
    """Copy `old` to `new`, then delete it; raises FileGone, PathTaken, LibraryFull or NotWritable, the object is at `old` then.

    `is_resumed` takes an equal object at `new` for one that an earlier try copied.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        source, target = _head(bucket, old), _head(bucket, new)
        if source is None:
            if is_resumed and target is not None:
                return
            raise FileGone(f"“{shown_old}” is not there any more. Scan the library to bring it up to date.")
        if target is not None and not (is_resumed and _are_equal(source, target)):
            raise PathTaken(f"There is a file “{shown_new}” already.")
        if target is None:
            _copy(bucket, old, new, source, shown=shown_new)
        client_of(bucket).delete_object(Bucket=bucket.name, Key=old)
    except ClientError as error:
        raise refused(error.response["Error"], shown_new) from error
    except BotoCoreError as error:
        raise NotWritable(f"“{shown_old}” could not be moved. {silence(bucket, str(error))}") from error


def delete_object(bucket: Bucket, key: str, *, shown: str) -> None:
    """Delete an object; one that is gone is deleted. Raises NotWritable."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client_of(bucket).delete_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        raise _not_deleted(error.response["Error"]["Code"], shown) from error
    except BotoCoreError as error:
        raise NotWritable(f"“{shown}” could not be deleted. {silence(bucket, str(error))}") from error


def _copy(bucket: Bucket, old: str, new: str, source: dict[str, Any], *, shown: str) -> None:
    if source["ContentLength"] > _MOST_BYTES:
        raise NotWritable(f"“{shown}” is larger than 5 GB, which a bucket does not copy in one piece.")
    client = client_of(bucket)
    client.copy_object(
        Bucket=bucket.name,
        Key=new,
        CopySource={"Bucket": bucket.name, "Key": old},
        CopySourceIfMatch=source["ETag"],
        IfNoneMatch="*",
    )
    copied = _head(bucket, new)
    if copied is None or copied["ContentLength"] != source["ContentLength"]:
        raise NotWritable(f"The copy at “{shown}” is not what was copied; nothing was deleted.")


def _head(bucket: Bucket, key: str) -> dict[str, Any] | None:
    from botocore.exceptions import ClientError

    try:
        found: dict[str, Any] = client_of(bucket).head_object(Bucket=bucket.name, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_THERE:
            return None
        raise
    return found


def _are_equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["ContentLength"] == other["ContentLength"] and one["ETag"] == other["ETag"])


def _not_deleted(code: str, shown: str) -> StorageError:
    if code in {"AccessDenied", "403"}:
        return NotWritable(f"The keys of this library may not delete “{shown}” (s3:DeleteObject).")
    return NotWritable(f"“{shown}” cannot be deleted: the storage answers with {code}. Try again later.")
