"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read and checked. Pure.

Spoken here: the core, and its extensions creation, termination, checksum and expiration.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination,checksum,expiration"
CONTENT_TYPE: Final = "application/offset+octet-stream"
CHECKSUMS: Final[dict[str, Callable[[], Any]]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
CHECKSUM_MISMATCH: Final = 460
_LONGEST_NUMBER: Final = 18


class TusError(Exception):
    """The request cannot be followed: an HTTP status, and a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Creation:
    """A file that is announced: its length in bytes, and what is told of it (name and so on)."""

    length: int
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of a file: where it begins; its digest if it was sent, of an algorithm among CHECKSUMS."""

    offset: int
    algorithm: str = ""
    digest: bytes = b""


def check_version(headers: Mapping[str, str]) -> None:
    """Raise TusError unless the other side speaks this version."""
    if headers.get("Tus-Resumable") != VERSION:
        raise TusError(412, f"Uploads speak version {VERSION} of tus.")


def read_creation(headers: Mapping[str, str]) -> Creation:
    """Return what a POST announces; raises TusError."""
    if "Upload-Defer-Length" in headers:
        raise TusError(400, "The length of the file must be known.")
    return Creation(_number(headers, "Upload-Length"), read_metadata(headers.get("Upload-Metadata", "")))


def read_patch(headers: Mapping[str, str]) -> Patch:
    """Return where a piece belongs and its digest; raises TusError."""
    if headers.get("Content-Type", "").partition(";")[0].strip() != CONTENT_TYPE:
        raise TusError(415, f"A piece of a file comes as {CONTENT_TYPE}.")
    offset = _number(headers, "Upload-Offset")
    checksum = headers.get("Upload-Checksum", "")
    if not checksum:
        return Patch(offset)
    algorithm, _, text = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise TusError(400, f"The checksum is one of {', '.join(CHECKSUMS)}.")
    return Patch(offset, algorithm, _decoded(text.strip()))


def read_metadata(header: str) -> dict[str, str]:
    """Return the pairs of an Upload-Metadata header; raises TusError.

    >>> read_metadata("filename ZHJhZ29uLnN0bA==,is_urgent")
    {'filename': 'dragon.stl', 'is_urgent': ''}
    """
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = _decoded(value.strip()).decode()
        except UnicodeDecodeError as error:
            raise TusError(400, f"“{key}” of the file is not UTF-8.") from error
    return found


def _number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise TusError(400, f"{name} is a number of bytes.")
    return int(text)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise TusError(400, "What is told of the file is not in Base64.") from error
