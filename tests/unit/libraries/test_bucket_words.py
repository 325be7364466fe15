"""What is said of storages that refuse, break off, or are something else; answers are canned by a server of a few lines."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from libraries.storage import BucketStorage, FileUnreadable, RootMissing, RootUnreadable
from libraries.storage.errors import StorageError
from libraries.storage.s3 import reading
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.words import refusal

# status, body
Answer = tuple[int, str]


def _error(code: str, message: str = "", more: str = "") -> str:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>"


@contextmanager
def _answering(*answers: Answer, certificate: Path | None = None) -> Iterator[BucketStorage]:
    """A bucket at a server that gives these answers, the last of them over and over."""
    waiting = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Tests are silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    scheme = "https" if certificate else "http"
    try:
        yield _storage(f"{scheme}://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def _storage(endpoint_url: str) -> BucketStorage:
    bucket = Bucket(
        "minis",
        endpoint_url=endpoint_url,
        region="us-east-1",
        uses_path_style=True,
        access_key_id="key",
        secret_access_key="secret",
    )
    return BucketStorage(lambda: bucket)


def _said_of(*answers: Answer) -> str:
    with _answering(*answers) as storage, pytest.raises(StorageError) as raised:
        storage.check_root()
    return str(raised.value)


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            400,
            _error(
                "AuthorizationHeaderMalformed",
                "The region 'us-east-1' is wrong; expecting 'eu-central-1'",
                "<Region>eu-central-1</Region>",
            ),
            "is not in the region “us-east-1”, but in “eu-central-1”. Change the region.",
        ),
        (301, _error("PermanentRedirect", "Use another endpoint."), "but in another one. Change the region."),
        (403, _error("RequestTimeTooSkewed"), "The clocks of this machine"),
        (403, _error("AccessDenied", "Request has expired"), "The clocks of this machine"),
        (403, _error("AccessDenied", "Access Denied"), "may not list the bucket “minis”"),
        (404, _error("NoSuchBucket"), "There is no bucket “minis”"),
        (400, _error("InvalidBucketName"), "cannot be the name of a bucket"),
        (503, _error("SlowDown"), "is too busy, or has a problem of its own (SlowDown). Try again later."),
        (418, _error("Teapot"), "refuses to list the bucket “minis” (Teapot)."),
        (200, "<html>A router</html>", "but it is no S3 storage"),
        (404, "nothing here", "but it is no S3 storage"),
    ],
)
def test_refusals_are_told_in_plain_words(status: int, body: str, sentence: str) -> None:
    assert sentence in _said_of((status, body))


def test_a_redirect_is_not_followed() -> None:
    bucket = Bucket("minis", endpoint_url="http://nas")

    assert isinstance(refusal(bucket, status=307, body=""), RootUnreadable)


def test_a_hiccup_is_tried_again() -> None:
    with _answering((503, _error("SlowDown")), (200, "<ListBucketResult></ListBucketResult>")) as storage:
        storage.check_root()


def test_a_listing_that_breaks_off_is_told_and_does_not_end_quietly() -> None:
    page = (
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
        "<Contents><Key>a.stl</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
        "</ListBucketResult>"
    )

    with _answering((200, page), (404, _error("NoSuchBucket"))) as storage, pytest.raises(RootMissing):
        list(storage.iter_files())


def test_a_storage_that_does_not_answer_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READ_SECONDS", 0.2)
    reading._pool.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = _storage(f"http://127.0.0.1:{silent.getsockname()[1]}")

        with pytest.raises(RootUnreadable, match="does not answer in time"):
            storage.check_root()
        with pytest.raises(FileUnreadable, match="does not answer in time"):
            storage.stat("a.stl")
    reading._pool.cache_clear()


def test_a_certificate_of_nobody_is_not_trusted(tmp_path: Path) -> None:
    with (
        _answering((200, ""), certificate=_self_signed(tmp_path)) as storage,
        pytest.raises(RootUnreadable, match=r"certificate of 127\.0\.0\.1:[0-9]+ is not trusted"),
    ):
        storage.check_root()


def _self_signed(folder: Path) -> Path:
    """A file with a key and a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file
