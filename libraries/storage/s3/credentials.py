"""The bucket of a library's row, with its keys decrypted; and keys as the row holds them."""

import json

from libraries.models import Library
from libraries.secrets import SecretUnreadable, decrypted, encrypted
from libraries.storage.errors import RootUnreadable
from libraries.storage.s3.address import Bucket


def bucket_of(library: Library) -> Bucket:
    """Return the bucket that holds the files of `library`; raises RootUnreadable if its keys cannot be decrypted."""
    try:
        keys = json.loads(decrypted(library.encrypted_credentials))
    except SecretUnreadable as error:
        raise RootUnreadable(str(error)) from error
    return Bucket(
        name=library.bucket,
        prefix=library.prefix,
        endpoint_url=library.endpoint_url,
        region=library.region,
        uses_path_style=library.uses_path_style,
        **keys,
    )


def sealed(bucket: Bucket) -> bytes:
    """The keys of `bucket`, encrypted; raises SecretUnreadable."""
    return encrypted(
        json.dumps({"access_key_id": bucket.access_key_id, "secret_access_key": bucket.secret_access_key})
    )
