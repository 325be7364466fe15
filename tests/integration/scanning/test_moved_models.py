"""A folder that is renamed or moved keeps its model, with id, tags, notes, collections and marks."""

import hashlib
import shutil
from pathlib import Path

import pytest

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Mark, Model3D, ModelFile
from scanning.models import Problem
from tests.factories import ProblemFactory, TagFactory, UserFactory
from tests.integration.scanning.shelf import Shelf


def _analyze(shelf: Shelf) -> None:
    for file in ModelFile.objects.filter(library=shelf.library, missing_since=None):
        sha256 = hashlib.sha256((shelf.root / file.relative_path).read_bytes()).hexdigest()
        ModelFile.objects.filter(pk=file.pk).update(sha256=sha256, analysis_state="done")


def _tag(shelf: Shelf, path: str, user: User) -> Model3D:
    """Put something of every kind into the model at `path`."""
    model = shelf.model(path)
    model.tags.add(TagFactory(name=f"tag of {path}"))
    Model3D.objects.filter(pk=model.pk).update(notes=f"notes of {path}", edited_fields=["notes"])
    Mark.objects.create(user=user, model=model, is_favorite=True, rating=4)
    return model


def _assert_kept(shelf: Shelf, now: str, model: Model3D, was: str) -> None:
    found = shelf.model(now)
    assert (found.pk, found.notes, found.missing_since) == (model.pk, f"notes of {was}", None)
    assert [tag.name for tag in found.tags.all()] == [f"tag of {was}"]
    assert [mark.rating for mark in found.marks.all()] == [4]


@pytest.fixture
def user(db: None) -> User:
    return UserFactory()


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    """Three models of two parts, a picture in a subfolder and the same licence each."""
    for name in ("Orc", "Elf", "Dragon"):
        for part in ("head.stl", "body.stl", "images/all.png"):
            shelf.write(f"Minis/{name}/{part}", content=f"{name} {part}".encode())
        shelf.write(f"Minis/{name}/LICENSE", content=b"the same for all")
    shelf.scan()
    _analyze(shelf)
    return shelf


def test_renamed_folder_keeps_its_model_under_the_new_name(shelf: Shelf, user: User) -> None:
    model = _tag(shelf, "Minis/Orc", user)

    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/Green_Orc")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (4, 0, 0)
    _assert_kept(shelf, "Minis/Green_Orc", model, "Minis/Orc")
    assert shelf.model("Minis/Green_Orc").name == "Green Orc"
    assert "Green_Orc" in shelf.model("Minis/Green_Orc").file_words
    assert Model3D.objects.count() == 3
    assert not ModelFile.objects.exclude(analysis_state="done").exists()


def test_a_name_that_a_person_gave_stays(shelf: Shelf) -> None:
    Model3D.objects.filter(pk=shelf.model("Minis/Orc").pk).update(name="Orc", edited_fields=["name"])
    Model3D.objects.filter(pk=shelf.model("Minis/Elf").pk).update(name="Other words")

    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/Troll")
    (shelf.root / "Minis/Elf").rename(shelf.root / "Minis/Gnome")
    shelf.scan()

    assert (shelf.model("Minis/Troll").name, shelf.model("Minis/Gnome").name) == ("Orc", "Other words")


def test_every_folder_renamed_at_once_each_keeps_its_own(shelf: Shelf, user: User) -> None:
    models = {name: _tag(shelf, f"Minis/{name}", user) for name in ("Orc", "Elf", "Dragon")}

    for name in models:
        (shelf.root / f"Minis/{name}").rename(shelf.root / f"Minis/{name} 2")
    (shelf.root / "Minis").rename(shelf.root / "Miniatures")
    scan = shelf.scan()

    assert (scan.moved_count, scan.new_count, scan.missing_count) == (12, 0, 0)
    for name, model in models.items():
        _assert_kept(shelf, f"Miniatures/{name} 2", model, f"Minis/{name}")
    licenses = ModelFile.objects.filter(relative_path__endswith="LICENSE").select_related("model")
    assert all(file.model and file.relative_path.startswith(file.model.relative_path) for file in licenses)


def test_two_folders_that_exchange_their_names(shelf: Shelf, user: User) -> None:
    orc, elf = _tag(shelf, "Minis/Orc", user), _tag(shelf, "Minis/Elf", user)
    for name in ("head.stl", "body.stl"):
        # Equal sizes, so that only time and content tell them apart.
        assert shelf.file(f"Minis/Orc/{name}").size_bytes == shelf.file(f"Minis/Elf/{name}").size_bytes

    (shelf.root / "Minis/Orc").rename(shelf.root / "x")
    (shelf.root / "Minis/Elf").rename(shelf.root / "Minis/Orc")
    (shelf.root / "x").rename(shelf.root / "Minis/Elf")
    scan = shelf.scan()

    assert (scan.new_count, scan.missing_count) == (0, 0)
    _assert_kept(shelf, "Minis/Elf", orc, "Minis/Orc")
    _assert_kept(shelf, "Minis/Orc", elf, "Minis/Elf")
    assert (shelf.model("Minis/Elf").name, shelf.model("Minis/Orc").name) == ("Elf", "Orc")


def test_most_of_the_parts_decide_where_a_model_goes(shelf: Shelf, user: User) -> None:
    shelf.write("Minis/Orc/axe.stl", content=b"axe")
    shelf.scan()
    _analyze(shelf)
    model = _tag(shelf, "Minis/Orc", user)

    (shelf.root / "Minis/Ork").mkdir()
    for name in ("head.stl", "body.stl"):
        (shelf.root / "Minis/Orc" / name).rename(shelf.root / "Minis/Ork" / name)
    shelf.scan()

    _assert_kept(shelf, "Minis/Ork", model, "Minis/Orc")
    assert shelf.models()["Minis/Orc"] >= {"Minis/Orc/axe.stl"}
    assert shelf.model("Minis/Orc").pk != model.pk


def test_a_paper_that_turns_up_elsewhere_takes_no_model_with_it(shelf: Shelf, user: User) -> None:
    model = _tag(shelf, "Minis/Orc", user)

    shutil.rmtree(shelf.root / "Minis/Orc")
    shelf.write("Minis/Troll/LICENSE", content=b"the same for all")
    shelf.write("Minis/Troll/troll.stl", content=b"troll")
    shelf.scan()

    gone = shelf.model("Minis/Orc")
    assert (gone.pk, gone.tags.count()) == (model.pk, 1)
    assert gone.missing_since is not None
    assert shelf.model("Minis/Troll").tags.count() == 0


def test_a_folder_emptied_into_another_hands_on_what_people_put_into_it(shelf: Shelf, user: User) -> None:
    orc, elf = _tag(shelf, "Minis/Orc", user), _tag(shelf, "Minis/Elf", user)
    problem = ProblemFactory(file=shelf.file("Minis/Orc/head.stl"), ignored_by=user)

    for part in ("head", "body"):
        (shelf.root / f"Minis/Orc/{part}.stl").rename(shelf.root / f"Minis/Elf/orc {part}.stl")
    (shelf.root / "Minis/Orc/images/all.png").rename(shelf.root / "Minis/Elf/images/orc.png")
    (shelf.root / "Minis/Orc/LICENSE").rename(shelf.root / "Minis/Elf/LICENSE of orc")
    shelf.scan()

    both = shelf.model("Minis/Elf")
    assert both.pk == elf.pk and not Model3D.objects.filter(pk=orc.pk).exists()
    assert {tag.name for tag in both.tags.all()} == {"tag of Minis/Orc", "tag of Minis/Elf"}
    assert both.notes == "notes of Minis/Elf\n\nnotes of Minis/Orc"
    assert "tag of Minis/Orc" in both.tag_words
    assert Problem.objects.get(pk=problem.pk).model_id == elf.pk


def test_a_folder_that_takes_the_place_of_one_long_gone_stays_itself(shelf: Shelf, user: User) -> None:
    _tag(shelf, "Minis/Orc", user)
    shutil.rmtree(shelf.root / "Minis/Orc")
    shelf.scan()
    elf = _tag(shelf, "Minis/Elf", user)

    (shelf.root / "Minis/Elf").rename(shelf.root / "Minis/Orc")
    shelf.scan()

    found = shelf.model("Minis/Orc")
    assert found.pk == elf.pk
    assert {tag.name for tag in found.tags.all()} == {"tag of Minis/Orc", "tag of Minis/Elf"}


def test_a_model_of_one_file_follows_it(shelf: Shelf, user: User) -> None:
    shelf.write("benchy.stl", content=b"boat")
    shelf.scan()
    _analyze(shelf)
    model = _tag(shelf, "benchy.stl", user)

    (shelf.root / "benchy.stl").rename(shelf.root / "tug_boat.stl")
    shelf.scan()

    _assert_kept(shelf, "tug_boat.stl", model, "benchy.stl")
    assert shelf.model("tug_boat.stl").name == "tug boat"


def test_flat_dumps_move_too(shelf: Shelf, user: User) -> None:
    Library.objects.filter(pk=shelf.library.pk).update(grouping=Library.Grouping.STEMS)
    shelf.scan()
    model = _tag(shelf, "Minis/Orc/head", user)

    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/Ork")
    shelf.scan()

    _assert_kept(shelf, "Minis/Ork/head", model, "Minis/Orc/head")


def test_a_scan_that_broke_off_while_models_moved_is_completed(
    shelf: Shelf, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _tag(shelf, "Minis/Orc", user)
    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/Ork")
    # As a kill would leave it: the model is moved, its files are not yet.
    Model3D.objects.filter(pk=model.pk).update(relative_path="Minis/Ork", name="Ork")

    shelf.scan()

    _assert_kept(shelf, "Minis/Ork", model, "Minis/Orc")
    assert shelf.models()["Minis/Ork"] >= {"Minis/Ork/head.stl", "Minis/Ork/LICENSE"}


def test_library_that_moved_with_its_whole_tree_changes_nothing(
    shelf: Shelf, user: User, tmp_path: Path
) -> None:
    model = _tag(shelf, "Minis/Orc", user)
    before = list(ModelFile.objects.order_by("pk").values())

    shelf.root = shelf.root.rename(tmp_path / "elsewhere")
    Library.objects.filter(pk=shelf.library.pk).update(path=str(shelf.root), root_device=1)
    scan = shelf.scan()

    assert (scan.found_count, scan.new_count, scan.moved_count, scan.missing_count) == (12, 0, 0, 0)
    assert list(ModelFile.objects.order_by("pk").values()) == before
    _assert_kept(shelf, "Minis/Orc", model, "Minis/Orc")


def test_words_of_a_renamed_folder_are_those_of_its_new_path(shelf: Shelf) -> None:
    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/Green_Goblin")
    shelf.scan()

    assert shelf.model("Minis/Green_Goblin").file_words.startswith("Minis/Green_Goblin ")
    found = Model3D.objects.filter(search_vector="goblin")
    assert [model.relative_path for model in found] == ["Minis/Green_Goblin"]
    assert not Model3D.objects.filter(search_vector="orc").exists()


def test_exchanged_folders_have_the_words_of_their_new_paths(shelf: Shelf) -> None:
    (shelf.root / "Minis/Orc").rename(shelf.root / "Minis/aside")
    (shelf.root / "Minis/Elf").rename(shelf.root / "Minis/Orc")
    (shelf.root / "Minis/aside").rename(shelf.root / "Minis/Elf")
    shelf.scan()

    assert shelf.model("Minis/Elf").file_words.startswith("Minis/Elf ")
    assert shelf.model("Minis/Orc").file_words.startswith("Minis/Orc ")
