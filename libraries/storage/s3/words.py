"""What an S3 storage answers, and what keeps it from answering, in words for a person."""

import re
from typing import Final

from libraries.storage.errors import FileUnreadable, RootMissing, RootUnreadable, StorageError
from libraries.storage.s3.address import Bucket

_OTHER_REGION: Final = frozenset(
    {
        "PermanentRedirect",
        "TemporaryRedirect",
        "AuthorizationHeaderMalformed",
        "AuthorizationQueryParametersError",
        "IllegalLocationConstraintException",
        "301",
        "307",
    }
)
_BUSY: Final = frozenset(
    {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "500", "502", "503", "504"}
)
_CLOCK: Final = re.compile(r"expired|not (?:yet )?valid yet|not yet valid|in the future|too skewed", re.I)
_EXPECTED_REGION: Final = re.compile(r"expecting '([\w-]+)'|<Region>([\w-]+)</Region>")
_MESSAGE: Final = re.compile(r"<Message>(.*?)</Message>", re.S)
_CODE: Final = re.compile(r"<Code>(\w+)</Code>")


def refusal(bucket: Bucket, *, status: int, body: str) -> StorageError:
    """The error that stands for an answer of the storage about the bucket itself."""
    found = _CODE.search(body)
    if not found and status in {400, 404, 405, 410, 200}:
        return RootUnreadable(
            f"Something answers at {bucket.host}, but it is no S3 storage. Check the address of the endpoint."
        )
    message = _MESSAGE.search(body)
    return refusal_by_code(
        bucket, code=found[1] if found else str(status), message=message[1] if message else "", details=body
    )


def refusal_by_code(bucket: Bucket, *, code: str, message: str, details: str = "") -> StorageError:
    """The error that stands for a code of S3 about the bucket itself."""
    host, name = bucket.host, bucket.name
    if code in {"NoSuchBucket", "404"}:
        return RootMissing(f"There is no bucket “{name}” at {host}. Check its name and the endpoint.")
    if code == "InvalidBucketName":
        return RootMissing(f"“{name}” cannot be the name of a bucket. Check how it is written.")
    if code == "InvalidAccessKeyId":
        return RootUnreadable(f"{host} does not know this access key ID. Check it for missing characters.")
    if code == "SignatureDoesNotMatch":
        return RootUnreadable(
            f"{host} does not take the secret access key: it does not belong to the access key ID. Paste it again."
        )
    if code == "RequestTimeTooSkewed" or (
        code in {"AccessDenied", "403"} | _OTHER_REGION and _CLOCK.search(message)
    ):
        return RootUnreadable(
            f"The clocks of this machine and of {host} differ by many minutes, so that no signature is valid. Set the clock."
        )
    if code in _OTHER_REGION:
        expected = _EXPECTED_REGION.search(f"{message} {details}")
        where = f"“{expected[1] or expected[2]}”" if expected else "another one"
        return RootUnreadable(
            f"The bucket “{name}” is not in the region “{bucket.signing_region}”, but in {where}. Change the region."
        )
    if code in {"AccessDenied", "AllAccessDisabled", "AccountProblem", "403"}:
        return RootUnreadable(
            f"{host} knows the keys, but they may not list the bucket “{name}”. Give them the permissions to list the "
            "bucket and to read its objects (s3:ListBucket, s3:GetObject)."
        )
    if code in _BUSY:
        return RootUnreadable(f"{host} is too busy, or has a problem of its own ({code}). Try again later.")
    return RootUnreadable(f"{host} refuses to list the bucket “{name}” ({code}).")


def silence(bucket: Bucket, reason: str) -> StorageError:
    """The error that stands for a connection that failed; `reason` is the text of the exception behind it."""
    host, text = bucket.host, reason.lower()
    if "wrong_version_number" in text or "wrong version number" in text or "record layer failure" in text:
        said = f"{host} does not speak HTTPS. If that is meant, write the endpoint with http://."
    elif "certificate" in text:
        said = f"The certificate of {host} is not trusted, or not for this name, so nothing was sent."
    elif "ssl" in text:
        said = f"No safe connection to {host} comes about: its TLS is too old or broken."
    elif "name resolution" in text or "name or service" in text or "getaddrinfo" in text or "resolve" in text:
        said = f"There is no machine of the name {host}. Check the endpoint for misspelling."
    elif "timed out" in text or "timeout" in text:
        said = f"{host} does not answer in time. Is it up, and does the network let Layershelf reach it?"
    elif "refused" in text:
        said = f"Nothing answers at {host}. Is the storage running, and is the port right?"
    else:
        said = f"The connection to {host} broke off. Try again."
    return RootUnreadable(said)


def unreadable(shown: str, code: str) -> FileUnreadable:
    """The error that stands for a refusal to give one file."""
    if code in {"403", "AccessDenied"}:
        return FileUnreadable(f"The keys of this library may not read “{shown}”.")
    return FileUnreadable(f"“{shown}” cannot be read now: its storage answers with {code}. Try again later.")
