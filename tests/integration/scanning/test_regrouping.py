"""Files go where the rules put them, also when rules or folders change later."""

import pytest
from django.test import Client

from libraries.models import Library
from models3d.models import Model3D, ModelFile
from scanning import reconcile
from scanning.models import Problem, Scan
from scanning.problems import settle_all
from tests.factories import TagFactory
from tests.integration.scanning.shelf import Shelf


def _set(shelf: Shelf, **settings: object) -> None:
    Library.objects.filter(pk=shelf.library.pk).update(**settings)


def test_a_mesh_put_into_a_folder_of_papers_makes_it_a_model(shelf: Shelf) -> None:
    shelf.write("Tap/tap.stl", "Tap/Notes/read.md")
    shelf.scan()
    before = shelf.models()

    shelf.write("Tap/Notes/jig.stl")
    shelf.scan()

    assert before == {"Tap": {"Tap/tap.stl", "Tap/Notes/read.md"}}
    assert shelf.models() == {"Tap": {"Tap/tap.stl"}, "Tap/Notes": {"Tap/Notes/read.md", "Tap/Notes/jig.stl"}}
    assert shelf.model("Tap").file_count == 1


def test_other_rules_regroup_an_unchanged_tree(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl", "Orc/LOD/low.stl")
    shelf.scan()
    row = shelf.file("Orc/LOD/low.stl").pk

    _set(shelf, absorbed_names=["LOD"])
    scan = shelf.scan()

    assert scan.new_count == 0
    assert shelf.models() == {"Orc": {"Orc/orc.stl", "Orc/LOD/low.stl"}}
    assert shelf.file("Orc/LOD/low.stl").pk == row
    assert not Model3D.objects.filter(relative_path="Orc/LOD").exists()


def test_what_people_put_into_a_model_goes_where_its_files_go(shelf: Shelf, as_alice: Client) -> None:
    shelf.write("Orc/orc.stl", "Orc/LOD/low.stl")
    shelf.scan()
    left, kept, tag = shelf.model("Orc/LOD"), shelf.model("Orc"), TagFactory()
    left.tags.add(tag)

    _set(shelf, absorbed_names=["lod"])
    shelf.scan()

    assert list(Model3D.objects.all()) == [kept]
    assert list(kept.tags.all()) == [tag]
    kept.refresh_from_db()
    assert kept.file_count == 2
    assert as_alice.get(left.get_absolute_url())["Location"] == kept.get_absolute_url()


def test_a_model_keeps_its_id_where_most_of_it_goes(shelf: Shelf) -> None:
    shelf.write("in/dragon.stl", "in/dragon_supported.stl", "in/orc.stl")
    shelf.scan()
    model = shelf.model("in")
    model.tags.add(TagFactory())

    _set(shelf, grouping=Library.Grouping.STEMS)
    shelf.scan()
    dragon = shelf.model("in/dragon")
    _set(shelf, grouping=Library.Grouping.FOLDERS)
    shelf.scan()

    assert (dragon.pk, dragon.name, dragon.tags.count()) == (model.pk, "dragon", 1)
    assert (shelf.model("in").pk, shelf.model("in").name) == (model.pk, "in")
    assert Model3D.objects.count() == 1


def test_a_lone_archive_in_a_flat_dump_is_a_model(shelf: Shelf) -> None:
    _set(shelf, grouping=Library.Grouping.STEMS)
    shelf.write("in/dragon.stl", "in/dragon.png", "in/March.zip", "in/LICENSE")

    shelf.scan()

    assert shelf.models() == {
        "in/dragon": {"in/dragon.stl", "in/dragon.png"},
        "in/March": {"in/March.zip"},
        "": {"in/LICENSE"},
    }


def test_a_flat_dump_is_grouped_by_stem_and_back(shelf: Shelf) -> None:
    shelf.write(
        "in/dragon.stl", "in/dragon_supported.stl", "in/images/dragon.png", "in/orc.stl", "in/LICENSE"
    )
    shelf.scan()
    folders = shelf.models()

    _set(shelf, grouping=Library.Grouping.STEMS)
    shelf.scan()
    stems = shelf.models()
    _set(shelf, grouping=Library.Grouping.FOLDERS)
    shelf.scan()

    assert stems == {
        "in/dragon": {"in/dragon.stl", "in/dragon_supported.stl", "in/images/dragon.png"},
        "in/orc": {"in/orc.stl"},
        "": {"in/LICENSE"},
    }
    assert shelf.models() == folders
    assert set(Model3D.objects.values_list("relative_path", flat=True)) == {"in"}


def test_a_scan_that_broke_off_is_completed_by_the_next(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl", "Elf/elf.stl")
    shelf.scan()
    ModelFile.objects.update(model=None)
    Scan.objects.update(state=Scan.State.FAILED)

    shelf.scan()

    assert shelf.models() == {"Orc": {"Orc/orc.stl"}, "Elf": {"Elf/elf.stl"}}


def test_problems_follow_their_file_into_another_model_and_stay_ignored(shelf: Shelf) -> None:
    shelf.write("Orc/orc.stl")
    shelf.write("Orc/LOD/low.stl", content=b"")
    shelf.scan()
    settle_all()
    Problem.objects.update(ignored_at=shelf.library.created_at)

    _set(shelf, absorbed_names=["lod"])
    shelf.scan()
    settle_all()

    problem = Problem.objects.get()
    assert problem.model == shelf.model("Orc")
    assert problem.ignored_at is not None


def test_batches_smaller_than_a_model_give_the_same(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "_BATCH", 3)
    shelf.write(*(f"Kit {kit}/STL/part {part}.stl" for kit in range(4) for part in range(5)))

    shelf.scan()
    (shelf.root / "Kit 0/STL/part 0.stl").unlink()
    shelf.scan()

    assert {model: len(files) for model, files in shelf.models().items()} == {
        "Kit 0": 4,
        "Kit 1": 5,
        "Kit 2": 5,
        "Kit 3": 5,
    }
    assert [model.file_count for model in Model3D.objects.order_by("relative_path")] == [4, 5, 5, 5]
