"""The S3 client of boto3, as django-storages sets it up, for listing and writing. It costs a process some 25 MB."""

import ssl
from functools import lru_cache
from typing import Any

from libraries.storage.s3.address import Bucket
from libraries.storage.s3.reading import CONNECT_SECONDS, READ_SECONDS


@lru_cache(maxsize=16)
def client_of(bucket: Bucket) -> Any:
    """Return the client for a bucket, which threads may share. Nothing is taken from the environment but certificates."""
    from botocore.config import Config
    from storages.backends.s3 import S3Storage

    storage = S3Storage(
        bucket_name=bucket.name,
        access_key=bucket.access_key_id,
        secret_key=bucket.secret_access_key,
        security_token=None,
        session_profile=None,
        endpoint_url=bucket.endpoint,
        region_name=bucket.signing_region,
        verify=ssl.get_default_verify_paths().cafile,
        client_config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if bucket.is_in_path else "virtual"},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "max_attempts": 3},
            # Storages other than Amazon's mostly know no checksums in trailers.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return storage.connection.meta.client
