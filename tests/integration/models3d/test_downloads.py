"""Downloads: whole files and parts of them, names of every kind, files that are gone, and who may have them."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client

from libraries.models import Library
from libraries.paths import row_path
from models3d.models import ModelFile
from models3d.previews import LIGHT_MESH, PICTURE, preview_path
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)


def stored(folder: Path, name: str = "part.stl", *, library: Library | None = None) -> ModelFile:
    """A file of CONTENT on the disk with its row, as a scan and the analysis leave it."""
    path = folder / name
    path.write_bytes(CONTENT)
    library = library or LibraryFactory(path=str(folder))
    return ModelFileFactory(
        model=Model3DFactory(library=library),
        relative_path=row_path(name),
        size_bytes=SIZE,
        mtime_ns=path.stat().st_mtime_ns,
        sha256="ab" * 32,
    )


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(cast("Iterator[bytes]", response.streaming_content))
    assert isinstance(response, HttpResponse)
    return response.content


def test_a_file_comes_whole_with_its_name_and_never_opens_in_the_browser(
    as_alice: Client, tmp_path: Path
) -> None:
    response = as_alice.get(f"/files/{stored(tmp_path, 'page.html').pk}/")

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{"ab" * 32}"'


def test_head_tells_the_size_and_sends_nothing(as_alice: Client, tmp_path: Path) -> None:
    response = as_alice.head(f"/files/{stored(tmp_path).pk}/")

    assert response["Content-Length"] == str(SIZE)
    assert body(response) == b""


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 0),
        ("bytes=0-99", 206, 0, 99),
        ("bytes=100-", 206, 100, SIZE - 1),
        (f"bytes={SIZE - 1}-", 206, SIZE - 1, SIZE - 1),
        ("bytes=-10", 206, SIZE - 10, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 206, 0, SIZE - 1),
        (f"bytes=5-{SIZE * 2}", 206, 5, SIZE - 1),
        ("bytes=9-5", 200, 0, SIZE - 1),
        ("bytes=-", 200, 0, SIZE - 1),
        ("bytes=0-1,5-6", 200, 0, SIZE - 1),
        ("lines=0-1", 200, 0, SIZE - 1),
        ("bytes=a-b", 200, 0, SIZE - 1),
        ("bytes=" + "9" * 40 + "-", 200, 0, SIZE - 1),
    ],
)
def test_ranges(as_alice: Client, tmp_path: Path, asked: str, status: int, start: int, end: int) -> None:
    response = as_alice.get(f"/files/{stored(tmp_path).pk}/", HTTP_RANGE=asked)

    assert response.status_code == status
    assert body(response) == CONTENT[start : end + 1]
    assert response["Content-Length"] == str(end - start + 1)
    assert response.get("Content-Range") == (f"bytes {start}-{end}/{SIZE}" if status == 206 else None)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(
    as_alice: Client, tmp_path: Path, asked: str
) -> None:
    response = as_alice.get(f"/files/{stored(tmp_path).pk}/", HTTP_RANGE=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"


def test_a_part_is_only_sent_of_the_content_it_belongs_to(as_alice: Client, tmp_path: Path) -> None:
    address = f"/files/{stored(tmp_path).pk}/"
    first = as_alice.get(address)
    body(first)

    for known in (first["ETag"], first["Last-Modified"]):
        same = as_alice.get(address, HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=known)
        assert (same.status_code, body(same)) == (206, CONTENT[:10])
    other = as_alice.get(address, HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"another"')
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_what_the_browser_has_is_not_sent_again(as_alice: Client, tmp_path: Path) -> None:
    address = f"/files/{stored(tmp_path).pk}/"
    modified = as_alice.head(address)["Last-Modified"]

    for known in (
        {"If-None-Match": f'W/"x", "{"ab" * 32}"'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
    ):
        response = as_alice.get(address, headers=known)
        assert (response.status_code, response.content) == (304, b"")
    other = as_alice.get(address, headers={"If-None-Match": '"x"', "If-Modified-Since": modified})
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_a_file_changed_since_the_scan_does_not_pass_for_the_old_one(
    as_alice: Client, tmp_path: Path
) -> None:
    file = stored(tmp_path)
    (tmp_path / "part.stl").write_bytes(b"new content")

    response = as_alice.get(f"/files/{file.pk}/", HTTP_IF_NONE_MATCH=f'"{file.sha256}"')

    assert (response.status_code, body(response)) == (200, b"new content")
    assert response["ETag"] != f'"{file.sha256}"'


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a b.stl", 'attachment; filename="a b.stl"'),
        ('say "hi".stl', 'attachment; filename="say \\"hi\\".stl"'),
        ("Größe.stl", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.stl"),
        ("🐉.stl", "attachment; filename*=utf-8''%F0%9F%90%89.stl"),
        ("two\nlines\r.stl", 'attachment; filename="two\\\\x0alines\\\\x0d.stl"'),
        ("caf\udce9.stl", 'attachment; filename="caf\\\\xe9.stl"'),
    ],
)
def test_every_name_can_be_downloaded(as_alice: Client, tmp_path: Path, name: str, disposition: str) -> None:
    response = as_alice.get(f"/files/{stored(tmp_path, name).pk}/")

    assert body(response) == CONTENT
    assert response["Content-Disposition"] == disposition


def test_an_empty_file_is_a_file(as_alice: Client, tmp_path: Path) -> None:
    file = stored(tmp_path)
    (tmp_path / "part.stl").write_bytes(b"")

    assert as_alice.get(f"/files/{file.pk}/")["Content-Length"] == "0"
    assert as_alice.get(f"/files/{file.pk}/", HTTP_RANGE="bytes=0-").status_code == 416


def test_a_vanished_file_is_told_in_a_sentence(as_alice: Client, tmp_path: Path) -> None:
    file = stored(tmp_path)
    (tmp_path / "part.stl").unlink()

    response = as_alice.get(f"/files/{file.pk}/")

    assert response.status_code == 404
    assert "“part.stl” is not there any more." in response.content.decode()


def test_a_link_put_in_place_of_a_file_leads_nowhere(as_alice: Client, tmp_path: Path) -> None:
    file = stored(tmp_path)
    (tmp_path / "part.stl").unlink()
    (tmp_path / "part.stl").symlink_to("/etc/passwd")

    assert as_alice.get(f"/files/{file.pk}/").status_code == 404


def test_a_stranger_gets_neither_file_nor_picture(
    as_charlie: Client, as_bob: Client, shared_library: Library, tmp_path: Path
) -> None:
    shared_library.path = str(tmp_path)
    shared_library.save(update_fields=["path"])
    file = stored(tmp_path, library=shared_library)
    picture = preview_path(file.sha256, PICTURE)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"RIFF")
    addresses = [f"/files/{file.pk}/", f"/previews/{file.sha256}/{PICTURE}"]

    assert [as_charlie.get(address).status_code for address in addresses] == [404, 404]
    assert [as_bob.get(address).status_code for address in addresses] == [200, 200]
    assert [Client().get(address).status_code for address in addresses] == [302, 302]


def test_a_picture_is_kept_by_browsers_and_not_by_proxies(as_alice: Client) -> None:
    sha256 = "cd" * 32
    ModelFileFactory(sha256=sha256)
    for name in (PICTURE, LIGHT_MESH):
        path = preview_path(sha256, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")

    picture = as_alice.get(f"/previews/{sha256}/{PICTURE}")
    mesh = as_alice.get(f"/previews/{sha256}/{LIGHT_MESH}")

    assert (picture["Content-Type"], mesh["Content-Type"]) == ("image/webp", "model/gltf-binary")
    assert picture["Cache-Control"] == "private, max-age=31536000, immutable"
    assert body(picture) == b"content"


@pytest.mark.parametrize(
    "address",
    [
        "/files/0/",
        "/files/9223372036854775808/",
        "/files/99999999999999999999999/",
        f"/previews/{'cd' * 32}/small.webp",
        f"/previews/{'ef' * 32}/picture.webp",
        f"/previews/{'CD' * 32}/picture.webp",
        "/previews/cd/picture.webp",
        f"/previews/{'cd' * 32}/../../../../etc/passwd",
        f"/previews/{'cd' * 32}/..%2f..%2fsecret_key",
        "/previews/..%2f..%2f..%2f/picture.webp",
    ],
)
def test_what_is_not_there_is_not_found(as_alice: Client, address: str) -> None:
    ModelFileFactory(sha256="cd" * 32)

    assert as_alice.get(address).status_code == 404
