"""Files in buckets: downloaded straight from there or through us, and measured by way of the data folder."""

from http.client import HTTPResponse
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from pytest_django import Settings

from config.accounts.models import User
from libraries.connecting import add_bucket_library
from libraries.models import Library
from libraries.storage.s3.address import Bucket
from models3d import working_off
from models3d.models import ModelFile
from scanning.runner import request_scan, run_scan
from tests.s3 import delete, write
from tests.unit.libraries.archive_files import zip_bytes
from tests.unit.models3d.solids import binary_stl, cube

pytestmark = pytest.mark.django_db(transaction=True)

BOX = binary_stl(cube(1.0) * (10, 20, 30))
OTHER_BOX = binary_stl(cube(2.0) * (10, 20, 30))


@pytest.fixture
def library(bucket: Bucket, bob: User, tmp_path: Path, settings: Settings) -> Library:
    """A library of two loose boxes and a packed one that only alice and bob may see."""
    settings.PREVIEWS_DIR, settings.UNPACKING_DIR = tmp_path / "previews", tmp_path / "unpacking"
    write(bucket, **{"Box/Größe 1.stl": BOX, "Box/other.stl": OTHER_BOX})
    write(bucket, **{"pack.zip": zip_bytes({"inside.stl": BOX})})
    library = add_bucket_library(bucket, name="Minis", is_restricted=True)
    library.members.add(bob)
    assert run_scan(request_scan(library).pk)
    return library


def _address(path: str) -> str:
    return f"/files/{ModelFile.objects.get(relative_path=path).pk}/"


def _opened(url: str, **headers: str) -> HTTPResponse:
    answer: HTTPResponse = urlopen(Request(url, headers=headers))
    return answer


def test_downloads_are_sent_to_the_bucket_where_ranges_work(library: Library, as_bob: Client) -> None:
    response = as_bob.get(_address("Box/Größe 1.stl"))

    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    with _opened(response["Location"]) as answer:
        assert answer.read() == BOX
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr%C3%B6")
    with _opened(response["Location"], Range="bytes=10-19") as answer:
        assert (answer.status, answer.read()) == (206, BOX[10:20])


def test_strangers_get_no_address(library: Library, as_charlie: Client) -> None:
    assert as_charlie.get(_address("Box/Größe 1.stl")).status_code == 404


@pytest.mark.parametrize("way", ["owner says so", "script asks", "file in an archive"])
def test_what_browsers_cannot_fetch_from_the_bucket_comes_through_us(
    library: Library, as_bob: Client, way: str
) -> None:
    path = "pack.zip//inside.stl" if way == "file in an archive" else "Box/Größe 1.stl"
    headers = {"Sec-Fetch-Mode": "cors"} if way == "script asks" else {}
    if way == "owner says so":
        Library.objects.update(is_reachable_by_browsers=False)

    whole = as_bob.get(_address(path), headers=headers)
    part = as_bob.get(_address(path), headers={**headers, "Range": "bytes=10-19"})

    assert (whole.status_code, b"".join(whole)) == (200, BOX)
    assert (part.status_code, b"".join(part)) == (206, BOX[10:20])


def test_a_whole_model_comes_as_a_zip(library: Library, as_bob: Client) -> None:
    model_id = ModelFile.objects.get(relative_path="Box/other.stl").model_id

    response = as_bob.get(f"/models/{model_id}/download/")

    content = b"".join(response)
    assert response.status_code == 200
    assert BOX in content
    assert OTHER_BOX in content


def test_an_object_that_is_gone_is_told_on_a_page(library: Library, bucket: Bucket, as_bob: Client) -> None:
    delete(bucket, "Box/other.stl")

    response = as_bob.get(_address("Box/other.stl"))

    assert response.status_code == 404
    assert "is not there any more. Scan the library" in response.content.decode()


def test_a_storage_that_is_down_is_told_on_a_page(library: Library, as_bob: Client) -> None:
    Library.objects.update(endpoint_url="http://127.0.0.1:1")

    response = as_bob.get(_address("Box/other.stl"))

    assert response.status_code == 404
    assert "Nothing answers at 127.0.0.1:1" in response.content.decode()


def test_objects_are_hashed_measured_and_pictured_and_nothing_is_left(
    library: Library, settings: Settings
) -> None:
    settings.MAX_FETCHED_BYTES = len(BOX)

    working_off.work_off(library_ids=[library.pk], threads=1)

    loose = ModelFile.objects.get(relative_path="Box/Größe 1.stl")
    inside = ModelFile.objects.get(relative_path="pack.zip//inside.stl")
    assert (loose.analysis_state, loose.size_x_mm, loose.triangle_count) == ("done", 10, 12)
    assert inside.sha256 == loose.sha256
    assert list(Path(settings.UNPACKING_DIR).iterdir()) == []


def test_what_is_too_large_for_the_space_says_so(library: Library, settings: Settings) -> None:
    settings.MAX_FETCHED_BYTES = len(BOX) - 1

    working_off.work_off(library_ids=[library.pk], threads=1)

    other = ModelFile.objects.get(relative_path="Box/other.stl")
    assert (other.analysis_state, other.analysis_error_code) == ("failed", "too_large_to_unpack")
    assert "lies in a bucket" in other.analysis_error
    assert len(other.sha256) == 64
