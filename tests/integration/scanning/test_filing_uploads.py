"""Uploaded files in their library: where they go, what is never overwritten, what models are called, kills on the way."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.lib.locks import library_lock
from libraries.models import Library
from libraries.storage import LibraryStorage
from models3d.models import Model3D, ModelFile
from scanning import filing
from scanning.models import Scan, Upload
from scanning.tasks import work_on_uploads
from tests.factories import ScanFactory
from tests.integration.scanning.shelf import Shelf
from tests.integration.scanning.uploading import CONTENT, Sender
from tests.unit.libraries.archive_files import zip_bytes

OTHER = CONTENT.replace(b"facet", b"other")

pytestmark = pytest.mark.django_db(transaction=True)  # tasks ring after commit


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.fixture(autouse=True)
def staging(settings: Settings, tmp_path: Path) -> Path:
    settings.UPLOADS_DIR = tmp_path / "staging"
    return tmp_path / "staging"


@pytest.fixture
def sender(transactional_db: None, as_alice: Client, tmp_path: Path) -> Sender:
    return Sender(as_alice, Shelf(tmp_path / "library", is_read_only=False))


def test_nothing_enters_the_library_before_it_is_asked_for(sender: Sender) -> None:
    sender.send("head.stl")
    sender.work()

    assert sender.states() == {"head.stl": "ready"}
    assert sender.tree() == {}
    assert not Scan.objects.exists()


def test_files_become_a_model_with_all_that_was_typed(sender: Sender, staging: Path) -> None:
    sender.begin()
    sender.send("head.stl")
    sender.send("STLs/tail.stl", OTHER)

    sender.submit(
        folder="Minis/2026",
        name="Forest dragon",
        creator="Cinderwing",
        tags="articulated, toy",
        collection="Fair / Toys",
        license="CC-BY-4.0",
    )
    sender.work()

    assert sender.tree() == {
        "Minis/2026/Forest dragon/head.stl": CONTENT,
        "Minis/2026/Forest dragon/STLs/tail.stl": OTHER,
    }
    assert set(sender.states().values()) == {"added"}
    assert sender.staged(staging) == []
    model = sender.model("Forest dragon")
    assert model.files.count() == 2
    assert (str(model.creator), model.license) == ("Cinderwing", "CC-BY-4.0")
    assert {tag.name for tag in model.tags.all()} == {"articulated", "toy"}
    assert [(shelf.name, str(shelf.parent)) for shelf in model.collections.all()] == [("Toys", "Fair")]
    assert set(model.edited_fields) >= {"creator", "license", "tags", "collections"}


def test_only_the_folder_that_got_files_is_scanned(sender: Sender) -> None:
    sender.shelf.write("Elsewhere/new.stl")
    sender.send("head.stl")

    sender.submit(folder="Minis", name="Dragon")
    sender.work()

    assert Scan.objects.get().folder == "Minis/Dragon"
    assert sender.shelf.models() == {"Minis/Dragon": {"Minis/Dragon/head.stl"}}


def test_folders_and_loose_files_become_models_of_their_own(sender: Sender) -> None:
    sender.begin()
    sender.send("Dragon/head.stl")
    sender.send("vase.stl", OTHER)

    sender.submit(folder="Minis")
    sender.work()

    assert sender.shelf.models() == {
        "Minis/Dragon": {"Minis/Dragon/head.stl"},
        "Minis/vase": {"Minis/vase/vase.stl"},
    }


def test_files_that_arrive_after_the_button_was_pressed_follow(sender: Sender) -> None:
    sender.begin()
    sender.send("Dragon/head.stl")
    sender.submit(creator="Cinderwing")
    sender.work()

    sender.send("Dragon/tail.stl", OTHER)
    sender.work()

    assert sender.shelf.models() == {"Dragon": {"Dragon/head.stl", "Dragon/tail.stl"}}


def test_a_name_that_exists_is_never_overwritten_and_both_can_be_kept(sender: Sender) -> None:
    sender.shelf.write("Dragon/head.stl", content=b"mine")
    upload = sender.send("Dragon/head.stl")
    sender.submit()
    sender.work()
    upload.refresh_from_db()

    assert (upload.state, upload.sentence) == ("taken", "There is a file “Dragon/head.stl” already.")
    assert sender.tree() == {"Dragon/head.stl": b"mine"}

    sender.client.post(f"/uploads/files/{upload.pk}/", {"choice": "keep"})
    sender.work()

    assert sender.tree() == {"Dragon/head.stl": b"mine", "Dragon/head (2).stl": CONTENT}
    assert sender.states() == {"Dragon/head.stl": "added"}


def test_a_name_that_exists_can_be_skipped(sender: Sender, staging: Path) -> None:
    sender.shelf.write("Dragon/head.stl", content=b"mine")
    upload = sender.send("Dragon/head.stl")
    sender.submit()
    sender.work()

    sender.client.post(f"/uploads/files/{upload.pk}/", {"choice": "skip"})

    assert sender.states() == {"Dragon/head.stl": "skipped"}
    assert sender.tree() == {"Dragon/head.stl": b"mine"}
    assert sender.staged(staging) == []


def test_two_uploads_of_one_name_at_once_are_both_kept_or_asked_about(sender: Sender) -> None:
    first = sender.send("Dragon/head.stl")
    sender.submit()
    sender.begin()
    second = sender.send("Dragon/head.stl", OTHER)
    sender.submit()

    sender.work()

    states = {Upload.objects.get(pk=upload.pk).state for upload in (first, second)}
    assert states == {"added", "taken"}
    assert sender.tree() == {"Dragon/head.stl": CONTENT}


def test_content_that_is_there_already_is_told_with_its_place(sender: Sender) -> None:
    sender.shelf.write("Old/dragon.stl", content=CONTENT)
    sender.shelf.scan()
    upload = sender.send("head.stl")
    ModelFile.objects.update(sha256=_sha256(CONTENT))

    sender.submit()
    sender.work()
    page = sender.client.get(f"/uploads/{upload.batch_id}/").content.decode()

    assert sender.states() == {"head.stl": "same"}
    assert "You have this already" in page
    assert f'href="/models/{sender.shelf.model("Old").pk}/"' in page
    assert "dragon.stl" in page
    assert "head.stl" not in sender.tree()

    sender.client.post(f"/uploads/{upload.batch_id}/answer/", {"choice": "keep"})
    sender.work()

    assert sender.tree()["head.stl"] == CONTENT


def test_content_that_was_hashed_meanwhile_is_told_before_the_file_enters(sender: Sender) -> None:
    sender.shelf.write("Old/dragon.stl", content=CONTENT)
    sender.shelf.scan()
    sender.send("head.stl")
    sender.work()
    ModelFile.objects.update(sha256=_sha256(CONTENT))

    sender.submit()
    sender.work()

    assert sender.states() == {"head.stl": "same"}
    assert "head.stl" not in sender.tree()


def test_content_in_a_library_one_may_not_see_is_not_told(sender: Sender, bob: Any, as_bob: Client) -> None:
    hidden = Shelf(sender.shelf.root.parent / "hidden", is_restricted=True)
    hidden.write("secret.stl", content=CONTENT)
    hidden.scan()
    ModelFile.objects.update(sha256=_sha256(CONTENT))
    _make_editor(bob)
    own = Sender(as_bob, sender.shelf)

    own.send("head.stl")
    own.work()

    assert own.states() == {"head.stl": "ready"}


def test_the_files_wait_for_a_scan_and_the_page_says_so(sender: Sender) -> None:
    sender.send("head.stl")
    sender.submit()
    running = ScanFactory(library=sender.shelf.library, state="running", heartbeat_at=timezone.now())
    assert sender.batch is not None

    with _locked_elsewhere(sender.shelf.library):
        work_on_uploads()
        page = sender.client.get(f"/uploads/{sender.batch.pk}/").content.decode()

    assert sender.states() == {"head.stl": "ready"}
    assert "is being scanned. The files enter it when the scan has ended." in page
    Scan.objects.filter(pk=running.pk).update(state="done")
    sender.work()
    assert sender.states() == {"head.stl": "added"}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_around_the_rename_loses_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    sender.send("Dragon/head.stl")
    sender.submit(tags="toy")
    put = LibraryStorage.put

    def put_and_die(self: LibraryStorage, path: str, source: Path) -> None:
        if moment == "after":
            put(self, path, source)
        raise Killed

    monkeypatch.setattr(LibraryStorage, "put", put_and_die)
    with pytest.raises(Killed):
        work_on_uploads()
    monkeypatch.setattr(LibraryStorage, "put", put)
    later = timezone.now() + timedelta(minutes=3)
    filing.file_waiting(clock=lambda: later)
    sender.work()

    assert sender.tree() == {"Dragon/head.stl": CONTENT}
    assert sender.states() == {"Dragon/head.stl": "added"}
    assert {tag.name for tag in sender.model("Dragon").tags.all()} == {"toy"}


def test_a_zip_is_kept_or_unpacked_as_asked(sender: Sender) -> None:
    content = zip_bytes({"orc/orc.stl": CONTENT, "elf.stl": OTHER, "__MACOSX/junk": b"x", ".hidden": b"y"})
    sender.send("March.zip", content)
    sender.submit()
    sender.work()
    assert sender.tree() == {"March.zip": content}

    sender.begin()
    sender.send("March.zip", content)
    sender.submit(folder="Unpacked", unpacks="on")
    assert sender.batch is not None
    sender.batch.uploads.update(is_wanted_twice=True)
    sender.work()

    assert {path: size for path, size in sender.tree().items() if path != "March.zip"} == {
        "Unpacked/March/March/orc/orc.stl": CONTENT,
        "Unpacked/March/March/elf.stl": OTHER,
    }
    assert sender.states() == {"March.zip": "added"}


def test_members_that_would_leave_the_archive_are_left_out_and_told(sender: Sender) -> None:
    content = zip_bytes(
        {"../../evil.stl": CONTENT, "/etc/evil.stl": CONTENT, "fine.stl": OTHER, "CON.stl": b"x"}
    )
    upload = sender.send("Pack.zip", content)
    sender.submit(unpacks="on")
    sender.work()
    upload.refresh_from_db()

    assert sender.tree() == {"Pack/fine.stl": OTHER}
    assert upload.sentence.startswith("1 file unpacked. 3 left out, such as ")
    assert not (sender.shelf.root.parent / "evil.stl").exists()


def test_a_damaged_zip_is_not_unpacked_and_can_be_removed(sender: Sender, staging: Path) -> None:
    upload = sender.send("Pack.zip", zip_bytes({"a.stl": CONTENT})[:-30])
    sender.submit(unpacks="on")
    sender.work()
    upload.refresh_from_db()

    assert upload.state == "failed"
    assert "Nothing was unpacked." in upload.sentence
    sender.client.post(f"/uploads/files/{upload.pk}/", {"choice": "remove"})
    assert sender.staged(staging) == []
    assert sender.tree() == {}


def test_an_empty_mount_point_gets_nothing(sender: Sender) -> None:
    Library.objects.filter(pk=sender.shelf.library.pk).update(root_device=1)
    upload = sender.send("head.stl")
    sender.submit()
    sender.work()
    upload.refresh_from_db()

    assert upload.state == "failed"
    assert "Another disk than at the last scan" in upload.sentence
    assert sender.tree() == {}
    Library.objects.update(root_device=None)
    sender.client.post(f"/uploads/files/{upload.pk}/", {"choice": "retry"})
    sender.work()
    assert sender.states() == {"head.stl": "added"}


def test_a_library_made_read_only_meanwhile_gets_nothing(sender: Sender) -> None:
    upload = sender.send("head.stl")
    sender.submit()
    Library.objects.update(is_read_only=True)
    sender.work()
    upload.refresh_from_db()

    assert (upload.state, "read-only meanwhile" in upload.sentence) == ("failed", True)
    assert sender.tree() == {}


def test_what_a_model_had_before_stays(sender: Sender) -> None:
    sender.shelf.write("Dragon/head.stl")
    sender.shelf.scan()
    Model3D.objects.update(name="My dragon", license="MIT")
    sender.send("Dragon/tail.stl")

    sender.submit(creator="Cinderwing", license="CC0-1.0", tags="toy")
    sender.work()

    model = sender.model("My dragon")
    assert (model.license, str(model.creator)) == ("MIT", "Cinderwing")
    assert [tag.name for tag in model.tags.all()] == ["toy"]


def test_a_file_lost_from_the_data_folder_is_told(sender: Sender, staging: Path) -> None:
    upload = sender.send("head.stl")
    (staging / upload.staged_name).unlink()
    sender.work()
    upload.refresh_from_db()

    assert upload.state == "failed"
    assert "Upload it again." in upload.sentence


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _make_editor(user: Any) -> None:
    user.user_permissions.add(Permission.objects.get(codename="change_model3d"))


@contextmanager
def _locked_elsewhere(library: Library) -> Iterator[None]:
    """Hold the lock of a library as another process does: on a connection of its own."""
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with library_lock(library.pk):
            is_held.set()
            is_over.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(30)
    yield
    is_over.set()
    holder.join()
