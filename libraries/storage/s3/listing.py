"""The objects of a bucket in one pass, by pages of a thousand; the next page is fetched while one is worked on."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, NamedTuple

from libraries.storage.errors import StorageError
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from libraries.storage.s3.reading import plain_etag
from libraries.storage.s3.words import refusal_by_code, silence

_PAGE_KEYS: Final = 1_000


class Listed(NamedTuple):
    """An object as it is listed; its time in nanoseconds since 1970, of whole seconds as other answers have it."""

    key: str
    size_bytes: int
    mtime_ns: int
    etag: str


def iter_objects(bucket: Bucket, prefix: str) -> Iterator[Listed]:
    """Yield the objects whose keys begin with `prefix`, in the order of the storage; raises RootMissing, RootUnreadable."""
    with ThreadPoolExecutor(1, thread_name_prefix="listing") as ahead:
        waiting: Future[Any] | None = ahead.submit(_page, bucket, prefix, {})
        while waiting:
            page = waiting.result()
            following = page.get("NextContinuationToken")
            waiting = (
                ahead.submit(_page, bucket, prefix, {"ContinuationToken": following}) if following else None
            )
            for found in page.get("Contents", ()):
                modified = int(found["LastModified"].timestamp()) * 10**9
                yield Listed(found["Key"], found["Size"], modified, plain_etag(found.get("ETag", "")))


def _page(bucket: Bucket, prefix: str, position: dict[str, str]) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return client_of(bucket).list_objects_v2(
            Bucket=bucket.name, Prefix=prefix, MaxKeys=_PAGE_KEYS, **position
        )
    except (ClientError, BotoCoreError) as error:
        raise bucket_error(bucket, error) from error


def bucket_error(bucket: Bucket, error: Exception) -> StorageError:
    """The StorageError for what boto3 raised about a bucket."""
    answer = getattr(error, "response", None)
    if answer is None:
        return silence(bucket, str(error))
    return refusal_by_code(bucket, code=answer["Error"]["Code"], message=answer["Error"].get("Message", ""))
