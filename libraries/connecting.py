"""Libraries in buckets: tried out before anything is stored, with a sentence beside the entry that is wrong."""

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from libraries.models import Library
from libraries.secrets import SecretUnreadable
from libraries.storage import BucketStorage, StorageError
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.credentials import bucket_of, sealed

# What Amazon allows, and older names with capitals and underscores that other storages keep.
_BUCKET_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
_REGION: Final = re.compile(r"[A-Za-z0-9-]{0,60}")
_LONGEST_KEY_BYTES: Final = 1_024
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")


class BucketProblem(Exception):
    """A bucket that cannot become a library. The text is a sentence; `entry` the field of Bucket that it is about, if one."""

    def __init__(self, sentence: str, *, entry: str = "") -> None:
        super().__init__(sentence)
        self.entry = entry


def add_bucket_library(bucket: Bucket, *, name: str = "", **settings: Any) -> Library:
    """Create the library of a bucket and return it; scanning it is left to the caller.

    Asks the storage whether it can be listed. Further `settings` are fields of Library. Raises BucketProblem.
    """
    bucket = checked_bucket(bucket)
    columns = _columns(bucket)
    try:
        with transaction.atomic():
            return Library.objects.create(
                name=name.strip() or _name_of(bucket),
                icon="cloud",
                storage=Library.Storage.S3,
                **columns,
                **settings,
            )
    except IntegrityError as error:
        raise BucketProblem(f"“{bucket.shown}” was added as a library just now.", entry="name") from error


def reconnect(library: Library, bucket: Bucket, *, is_reachable_by_browsers: bool) -> None:
    """Store another endpoint, region or other keys of a library's bucket; an empty secret keeps the one that is stored.

    The bucket's name and prefix stay. Raises BucketProblem, and changes nothing then.
    """
    bucket = replace(bucket, name=library.bucket, prefix=library.prefix)
    if not bucket.secret_access_key:
        bucket = replace(bucket, secret_access_key=_stored(library).secret_access_key)
    columns = _columns(checked_bucket(bucket, but=library))
    library.is_reachable_by_browsers = is_reachable_by_browsers
    for column, value in columns.items():
        setattr(library, column, value)
    library.save(update_fields=[*columns, "is_reachable_by_browsers"])


def checked_bucket(bucket: Bucket, *, but: Library | None = None) -> Bucket:
    """Return `bucket` as it is stored, after the storage has listed it; raises BucketProblem.

    `but` is the library that it may overlap, being its own.
    """
    bucket = _as_stored(bucket)
    _refuse_overlap(bucket, but)
    try:
        BucketStorage(lambda: bucket).check_root()
    except StorageError as error:
        raise BucketProblem(str(error)) from error
    return bucket


def access_key_id_of(library: Library) -> str:
    """The public half of a library's keys; empty if they cannot be decrypted any more."""
    try:
        return bucket_of(library).access_key_id
    except StorageError:
        return ""


def _stored(library: Library) -> Bucket:
    try:
        return bucket_of(library)
    except StorageError as error:
        raise BucketProblem(str(error), entry="secret_access_key") from error


def _columns(bucket: Bucket) -> dict[str, Any]:
    try:
        encrypted = sealed(bucket)
    except SecretUnreadable as error:
        raise BucketProblem(str(error)) from error
    return {
        "bucket": bucket.name,
        "prefix": bucket.prefix,
        "endpoint_url": bucket.endpoint_url,
        "region": bucket.region,
        "uses_path_style": bucket.uses_path_style,
        "encrypted_credentials": encrypted,
    }


def _as_stored(bucket: Bucket) -> Bucket:
    """The entries without what does no harm around them; refuses what cannot be right."""
    endpoint, name, region = (
        bucket.endpoint_url.strip().rstrip("/"),
        bucket.name.strip(),
        bucket.region.strip(),
    )
    if why := _why_no_endpoint(endpoint):
        raise BucketProblem(why, entry="endpoint_url")
    if not _BUCKET_NAME.fullmatch(name):
        raise BucketProblem(
            "That cannot be the name of a bucket: letters, digits, dots and hyphens. Folders belong into the prefix.",
            entry="name",
        )
    if not _REGION.fullmatch(region):
        raise BucketProblem("That is no region. They look like “eu-central-1”.", entry="region")
    access_key_id, secret = bucket.access_key_id.strip(), bucket.secret_access_key.strip()
    for entry, text in {"access_key_id": access_key_id, "secret_access_key": secret}.items():
        if not _PRINTABLE.fullmatch(text):
            raise BucketProblem("Keys are letters, digits and signs without spaces.", entry=entry)
    return Bucket(
        name=name,
        prefix=_prefix(bucket.prefix),
        endpoint_url=endpoint,
        region=region,
        uses_path_style=bucket.uses_path_style,
        access_key_id=access_key_id,
        secret_access_key=secret,
    )


def _why_no_endpoint(text: str) -> str:
    if not text:
        return ""
    try:
        address = urlsplit(text)
        is_address = (
            address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
        )
    except ValueError:
        is_address = False
    if not is_address or re.search(r"[\s\x00-\x20\x7f]", text):
        return "Write the endpoint as a web address, such as https://s3.example.org or http://nas.local:9000."
    if address.username or address.password or address.query or address.fragment:
        return "The endpoint is an address without user name, “?” or “#”. Keys have fields of their own."
    return ""


def _prefix(text: str) -> str:
    parts = text.strip().strip("/")
    if not parts:
        return ""
    if "\0" in parts or any(part in {"", ".", ".."} for part in parts.split("/")):
        raise BucketProblem(
            "A prefix is a path of folders such as prints/minis, without “//”, “.” or “..”.", entry="prefix"
        )
    if len(parts.encode("utf-8", "replace")) >= _LONGEST_KEY_BYTES:
        raise BucketProblem("The prefix is longer than a key can be.", entry="prefix")
    return f"{parts}/"


def _refuse_overlap(bucket: Bucket, but: Library | None) -> None:
    others = Library.objects.kept().filter(storage=Library.Storage.S3, bucket=bucket.name)
    for other in others.exclude(pk=but.pk) if but else others:
        there = Bucket(name=other.bucket, endpoint_url=other.endpoint_url, region=other.region)
        if there.host != bucket.host:
            continue
        if other.prefix == bucket.prefix:
            raise BucketProblem(f"“{bucket.shown}” is the library “{other.name}” already.", entry="name")
        if bucket.prefix.startswith(other.prefix):
            raise BucketProblem(f"“{bucket.shown}” lies inside the library “{other.name}”.", entry="prefix")
        if other.prefix.startswith(bucket.prefix):
            raise BucketProblem(f"“{bucket.shown}” contains the library “{other.name}”.", entry="prefix")


def _name_of(bucket: Bucket) -> str:
    return (bucket.prefix.rstrip("/").rpartition("/")[2] or bucket.name)[:200]
