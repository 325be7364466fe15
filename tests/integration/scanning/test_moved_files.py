"""A file that vanished and one with equal content elsewhere are the same file, with all that is known of it."""

import hashlib
import os
import shutil

import pytest

from collections_app.models import Tag
from models3d.models import ModelFile
from scanning.models import Scan
from tests.factories import TagFactory
from tests.integration.scanning.shelf import Shelf, counts


def _analyze(shelf: Shelf) -> None:
    """Give every file its hash and a fact, as analysis does."""
    for file in ModelFile.objects.filter(library=shelf.library, missing_since=None):
        sha256 = hashlib.sha256((shelf.root / file.relative_path).read_bytes()).hexdigest()
        ModelFile.objects.filter(pk=file.pk).update(
            sha256=sha256, analysis_state="done", triangle_count=file.pk
        )


def _assert_same(shelf: Shelf, path: str, row: ModelFile) -> None:
    """The row is at `path` now and nothing has to be found out again."""
    now = shelf.file(path)
    assert (now.pk, now.triangle_count, now.analysis_state, now.missing_since) == (
        row.pk,
        row.pk,
        "done",
        None,
    )


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    """A shelf with three models of different content, scanned and analyzed."""
    for name in ("dragon", "orc", "elf"):
        shelf.write(f"{name.title()}/{name}.stl", content=name.encode() * 9)
    shelf.scan()
    _analyze(shelf)
    return shelf


def test_renamed_file_keeps_its_row(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    (shelf.root / "Orc/orc.stl").rename(shelf.root / "Orc/ork_nosup.STL")
    scan = shelf.scan()

    assert (counts(scan), scan.moved_count) == ((3, 0, 0, 0, 0), 1)
    _assert_same(shelf, "Orc/ork_nosup.STL", row)
    assert shelf.file("Orc/ork_nosup.STL").role == "unsupported"
    assert shelf.models()["Orc"] == {"Orc/ork_nosup.STL"}


def test_rename_that_changes_only_case(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    (shelf.root / "Orc/orc.stl").rename(shelf.root / "Orc/ORC.stl")

    assert shelf.scan().moved_count == 1
    _assert_same(shelf, "Orc/ORC.stl", row)


def test_file_of_another_format_by_name_is_read_anew(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    (shelf.root / "Orc/orc.stl").rename(shelf.root / "Orc/orc.obj")
    shelf.scan()

    moved = shelf.file("Orc/orc.obj")
    assert (moved.pk, moved.extension, moved.analysis_state, moved.sha256) == (
        row.pk,
        "obj",
        "pending",
        row.sha256,
    )


def test_moved_into_another_model(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    shutil.move(shelf.root / "Orc/orc.stl", shelf.root / "Elf/orc.stl")
    shelf.scan()

    _assert_same(shelf, "Elf/orc.stl", row)
    assert shelf.models() == {"Dragon": {"Dragon/dragon.stl"}, "Elf": {"Elf/elf.stl", "Elf/orc.stl"}}


def test_content_that_differs_is_another_file_whatever_its_name_size_and_time(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")
    (shelf.root / "Orc/orc.stl").unlink()
    shelf.write("Orcs/orc.stl", content=b"xyz" * 9)
    assert row.mtime_ns is not None
    shelf.touch("Orcs/orc.stl", mtime_ns=row.mtime_ns)

    scan = shelf.scan()

    assert (counts(scan), scan.moved_count) == ((3, 1, 0, 1, 0), 0)
    assert shelf.file("Orcs/orc.stl").pk != row.pk


def test_copy_is_a_new_file(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    shutil.copy2(shelf.root / "Orc/orc.stl", shelf.root / "Orc/copy.stl")
    scan = shelf.scan()

    assert (counts(scan), scan.moved_count) == ((4, 1, 0, 0, 0), 0)
    _assert_same(shelf, "Orc/orc.stl", row)


def test_moved_and_copied_at_once(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    shutil.copy2(shelf.root / "Orc/orc.stl", shelf.root / "Orc/a.stl")
    (shelf.root / "Orc/orc.stl").rename(shelf.root / "Orc/b.stl")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (1, 1, 0)
    _assert_same(shelf, "Orc/a.stl", row)


def test_found_again_elsewhere_long_after_it_vanished(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")
    (shelf.root / "Orc/orc.stl").rename(shelf.root.parent / "away.stl")
    shelf.scan()

    (shelf.root.parent / "away.stl").rename(shelf.root / "Elf/orc.stl")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count) == (1, 0)
    _assert_same(shelf, "Elf/orc.stl", row)


def test_the_place_of_a_file_long_gone_is_taken_by_another(shelf: Shelf) -> None:
    orc, elf = shelf.file("Orc/orc.stl"), shelf.file("Elf/elf.stl")
    (shelf.root / "Orc/orc.stl").rename(shelf.root.parent / "away.stl")
    shelf.scan()

    (shelf.root / "Elf/elf.stl").rename(shelf.root / "Orc/orc.stl")
    scan = shelf.scan()
    _assert_same(shelf, "Orc/orc.stl", elf)
    (shelf.root.parent / "away.stl").rename(shelf.root / "Orc/back.stl")
    shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (1, 0, 0)
    _assert_same(shelf, "Orc/back.stl", orc)


def test_two_files_that_exchange_their_names(shelf: Shelf) -> None:
    orc, elf = shelf.file("Orc/orc.stl"), shelf.file("Elf/elf.stl")

    (shelf.root / "Orc/orc.stl").rename(shelf.root / "x")
    (shelf.root / "Elf/elf.stl").rename(shelf.root / "Orc/orc.stl")
    (shelf.root / "x").rename(shelf.root / "Elf/elf.stl")
    scan = shelf.scan()

    assert (counts(scan), scan.moved_count) == ((3, 0, 0, 0, 0), 2)
    _assert_same(shelf, "Orc/orc.stl", elf)
    _assert_same(shelf, "Elf/elf.stl", orc)


def test_names_passed_on_in_a_row(shelf: Shelf) -> None:
    dragon, elf = shelf.file("Dragon/dragon.stl"), shelf.file("Elf/elf.stl")

    (shelf.root / "Elf/elf.stl").rename(shelf.root / "Elf/last.stl")
    (shelf.root / "Dragon/dragon.stl").rename(shelf.root / "Elf/elf.stl")
    shelf.write("Dragon/dragon.stl", content=b"something new")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.changed_count, scan.missing_count) == (2, 1, 0, 0)
    _assert_same(shelf, "Elf/last.stl", elf)
    _assert_same(shelf, "Elf/elf.stl", dragon)
    assert shelf.file("Dragon/dragon.stl").analysis_state == "pending"


def test_overwritten_by_another_file_each_row_stays_with_its_content(shelf: Shelf) -> None:
    orc, elf = shelf.file("Orc/orc.stl"), shelf.file("Elf/elf.stl")

    (shelf.root / "Elf/elf.stl").replace(shelf.root / "Orc/orc.stl")
    scan = shelf.scan()

    assert (scan.moved_count, scan.changed_count, scan.missing_count) == (1, 0, 1)
    assert (shelf.file("Orc/orc.stl").pk, shelf.file("Elf/elf.stl").pk) == (elf.pk, orc.pk)
    assert shelf.file("Orc/orc.stl").missing_since is None
    assert shelf.file("Elf/elf.stl").missing_since is not None


def test_an_overwritten_model_loses_nothing_that_people_put_into_it(shelf: Shelf) -> None:
    for name in ("Orc", "Elf"):
        shelf.model(name).tags.add(TagFactory(name=f"tag of {name}"))

    (shelf.root / "Elf/elf.stl").replace(shelf.root / "Orc/orc.stl")
    shelf.scan()

    assert not Tag.objects.filter(models=None).exists()


def test_names_passed_on_in_a_row_over_a_file(shelf: Shelf) -> None:
    shelf.write("Cat/cat.stl", content=b"a cat of its own length")
    shelf.scan()
    _analyze(shelf)
    orc, elf, cat = (shelf.file(path).pk for path in ("Orc/orc.stl", "Elf/elf.stl", "Cat/cat.stl"))

    (shelf.root / "Elf/elf.stl").replace(shelf.root / "Orc/orc.stl")
    (shelf.root / "Cat/cat.stl").replace(shelf.root / "Elf/elf.stl")
    scan = shelf.scan()

    assert (scan.moved_count, scan.changed_count, scan.missing_count, scan.new_count) == (2, 0, 1, 0)
    rows = [shelf.file(path).pk for path in ("Orc/orc.stl", "Elf/elf.stl", "Cat/cat.stl")]
    assert rows == [elf, cat, orc]


def test_exchanged_while_one_was_never_read(shelf: Shelf) -> None:
    orc, elf = shelf.file("Orc/orc.stl"), shelf.file("Elf/elf.stl")
    ModelFile.objects.filter(pk=elf.pk).update(sha256="", analysis_state="pending")

    (shelf.root / "Orc/orc.stl").rename(shelf.root / "aside")
    (shelf.root / "Elf/elf.stl").rename(shelf.root / "Orc/orc.stl")
    (shelf.root / "aside").rename(shelf.root / "Elf/elf.stl")
    scan = shelf.scan()

    assert (scan.moved_count, scan.changed_count) == (2, 0)
    assert (shelf.file("Orc/orc.stl").pk, shelf.file("Elf/elf.stl").pk) == (elf.pk, orc.pk)


def test_copied_before_it_was_edited_the_row_stays_with_the_path(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")

    shutil.copy(shelf.root / "Orc/orc.stl", shelf.root / "Orc/backup.stl")
    shelf.write("Orc/orc.stl", content=b"edited, and longer than before")
    scan = shelf.scan()

    assert (scan.moved_count, scan.changed_count, scan.new_count) == (0, 1, 1)
    assert shelf.file("Orc/orc.stl").pk == row.pk


def test_file_replaced_by_a_folder_that_holds_it_and_back(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")
    (shelf.root / "Orc/orc.stl").rename(shelf.root / "x")
    (shelf.root / "Orc/orc.stl").mkdir()
    (shelf.root / "x").rename(shelf.root / "Orc/orc.stl/inner.stl")
    shelf.scan()
    _assert_same(shelf, "Orc/orc.stl/inner.stl", row)

    (shelf.root / "Orc/orc.stl/inner.stl").rename(shelf.root / "x")
    (shelf.root / "Orc/orc.stl").rmdir()
    (shelf.root / "x").rename(shelf.root / "Orc/orc.stl")
    scan = shelf.scan()

    assert (counts(scan), scan.moved_count) == ((3, 0, 0, 0, 0), 1)
    _assert_same(shelf, "Orc/orc.stl", row)


def test_files_not_hashed_yet_are_known_by_name_size_and_time(shelf: Shelf) -> None:
    shelf.write("Troll/a.stl", "Troll/b.stl", content=b"t" * 50)
    shelf.scan()
    rows = [shelf.file("Troll/a.stl"), shelf.file("Troll/b.stl")]

    (shelf.root / "Troll").rename(shelf.root / "Trolls")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count) == (2, 0)
    assert [shelf.file("Trolls/a.stl").pk, shelf.file("Trolls/b.stl").pk] == [row.pk for row in rows]
    assert shelf.file("Trolls/a.stl").analysis_state == "pending"


def test_not_hashed_and_not_unique_is_left_alone(shelf: Shelf) -> None:
    for folder in ("A", "B"):
        shelf.write(f"{folder}/part.stl", content=b"same size" + folder.encode())
        shelf.touch(f"{folder}/part.stl", mtime_ns=5)
    shelf.scan()

    (shelf.root / "A").rename(shelf.root / "C")
    (shelf.root / "B").rename(shelf.root / "D")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (0, 2, 2)


def test_empty_files_are_no_evidence_but_go_with_their_folder(shelf: Shelf) -> None:
    shelf.write("Orc/.keep.txt", "Orc/empty.txt", "Elf/nothing.md", content=b"")
    shelf.scan()
    row = shelf.file("Orc/empty.txt")

    (shelf.root / "Orc").rename(shelf.root / "Ork")
    (shelf.root / "Elf/nothing.md").rename(shelf.root / "Elf/void.txt")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (2, 1, 1)
    assert shelf.file("Ork/empty.txt").pk == row.pk


def test_hard_links_are_two_files(shelf: Shelf) -> None:
    os.link(shelf.root / "Orc/orc.stl", shelf.root / "Orc/twin.stl")

    assert counts(shelf.scan()) == (4, 1, 0, 0, 0)
    assert counts(shelf.scan()) == (4, 0, 0, 0, 0)
    (shelf.root / "Orc/orc.stl").unlink()
    assert counts(shelf.scan()) == (3, 0, 0, 1, 0)


def test_a_clock_that_goes_back_makes_changes_seen(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")
    shelf.write("Orc/orc.stl", content=b"new" * 3 * 3)
    shelf.touch("Orc/orc.stl", mtime_ns=(row.mtime_ns or 0) - 10**12)

    assert counts(shelf.scan()) == (3, 0, 1, 0, 0)


def test_dry_run_tells_moves_and_writes_none(shelf: Shelf) -> None:
    row = shelf.file("Orc/orc.stl")
    (shelf.root / "Orc").rename(shelf.root / "Ork")

    scan = shelf.scan(is_dry_run=True)

    assert (scan.moved_count, scan.missing_count) == (1, 0)
    assert shelf.file("Orc/orc.stl").pk == row.pk


def test_a_tree_that_was_renamed_whole_is_not_refused(shelf: Shelf) -> None:
    for number in range(12):
        shelf.write(f"Minis/{number}/part.stl", content=b"%d" % number * 20)
    shelf.scan()
    _analyze(shelf)

    (shelf.root / "Minis").rename(shelf.root / "Miniatures")
    scan = shelf.scan()

    assert (scan.state, scan.moved_count, scan.missing_count) == (Scan.State.DONE, 12, 0)


def test_members_of_an_archive_go_with_it(shelf: Shelf) -> None:
    shelf.write("Pack/all.zip", content=b"PK not really")
    shelf.scan()
    _analyze(shelf)
    archive = shelf.file("Pack/all.zip")
    member = ModelFile.objects.create(
        library=shelf.library, model=archive.model, archive=archive, relative_path="Pack/all.zip/in/a.stl",
        extension="stl", kind="mesh", size_bytes=3, analysis_state="done",
    )  # fmt: skip

    (shelf.root / "Pack").rename(shelf.root / "Packed")
    shelf.scan()

    assert shelf.file("Packed/all.zip/in/a.stl").pk == member.pk
    assert shelf.file("Packed/all.zip").pk == archive.pk
