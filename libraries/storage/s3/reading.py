"""Reading a bucket by plain HTTP: every request goes to a signed address, as a browser's would."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from libraries.storage.errors import FileGone, FileUnreadable, StorageError
from libraries.storage.place import FileStat
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.signing import signed_url
from libraries.storage.s3.words import refusal, silence, unreadable

if TYPE_CHECKING:
    import urllib3

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 30.0
_SIGNED_SECONDS: Final = 300
_CHUNK_BYTES: Final = 256 * 1024
_LONGEST_REFUSAL: Final = 10_000
# A reader that goes on where it was gets more with each request; one that jumps about gets little.
_FIRST_BYTES: Final = 64 * 1024
_MOST_BYTES: Final = 16 << 20


class ObjectReader:
    """Reads the objects of one bucket, by their keys. `shown` is what a file is called in sentences."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def probe(self) -> None:
        """Ask for the first key; raise RootMissing or RootUnreadable if the bucket cannot be listed."""
        query = {"list-type": "2", "max-keys": "1", "prefix": self.bucket.prefix}
        try:
            with self._ask("GET", "", query=query) as answer:
                body = answer.read(_LONGEST_REFUSAL).decode("utf-8", "replace")
        except _http_errors() as error:
            raise silence(self.bucket, str(error)) from error
        if answer.status != HTTPStatus.OK or "<ListBucketResult" not in body:
            raise refusal(self.bucket, status=answer.status, body=body)

    def stat(self, key: str, *, shown: str) -> FileStat:
        """Size, time of change and etag of an object; raise FileGone or FileUnreadable."""
        with self._answer("HEAD", key, shown=shown) as answer:
            return _stat_of(answer.headers)

    def get(
        self, key: str, *, shown: str, start: int = 0, length: int | None = None, etag: str = ""
    ) -> Iterator[bytes]:
        """Yield the bytes from `start`; raise FileGone or FileUnreadable, at once as well as later.

        With `etag`, raise FileUnreadable if the object is another one by now.
        """
        if length == 0:
            return iter(())
        headers = {"If-Match": f'"{etag}"'} if etag else {}
        if start or length is not None:
            headers["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        answer = self._answer("GET", key, shown=shown, headers=headers)
        # Behind the end there is nothing, as in files.
        return (
            iter(())
            if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            else self._chunks(answer, shown)
        )

    def _chunks(self, answer: "urllib3.BaseHTTPResponse", shown: str) -> Iterator[bytes]:
        with answer:
            try:
                yield from answer.stream(_CHUNK_BYTES, decode_content=False)
            except _http_errors() as error:
                raise self._broken(shown, error) from error

    def _answer(
        self, method: str, key: str, *, shown: str, headers: Mapping[str, str] | None = None
    ) -> "urllib3.BaseHTTPResponse":
        try:
            answer = self._ask(method, key, headers=headers)
        except _http_errors() as error:
            raise self._broken(shown, error) from error
        if answer.status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            return answer
        answer.drain_conn()
        answer.release_conn()
        if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return answer
        if answer.status == HTTPStatus.NOT_FOUND:
            raise FileGone(f"“{shown}” is not there any more. Scan the library to bring it up to date.")
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            raise FileUnreadable(f"“{shown}” was replaced while it was read. Try again.")
        raise unreadable(shown, str(answer.status))

    def _ask(
        self,
        method: str,
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "urllib3.BaseHTTPResponse":
        now = datetime.now(UTC)
        url = signed_url(self.bucket, key, method=method, now=now, seconds=_SIGNED_SECONDS, query=query)
        return _pool().request(
            method, url, headers={"Accept-Encoding": "identity", **(headers or {})}, preload_content=False
        )

    def _broken(self, shown: str, error: Exception) -> StorageError:
        return FileUnreadable(f"“{shown}” cannot be read now. {silence(self.bucket, str(error))}")


class RangedFile(io.RawIOBase):
    """An object as a file that can seek; only what is read is fetched, by requests that grow while reading goes on."""

    def __init__(self, reader: ObjectReader, key: str, found: FileStat, *, shown: str) -> None:
        self._reader, self._key, self._found, self._shown = reader, key, found, shown
        self._position = 0
        self._window_bytes = _FIRST_BYTES
        self._chunks: Iterator[bytes] = iter(())
        self._rest = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._found.size_bytes}[whence]
        if (target := max(0, start + offset)) != self._position:
            self._give_up_window()
            self._position = target
            self._window_bytes = _FIRST_BYTES
        return target

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._found.size_bytes or not len(buffer):
            return 0
        self._rest = self._rest or next(self._chunks, b"") or self._next_window()
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        self._give_up_window()
        super().close()

    def _next_window(self) -> bytes:
        length = min(self._window_bytes, self._found.size_bytes - self._position)
        self._window_bytes = min(self._window_bytes * 4, _MOST_BYTES)
        self._chunks = self._reader.get(
            self._key, shown=self._shown, start=self._position, length=length, etag=self._found.etag
        )
        if not (first := next(self._chunks, b"")):
            raise FileUnreadable(f"“{self._shown}” broke off while it was read. Try again.")
        return first

    def _give_up_window(self) -> None:
        self._chunks, self._rest = iter(()), b""


def _stat_of(headers: Mapping[str, str]) -> FileStat:
    modified = parsedate_to_datetime(headers["Last-Modified"])
    return FileStat(
        int(headers["Content-Length"]), int(modified.timestamp()) * 10**9, plain_etag(headers.get("ETag", ""))
    )


def plain_etag(etag: str) -> str:
    """An etag without its quotes.

    >>> plain_etag('"d41d8cd98f00b204e9800998ecf8427e"')
    'd41d8cd98f00b204e9800998ecf8427e'
    """
    return etag.removeprefix("W/").strip('"')


@cache
def _pool() -> "urllib3.PoolManager":
    import ssl

    import urllib3

    return urllib3.PoolManager(
        maxsize=16,
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        # Redirects are not followed: they would lead where nobody entered an address.
        retries=urllib3.Retry(
            total=2, connect=1, read=1, redirect=False, status_forcelist=(500, 502, 503, 504),
            backoff_factor=0.3, raise_on_status=False, raise_on_redirect=False,
        ),
        # The machine's certificates (SSL_CERT_FILE), for a storage with a certificate of its own.
        ca_certs=ssl.get_default_verify_paths().cafile,
    )  # fmt: skip


def _http_errors() -> tuple[type[Exception], ...]:
    from urllib3.exceptions import HTTPError

    return (HTTPError,)
