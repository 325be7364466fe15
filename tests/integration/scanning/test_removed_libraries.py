"""A removed library is gone from every page at once; its rows are cleared away afterwards, and its files never."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.lib.locks import library_lock
from libraries.models import Library
from libraries.services import remove_libraries
from models3d.models import Mark, Model3D, ModelFile
from scanning.models import Problem, Scan
from scanning.removal import clear_removed_libraries
from tests.factories import (
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    OwnerFactory,
    ProblemFactory,
    ScanFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held_elsewhere(library: Library) -> Iterator[None]:
    """The library's lock is held by another connection, as by a scan in a worker."""
    is_taken, may_end = Event(), Event()

    def hold() -> None:
        with library_lock(library.pk) as is_held:
            assert is_held
            is_taken.set()
            may_end.wait(10)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert is_taken.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join()


def filled_library() -> Library:
    library: Library = LibraryFactory(name="Old disk", model_count=1)
    model = Model3DFactory(library=library, name="Dragon")
    archive = ModelFileFactory(model=model, relative_path="pack.zip", kind="archive")
    member = ModelFileFactory(model=model, relative_path="pack.zip/a.stl", archive=archive)
    Model3D.objects.filter(pk=model.pk).update(cover=member)
    model.tags.add(TagFactory())
    Mark.objects.create(user=OwnerFactory(), model=model, is_favorite=True)
    ProblemFactory(file=member)
    ScanFactory(library=library, state="done")
    return library


def test_removed_library_is_seen_nowhere_at_once(as_alice: Client) -> None:
    library = filled_library()
    Model3DFactory(name="Kept one")

    remove_libraries([library.pk], now=timezone.now())

    page = as_alice.get("/").content.decode()
    assert "Kept one" in page
    assert "Dragon" not in page and "Old disk" not in page
    assert as_alice.get(Model3D.objects.get(name="Dragon").get_absolute_url()).status_code == 404
    assert "Old disk" not in as_alice.get("/libraries/").content.decode()
    assert "Old disk" not in as_alice.get("/activity/").content.decode()


def test_rows_are_cleared_and_those_of_others_stay() -> None:
    library = filled_library()
    other = ProblemFactory()

    remove_libraries([library.pk], now=timezone.now())
    clear_removed_libraries()

    assert list(Library.objects.all()) == [other.library]
    assert list(Model3D.objects.all()) == [other.model]
    assert list(ModelFile.objects.all()) == [other.file]
    assert list(Problem.objects.all()) == [other]
    assert not Scan.objects.exists() and not Mark.objects.exists()


def test_its_folder_can_be_added_again_before_the_rows_are_cleared(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("models")
    library = LibraryFactory(path=str(folder))
    remove_libraries([library.pk], now=timezone.now())

    call_command("add_library", str(folder))
    clear_removed_libraries()

    assert Library.objects.get().path == str(folder)


def test_removed_library_is_not_scanned_any_more() -> None:
    library = LibraryFactory(next_scan_at=timezone.now())

    remove_libraries([library.pk], now=timezone.now())

    assert not Library.objects.due(timezone.now()).exists()


def test_batches_are_small_and_all_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanning.removal._BATCH", 2)
    library = LibraryFactory()
    for model in Model3DFactory.create_batch(5, library=library):
        ModelFileFactory(model=model)

    remove_libraries([library.pk], now=timezone.now())
    clear_removed_libraries()

    assert not Model3D.objects.exists() and not ModelFile.objects.exists()


def test_library_that_is_being_scanned_is_cleared_later() -> None:
    library = filled_library()
    remove_libraries([library.pk], now=timezone.now())

    with held_elsewhere(library):
        clear_removed_libraries()
    assert Library.objects.exists()

    clear_removed_libraries()
    assert not Library.objects.exists()
