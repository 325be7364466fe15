"""One file as a download: which bytes are asked for, and the answer that streams them without ever holding the file."""

import mimetypes
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.http import content_disposition_header, http_date

from config.lib.streams import Stream
from config.lib.template_tags import display_path
from libraries.storage import FileStat, LibraryStorage, storage_for
from models3d.models import ModelFile

# What is smaller fits into the buffers of the connection: the thread is free again at once, however slow the other end is.
_SMALL_BYTES: Final = 1 << 20
# For how long the address of a file in a bucket can be opened; a download that has begun goes on.
_ELSEWHERE_SECONDS: Final = 300
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class RangeNotSatisfiable(ValueError):
    """The bytes asked for begin behind the end of the file."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Consecutive bytes of a file."""

    start: int
    length: int


def requested_range(header: str, *, size_bytes: int) -> ByteRange | None:
    """The bytes that a Range header asks for; None where the whole file is to be sent.

    Several ranges, other units and nonsense are answered with the whole file, as RFC 9110 allows.

    >>> requested_range("bytes=2-", size_bytes=10), requested_range("bytes=-3", size_bytes=10)
    (ByteRange(start=2, length=8), ByteRange(start=7, length=3))
    >>> requested_range("bytes=0-1,4-5", size_bytes=10) is None
    True
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size_bytes)
        if not length:
            raise RangeNotSatisfiable
        return ByteRange(size_bytes - length, length)
    start = int(found[1])
    end = min(int(found[2]), size_bytes - 1) if found[2] else size_bytes - 1
    if found[2] and int(found[2]) < start:
        return None
    if start >= size_bytes:
        raise RangeNotSatisfiable
    return ByteRange(start, end - start + 1)


def download_response(request: HttpRequest, file: ModelFile) -> HttpResponseBase:
    """The file, the part of it that is asked for, its address in a bucket, or word that the browser has it already.

    Raises libraries.storage.StorageError where the file cannot be read, and config.lib.streams.TooManyStreams.
    """
    storage = storage_for(file.library)
    found = storage.stat(file.relative_path)
    etag, modified = _etag(file, found), http_date(found.mtime_ns / 1e9)
    if _is_known(request, etag, modified):
        return _labelled(HttpResponse(status=HTTPStatus.NOT_MODIFIED), etag, modified)
    if url := _address_elsewhere(request, storage, file):
        response: HttpResponseBase = HttpResponseRedirect(url)
        response["Cache-Control"] = "private, no-store"
        return response
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) not in {etag, modified}:
        asked = ""
    try:
        part = requested_range(asked, size_bytes=found.size_bytes)
    except RangeNotSatisfiable:
        refusal = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        refusal["Content-Range"] = f"bytes */{found.size_bytes}"
        return _labelled(refusal, etag, modified)
    sent = part or ByteRange(0, found.size_bytes)
    response = HttpResponse()
    if request.method != "HEAD":
        content = storage.open_range(file.relative_path, start=sent.start, length=sent.length)
        response = StreamingHttpResponse(content if sent.length <= _SMALL_BYTES else Stream(content))
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {part.start}-{part.start + part.length - 1}/{found.size_bytes}"
    name = _name(file)
    response["Content-Length"] = str(sent.length)
    response["Content-Type"] = _content_type(name)
    # Always saved, never shown: a page or drawing from a library would run with the rights of the person looking.
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return _labelled(response, etag, modified)


def _address_elsewhere(request: HttpRequest, storage: LibraryStorage, file: ModelFile) -> str | None:
    """Where a browser gets the file from its bucket itself; scripts and pictures of our pages may not go there."""
    if request.method != "GET" or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return None
    name = _name(file)
    return storage.download_url(
        file.relative_path,
        now=timezone.now(),
        seconds=_ELSEWHERE_SECONDS,
        name=name,
        content_type=_content_type(name),
    )


def _name(file: ModelFile) -> str:
    return display_path(file.relative_path.rpartition("/")[2])


def _content_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _labelled(response: HttpResponseBase, etag: str, modified: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Last-Modified"] = modified
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    return response


def _etag(file: ModelFile, found: FileStat) -> str:
    """The content's hash, while the disk still has what was hashed; else what the disk says."""
    is_as_hashed = (found.size_bytes, found.mtime_ns) == (file.size_bytes, file.mtime_ns)
    return (
        f'"{file.sha256}"' if file.sha256 and is_as_hashed else f'"{found.size_bytes:x}-{found.mtime_ns:x}"'
    )


def _is_known(request: HttpRequest, etag: str, modified: str) -> bool:
    """Whether the browser has the file; the time only counts where it names no content, as RFC 9110 has it."""
    known = request.headers.get("If-None-Match")
    if known is None:
        return request.headers.get("If-Modified-Since") == modified
    return bool({etag, "*"} & _tags(known))


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
