"""Rows follow files from one library to another, whichever is scanned first."""

import hashlib
import shutil
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection

from config.lib.locks import library_lock
from models3d.models import Model3D, ModelFile
from scanning import reports
from tests.factories import TagFactory
from tests.integration.scanning.shelf import Shelf


def _analyze(shelf: Shelf) -> None:
    for file in ModelFile.objects.filter(library=shelf.library, missing_since=None):
        sha256 = hashlib.sha256((shelf.root / file.relative_path).read_bytes()).hexdigest()
        ModelFile.objects.filter(pk=file.pk).update(
            sha256=sha256, analysis_state="done", triangle_count=file.pk
        )


@pytest.fixture
def shelves(db: None, tmp_path: Path) -> tuple[Shelf, Shelf]:
    """Two libraries; the first has a tagged model of three files that the second is to get."""
    first, second = Shelf(tmp_path / "first", name="First"), Shelf(tmp_path / "second", name="Second")
    for part in ("head.stl", "body.stl", "LICENSE"):
        first.write(f"Minis/Orc/{part}", content=f"orc {part}".encode())
        first.write(f"Minis/Elf/{part}", content=f"elf {part}".encode())
    second.write("Dragon/dragon.stl", content=b"dragon")
    for shelf in (first, second):
        shelf.scan()
        _analyze(shelf)
    model = first.model("Minis/Orc")
    model.tags.add(TagFactory(name="green"))
    Model3D.objects.filter(pk=model.pk).update(notes="mine", edited_fields=["notes"])
    return first, second


@pytest.mark.parametrize("order", ["source first", "target first"])
def test_a_folder_moved_to_another_library_keeps_its_model(shelves: tuple[Shelf, Shelf], order: str) -> None:
    first, second = shelves
    model, row = first.model("Minis/Orc"), first.file("Minis/Orc/head.stl")

    shutil.move(first.root / "Minis/Orc", second.root / "Orc")
    scans = [shelf.scan() for shelf in (shelves if order == "source first" else reversed(shelves))]

    moved = second.model("Orc")
    assert (moved.pk, moved.notes, moved.missing_since, moved.file_count) == (model.pk, "mine", None, 3)
    assert [tag.name for tag in moved.tags.all()] == ["green"]
    file = second.file("Orc/head.stl")
    assert (file.pk, file.model_id, file.triangle_count) == (row.pk, model.pk, row.pk)
    assert (file.analysis_state, file.missing_since) == ("done", None)
    assert ModelFile.objects.count() == 7 and Model3D.objects.count() == 3
    assert not ModelFile.objects.exclude(missing_since=None).exists()
    assert (scans[-1].moved_count, scans[-1].new_count, scans[-1].missing_count) == (3, 0, 0)
    for shelf, number in ((first, 3), (second, 4)):
        shelf.library.refresh_from_db()
        assert shelf.library.file_count == number
    assert [scan.moved_count for scan in (first.scan(), second.scan())] == [0, 0]


def test_the_report_tells_where_files_came_from(shelves: tuple[Shelf, Shelf]) -> None:
    first, second = shelves
    shutil.move(first.root / "Minis/Orc", second.root / "Orc")

    first.scan()
    scan = second.scan()

    entries = {entry.path: entry.detail for entry in reports.page(scan, "moved").entries}
    assert entries["Orc/head.stl"] == "First: Minis/Orc/head.stl"
    assert not reports.page(scan, "new").entries


def test_files_keep_what_people_said_of_them_when_they_join_another_model(
    shelves: tuple[Shelf, Shelf],
) -> None:
    first, second = shelves
    ModelFile.objects.filter(pk=first.file("Minis/Orc/head.stl").pk).update(caption="the head")

    shutil.move(first.root / "Minis/Orc/head.stl", second.root / "Dragon/head.stl")
    first.scan()
    second.scan()

    assert second.file("Dragon/head.stl").caption == "the head"
    assert second.models() == {"Dragon": {"Dragon/dragon.stl", "Dragon/head.stl"}}
    assert [tag.name for tag in first.model("Minis/Orc").tags.all()] == ["green"]
    assert second.model("Dragon").tags.count() == 0


def test_a_model_emptied_into_one_of_another_library_hands_on_its_tags(shelves: tuple[Shelf, Shelf]) -> None:
    first, second = shelves

    for part in ("head.stl", "body.stl", "LICENSE"):
        shutil.move(first.root / f"Minis/Orc/{part}", second.root / f"Dragon/{part}")
    second.scan()
    first.scan()

    assert [tag.name for tag in second.model("Dragon").tags.all()] == ["green"]
    assert not Model3D.objects.filter(library=first.library, relative_path="Minis/Orc").exists()


def test_a_copy_in_another_library_is_no_move(shelves: tuple[Shelf, Shelf]) -> None:
    first, second = shelves
    model = first.model("Minis/Orc")

    shutil.copytree(first.root / "Minis/Orc", second.root / "Orc")
    second.scan()
    _analyze(second)
    first.scan()
    shutil.rmtree(first.root / "Minis/Orc")
    first.scan()

    assert first.model("Minis/Orc").pk == model.pk
    assert second.model("Orc").pk != model.pk


def test_a_name_that_followed_the_folder_still_does(shelves: tuple[Shelf, Shelf]) -> None:
    first, second = shelves

    first.write("stays.stl")
    shutil.move(first.root / "Minis/Orc", second.root / "Green_Orc")
    shutil.move(first.root / "Minis/Elf", second.root / "Wood_Elf")
    Model3D.objects.filter(pk=first.model("Minis/Elf").pk).update(name="Legolas", edited_fields=["name"])
    orc = first.model("Minis/Orc")
    second.scan()
    first.scan()

    assert second.model("Green_Orc").pk == orc.pk
    assert second.model("Green_Orc").name == "Green Orc"
    assert second.model("Wood_Elf").name == "Legolas"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_taken_from_a_library_that_is_busy(tmp_path: Path) -> None:
    first, second = Shelf(tmp_path / "first"), Shelf(tmp_path / "second")
    first.write("Orc/orc.stl", content=b"orc")
    first.write("Elf/elf.stl", content=b"elf")
    first.scan()
    second.scan()
    _analyze(first)
    row = first.file("Orc/orc.stl")
    shutil.move(first.root / "Orc", second.root / "Orc")
    first.scan()

    def scan_second() -> None:
        second.scan()
        connection.close()

    with library_lock(first.library.pk):
        other = Thread(target=scan_second)
        other.start()
        other.join()

    assert second.file("Orc/orc.stl").pk != row.pk
    assert first.file("Orc/orc.stl").pk == row.pk
