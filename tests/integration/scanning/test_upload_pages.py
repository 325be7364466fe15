"""The upload page: without script, with nothing to upload into, for those who may not, and for what is wrong with a form."""

import shutil
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertNumQueries

from libraries.models import Library
from scanning.models import Upload, UploadBatch
from tests.integration.scanning.shelf import Shelf
from tests.integration.scanning.uploading import CONTENT, Sender


@pytest.fixture(autouse=True)
def staging(settings: Settings, tmp_path: Path) -> Path:
    settings.UPLOADS_DIR = tmp_path / "staging"
    return tmp_path / "staging"


@pytest.fixture
def library(shelf: Shelf) -> Library:
    Library.objects.filter(pk=shelf.library.pk).update(is_read_only=False)
    return shelf.library


def named(content: bytes, name: str) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def test_a_plain_form_uploads_without_script(
    as_alice: Client, library: Library, shelf: Shelf, staging: Path
) -> None:
    sender = Sender(as_alice, shelf)
    files = [named(CONTENT, "head.stl"), named(CONTENT * 2000, "large.stl")]

    response: Any = as_alice.post(
        "/uploads/", {"library": library.pk, "name": "Dragon", "tags": "toy", "files": files}
    )
    sender.work()
    page = as_alice.get(response.url).content.decode()

    assert sender.tree() == {"Dragon/head.stl": CONTENT, "Dragon/large.stl": CONTENT * 2000}
    assert (shelf.root / "Dragon/large.stl").stat().st_mode & 0o444 != 0o400
    assert "Added as Dragon/head.stl" in page
    assert f'href="/models/{sender.model("Dragon").pk}/dragon/"' in page
    assert sender.staged(staging) == []


def test_a_refused_file_keeps_what_was_typed_and_nothing_else(
    as_alice: Client, library: Library, staging: Path
) -> None:
    files = [named(CONTENT, "fine.stl"), named(CONTENT, "aux.stl")]

    response = as_alice.post("/uploads/", {"library": library.pk, "creator": "Cinderwing", "files": files})

    page = response.content.decode()
    assert "keeps for a device" in page
    assert 'value="Cinderwing"' in page
    assert not UploadBatch.objects.exists()
    assert list(staging.iterdir()) == []


def test_a_full_disk_is_a_sentence_in_the_form(
    as_alice: Client, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))

    response = as_alice.post("/uploads/", {"library": library.pk, "files": named(CONTENT, "head.stl")})

    assert response.status_code == 200
    assert "has no room left. Free some space" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose at least one file."),
        ({"folder": "../elsewhere"}, "leads out of the folder"),
        ({"folder": ".hidden"}, "is left out"),
        ({"name": ".."}, "leads out of the folder"),
        ({"tags": "x" * 101}, "A tag has at most 100 characters"),
        ({"library": "0"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_in_it(
    as_alice: Client, library: Library, fields: dict[str, str], sentence: str
) -> None:
    begin = {"begin": "1"} if fields else {}

    response = as_alice.post("/uploads/", {"library": library.pk, **begin, **fields})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not UploadBatch.objects.exists()


def test_without_a_library_that_takes_files_the_page_says_what_to_do(as_alice: Client, shelf: Shelf) -> None:
    page = as_alice.get("/uploads/").content.decode()

    assert "No library takes files yet" in page
    assert as_alice.post("/uploads/", {"library": shelf.library.pk, "begin": "1"}).status_code == 200
    assert not UploadBatch.objects.exists()


def test_the_owner_lets_a_library_take_files(as_alice: Client, shelf: Shelf) -> None:
    address = f"/libraries/{shelf.library.pk}/"
    form = {"name": "Minis", "grouping": "folders", "scan_interval_minutes": "60"}

    as_alice.post(address, {**form, "takes_files": "on"})
    shelf.library.refresh_from_db()
    is_writable = not shelf.library.is_read_only
    as_alice.post(address, form)
    shelf.library.refresh_from_db()

    assert is_writable
    assert shelf.library.is_read_only


def test_unfinished_uploads_are_offered_again_and_can_be_discarded(
    as_alice: Client, library: Library, shelf: Shelf, staging: Path
) -> None:
    sender = Sender(as_alice, shelf)
    sender.announce("head.stl", 10)
    assert sender.batch is not None
    address = f"/uploads/{sender.batch.pk}/"

    assert f'href="{address}"' in as_alice.get("/uploads/").content.decode()
    assert "0 B of 10 B arrived" in as_alice.get(address).content.decode()
    as_alice.post(f"{address}give-up/")

    assert not UploadBatch.objects.exists()
    assert list(staging.iterdir()) == []


def test_an_answer_that_comes_too_late_is_a_sentence(
    as_alice: Client, library: Library, shelf: Shelf
) -> None:
    upload = Sender(as_alice, shelf).send("head.stl")

    for choice in ("keep", "skip", "retry", "", "nonsense"):
        response = as_alice.post(f"/uploads/files/{upload.pk}/", {"choice": choice})
        assert response.status_code == 409
        assert "does not wait for an answer" in response.content.decode()
    assert as_alice.post(f"/uploads/{upload.batch_id}/answer/", {"choice": "x"}).status_code == 409


def test_the_queries_of_the_list_do_not_grow_with_its_files(
    as_alice: Client, library: Library, shelf: Shelf
) -> None:
    sender = Sender(as_alice, shelf)
    for number in range(12):
        sender.send(f"{number}.stl", b"%d" % number)
    assert sender.batch is not None
    sender.batch.uploads.update(state=Upload.State.ADDED, placed_paths=["x.stl"])

    with assertNumQueries(7):  # session, person, batch, counts, files, those that are added, their models
        as_alice.get(f"/uploads/{sender.batch.pk}/files/")


def test_viewers_are_told_so_and_others_uploads_are_not_found(
    as_alice: Client, as_bob: Client, as_charlie: Client, library: Library, shelf: Shelf
) -> None:
    upload = Sender(as_alice, shelf).send("head.stl")
    pages = ["/uploads/", f"/uploads/{upload.batch_id}/", f"/uploads/{upload.batch_id}/files/"]
    actions = [
        f"/uploads/files/{upload.pk}/",
        f"/uploads/{upload.batch_id}/answer/",
        f"/uploads/{upload.batch_id}/give-up/",
    ]

    for client, status in ((as_bob, 403), (as_charlie, 403), (Client(), 302)):
        assert [client.get(address).status_code for address in pages] == [status] * 3
        assert [client.post(address).status_code for address in actions] == [status] * 3
    assert Upload.objects.filter(pk=upload.pk).exists()
