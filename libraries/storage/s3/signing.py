"""Signed addresses of objects in a bucket, which open without further keys for a while. Pure.

Signature version 4 in the query, as Amazon describes it (docs.aws.amazon.com/AmazonS3/latest/API/
sigv4-query-string-auth.html). The same by botocore costs a process 20 MB.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from libraries.storage.s3.address import Bucket

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


def signed_url(
    bucket: Bucket,
    key: str,
    *,
    now: datetime,
    seconds: int,
    method: str = "GET",
    query: Mapping[str, str] | None = None,
) -> str:
    """Return the address under which `method` may be asked for the object `key` until `seconds` after `now`.

    An empty `key` stands for the bucket itself. Headers other than Host are free. `query` are further parameters.
    """
    url = bucket.url(key)
    address = urlsplit(url)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{bucket.signing_region}/s3/aws4_request"
    parameters = {
        **(query or {}),
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{bucket.access_key_id}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    asked = "&".join(
        sorted(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in parameters.items())
    )
    request = "\n".join(
        [method, address.path or "/", asked, f"host:{address.netloc}\n", "host", "UNSIGNED-PAYLOAD"]
    )
    signed = "\n".join([_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = hmac.new(_signing_key(bucket, scope), signed.encode(), "sha256").hexdigest()
    return f"{url}?{asked}&X-Amz-Signature={signature}"


def _signing_key(bucket: Bucket, scope: str) -> bytes:
    key = f"AWS4{bucket.secret_access_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
