"""The S3 client of boto3, as django-storages sets it up, for listing and writing. It costs a process some 25 MB."""

import ssl
from datetime import datetime
from functools import lru_cache
from typing import Any

from libraries.storage.s3.address import Bucket
from libraries.storage.s3.reading import CONNECT_SECONDS, READ_SECONDS


@lru_cache(maxsize=16)
def client_of(bucket: Bucket) -> Any:
    """Return the client for a bucket, which threads may share. Nothing is taken from the environment but certificates."""
    import boto3
    import botocore.session
    from botocore.config import Config
    from storages.backends.s3 import S3Storage

    class QuickStorage(S3Storage):
        def _create_session(self) -> Any:
            session = botocore.session.get_session()
            # What comes with botocore takes most of the time of a listing.
            session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
            return boto3.Session(
                botocore_session=session,
                aws_access_key_id=self.access_key,
                aws_secret_access_key=self.secret_key,
            )

    storage = QuickStorage(
        bucket_name=bucket.name,
        access_key=bucket.access_key_id,
        secret_key=bucket.secret_access_key,
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


def _moment(value: Any) -> Any:
    """The time that an answer names: in a listing always as ISO 8601 has it."""
    from botocore.utils import parse_timestamp

    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return parse_timestamp(value)
