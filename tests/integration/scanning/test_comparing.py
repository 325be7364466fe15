"""A scan brings rows in line with files: new, changed, gone, back."""

import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models3d.derived import refresh_models
from models3d.models import Model3D, ModelFile
from scanning.models import Scan
from tests.factories import TagFactory
from tests.integration.scanning.shelf import Shelf, counts


def test_first_scan_makes_rows_and_models(shelf: Shelf) -> None:
    shelf.write("Voron_Tap/STLs/body.STL", "Voron_Tap/README.md", "cube.stl", content=b"x" * 20)

    scan = shelf.scan()

    assert scan.state == Scan.State.DONE
    assert counts(scan) == (3, 3, 0, 0, 0)
    assert shelf.models() == {
        "Voron_Tap": {"Voron_Tap/STLs/body.STL", "Voron_Tap/README.md"},
        "cube.stl": {"cube.stl"},
    }
    body = shelf.file("Voron_Tap/STLs/body.STL")
    assert (body.extension, body.kind, body.size_bytes, body.analysis_state) == ("stl", "mesh", 20, "pending")
    assert shelf.file("Voron_Tap/README.md").role == "document"
    assert (shelf.model("Voron_Tap").name, shelf.model("cube.stl").name) == ("Voron Tap", "cube")
    assert shelf.model("Voron_Tap").file_count == 2
    shelf.library.refresh_from_db()
    assert (shelf.library.model_count, shelf.library.file_count) == (2, 3)
    assert shelf.library.scanned_at == scan.finished_at
    assert shelf.library.next_scan_at is not None


@pytest.mark.parametrize("batch", [2, 1_000])
def test_models_are_made_with_the_columns_that_follow_from_their_files(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("scanning.reconcile._BATCH", batch)
    shelf.write("Tap/STLs/b.stl", "Tap/a.3mf", "Tap/Jig/j.step", "Tap/README", "cube.stl", content=b"x" * 7)
    shelf.scan()
    made = list(Model3D.objects.order_by("pk").values())

    refresh_models(Model3D.objects.values_list("pk", flat=True))

    assert list(Model3D.objects.order_by("pk").values()) == made
    assert shelf.model("Tap").formats == ["3mf", "stl"]


def test_unchanged_scan_writes_only_the_scan_and_the_librarys_times(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Dragon/dragon.png")
    shelf.scan()
    before = list(ModelFile.objects.order_by("pk").values()) + list(Model3D.objects.order_by("pk").values())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        scan = shelf.scan()

    assert counts(scan) == (2, 0, 0, 0, 0)
    after = list(ModelFile.objects.order_by("pk").values()) + list(Model3D.objects.order_by("pk").values())
    assert after == before
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE", "WITH"))]
    assert all('"scanning_scan"' in sql or '"libraries_library"' in sql for sql in written)
    assert not any("TEMPORARY" in q["sql"] for q in queries), "a small library is compared in memory"


def test_a_larger_library_is_compared_in_the_database_with_the_same_outcome(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanning.reconcile.FEW", 1)
    shelf.write("Dragon/dragon.stl", "Dragon/dragon.png")
    shelf.scan()

    unchanged = shelf.scan()
    shelf.write("Dragon/tail.stl", content=b"tail")
    grown = shelf.scan()

    assert (counts(unchanged), counts(grown)) == ((2, 0, 0, 0, 0), (3, 1, 0, 0, 0))


def test_a_file_that_stays_missing_is_nothing_new(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Dragon/tail.stl")
    shelf.scan()
    (shelf.root / "Dragon/tail.stl").unlink()
    shelf.scan()

    assert counts(shelf.scan()) == (1, 0, 0, 0, 0)


def test_changed_file_is_to_be_measured_anew_and_keeps_its_row(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")
    shelf.scan()
    row = shelf.file("Dragon/dragon.stl")
    ModelFile.objects.filter(pk=row.pk).update(
        sha256="a" * 64, analysis_state="failed", analysis_attempts=3, analysis_error="x.", notes="mine"
    )

    shelf.write("Dragon/dragon.stl", content=b"longer than before, much longer")
    scan = shelf.scan()

    assert counts(scan) == (1, 0, 1, 0, 0)
    changed = shelf.file("Dragon/dragon.stl")
    assert changed.pk == row.pk
    assert (changed.sha256, changed.analysis_state, changed.analysis_attempts) == ("", "pending", 0)
    assert (changed.size_bytes, changed.analysis_error, changed.notes) == (31, "", "mine")


def test_a_new_time_alone_counts_as_changed(shelf: Shelf) -> None:
    shelf.write("a.stl")
    shelf.scan()

    shelf.touch("a.stl", mtime_ns=5)

    assert counts(shelf.scan()) == (1, 0, 1, 0, 0)
    assert shelf.file("a.stl").mtime_ns == 5


def test_vanished_file_is_marked_and_its_row_kept(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Dragon/wing.stl", "Orc/orc.stl")
    shelf.scan()
    (shelf.root / "Dragon/wing.stl").unlink()

    scan = shelf.scan()

    assert counts(scan) == (2, 0, 0, 1, 0)
    assert shelf.file("Dragon/wing.stl").missing_since is not None
    assert shelf.model("Dragon").missing_since is None
    assert shelf.model("Dragon").file_count == 1


def test_vanished_model_comes_back_with_everything_a_person_put_into_it(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Orc/orc.stl", "Elf/elf.stl")
    shelf.scan()
    dragon = shelf.model("Dragon")
    dragon.tags.add(TagFactory(name="big"))
    Model3D.objects.filter(pk=dragon.pk).update(notes="Print at 0.1 mm")
    ModelFile.objects.filter(model=dragon).update(sha256="b" * 64, analysis_state="done", triangle_count=12)
    shutil.move(shelf.root / "Dragon", shelf.root.parent / "away")

    gone = shelf.scan()
    missing = shelf.model("Dragon")
    shutil.move(shelf.root.parent / "away", shelf.root / "Dragon")
    back = shelf.scan()

    assert counts(gone) == (2, 0, 0, 1, 0)
    assert missing.missing_since is not None
    assert counts(back) == (3, 0, 0, 0, 1)
    returned = shelf.model("Dragon")
    assert (returned.pk, returned.missing_since, returned.notes) == (dragon.pk, None, "Print at 0.1 mm")
    assert [tag.name for tag in returned.tags.all()] == ["big"]
    file = shelf.file("Dragon/dragon.stl")
    assert (file.sha256, file.analysis_state, file.triangle_count) == ("b" * 64, "done", 12)


def test_a_file_that_comes_back_otherwise_is_measured_anew(shelf: Shelf) -> None:
    shelf.write("a.stl", "b.stl")
    shelf.scan()
    ModelFile.objects.update(analysis_state="done", sha256="c" * 64)
    (shelf.root / "a.stl").unlink()
    shelf.scan()

    shelf.write("a.stl", content=b"another content")
    scan = shelf.scan()

    assert counts(scan) == (2, 0, 0, 0, 1)
    assert (shelf.file("a.stl").sha256, shelf.file("a.stl").analysis_state) == ("", "pending")
    assert shelf.file("b.stl").analysis_state == "done"


def test_a_folder_keeps_its_model_while_its_only_mesh_is_away(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl", "Dragon/README.md", "Orc/orc.stl", "Orc/README.md")
    shelf.scan()

    (shelf.root / "Dragon/dragon.stl").unlink()
    shelf.write("Dragon/more.txt")
    shelf.scan()

    assert shelf.models()["Dragon"] == {"Dragon/README.md", "Dragon/more.txt"}


def test_a_file_replaced_by_a_folder_of_its_name(shelf: Shelf) -> None:
    shelf.write("thing.stl", "b.stl")
    shelf.scan()
    (shelf.root / "thing.stl").unlink()

    shelf.write("thing.stl/part.stl")
    scan = shelf.scan()

    assert counts(scan) == (2, 1, 0, 1, 0)
    assert shelf.models() == {"thing.stl": {"thing.stl/part.stl"}, "b.stl": {"b.stl"}}


def test_times_of_any_age_are_kept(shelf: Shelf) -> None:
    times = {
        "1970.stl": 0,
        "1969.stl": -1_000_000_000,
        "2038.stl": 2**31 * 10**9,
        "2100.stl": 4102444800 * 10**9,
    }
    for name, mtime_ns in times.items():
        shelf.write(name)
        shelf.touch(name, mtime_ns=mtime_ns)

    shelf.scan()

    assert {name: shelf.file(name).mtime_ns for name in times} == times
    assert counts(shelf.scan()) == (4, 0, 0, 0, 0)


def test_dry_run_counts_and_writes_nothing(shelf: Shelf) -> None:
    shelf.write("Dragon/dragon.stl")

    scan = shelf.scan(is_dry_run=True)

    assert (scan.state, counts(scan)) == (Scan.State.DONE, (1, 1, 0, 0, 0))
    assert not ModelFile.objects.exists()
    assert not Model3D.objects.exists()
    shelf.library.refresh_from_db()
    assert shelf.library.scanned_at is None


def test_two_libraries_do_not_see_each_others_rows(shelf: Shelf) -> None:
    other = Shelf(shelf.root.parent / "other")
    shelf.write("Dragon/dragon.stl")
    other.write("Dragon/dragon.stl")

    shelf.scan()
    other.scan()
    (other.root / "Dragon/dragon.stl").unlink()
    other.write("Orc/orc.stl")
    other.scan()

    assert shelf.models() == {"Dragon": {"Dragon/dragon.stl"}}
    assert other.models() == {"Orc": {"Orc/orc.stl"}}
