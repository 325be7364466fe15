"""What people decide about grouping holds at every scan, goes with folders that move, and can be undone."""

import pytest
from django.db import IntegrityError

from config.accounts.models import User
from models3d.models import Model3D
from scanning import regrouping
from scanning.folder_rules import How
from scanning.models import FolderGrouping, ModelDecision, Problem, Scan
from scanning.regrouping import GroupingRefused
from tests.factories import ProblemFactory, TagFactory
from tests.integration.scanning.shelf import Shelf


@pytest.fixture
def kit(shelf: Shelf) -> Shelf:
    """A kit with a loose file, a section of its own and a stranger beside it."""
    shelf.write("Kit/a.stl", content=b"solid a")
    shelf.write("Kit/Left/b.stl", content=b"solid b")
    shelf.write("Kit/Left/c.stl", content=b"solid c")
    shelf.write("Other/d.stl", content=b"solid d")
    shelf.scan()
    return shelf


def test_a_pinned_folder_is_one_model_until_that_is_undone(kit: Shelf, alice: User) -> None:
    tag = TagFactory()
    kit.model("Kit/Left").tags.add(tag)
    regrouping.group_folder(kit.library.pk, "Kit", how=How.ONE_MODEL, by=alice)

    kit.scan()
    pinned, tags = kit.models(), list(kit.model("Kit").tags.all())
    kit.scan()
    again = kit.models()
    regrouping.forget_folder(kit.library.pk, FolderGrouping.objects.get().pk)
    kit.scan()

    assert (
        pinned
        == again
        == {"Kit": {"Kit/a.stl", "Kit/Left/b.stl", "Kit/Left/c.stl"}, "Other": {"Other/d.stl"}}
    )
    assert tags == [tag]
    assert kit.models()["Kit/Left"] == {"Kit/Left/b.stl", "Kit/Left/c.stl"}
    assert list(kit.model("Kit").tags.all()) == [tag]


def test_a_container_holds_models_by_file_name(kit: Shelf, alice: User) -> None:
    kit.write("Kit/a.png", "Kit/e.stl")
    regrouping.group_folder(kit.library.pk, "Kit", how=How.CONTAINER, by=alice)

    kit.scan()

    assert kit.models() == {
        "Kit/a": {"Kit/a.stl", "Kit/a.png"},
        "Kit/e": {"Kit/e.stl"},
        "Kit/Left": {"Kit/Left/b.stl", "Kit/Left/c.stl"},
        "Other": {"Other/d.stl"},
    }


@pytest.mark.parametrize("how", [How.ONE_MODEL, How.CONTAINER, How.STEMS])
def test_a_rule_goes_with_its_folder(kit: Shelf, alice: User, how: How) -> None:
    regrouping.group_folder(kit.library.pk, "Kit", how=how, by=alice)
    kit.scan()
    before = kit.models()
    ids = {model.relative_path: model.pk for model in Model3D.objects.all()}

    (kit.root / "Kit").rename(kit.root / "Set")
    kit.scan()

    assert FolderGrouping.objects.get().folder == "Set"
    expected = {_renamed(model): {_renamed(path) for path in files} for model, files in before.items()}
    assert kit.models() == expected
    assert {_renamed(path): pk for path, pk in ids.items()} == {
        model.relative_path: model.pk for model in Model3D.objects.all()
    }


def _renamed(path: str) -> str:
    return "Set" + path.removeprefix("Kit") if path.startswith("Kit") else path


def test_merged_models_stay_one_and_unite_what_people_wrote(kit: Shelf, alice: User) -> None:
    other, kept = kit.model("Other"), kit.model("Kit")
    tags = [TagFactory(), TagFactory()]
    other.tags.add(tags[0])
    kept.tags.add(tags[1])
    problem = ProblemFactory(file=kit.file("Other/d.stl"), model=other)

    regrouping.merge(other, into=kept, by=alice)
    at_once = kit.models()
    kit.write("Other/new.stl")
    kit.scan()

    assert at_once["Kit"] == {"Kit/a.stl", "Other/d.stl"}
    assert kit.models()["Kit"] == {"Kit/a.stl", "Other/d.stl", "Other/new.stl"}
    assert set(kit.model("Kit").tags.all()) == set(tags)
    assert Problem.objects.get(pk=problem.pk).model == kept
    assert not Model3D.objects.filter(pk=other.pk).exists()


def test_a_merge_goes_with_either_folder(kit: Shelf, alice: User) -> None:
    kept = kit.model("Kit")
    regrouping.merge(kit.model("Other"), into=kept, by=alice)

    (kit.root / "Other").rename(kit.root / "Another")
    kit.scan()
    (kit.root / "Kit").rename(kit.root / "Set")
    kit.scan()
    (kit.root / "Another").rename(kit.root / "Third")
    (kit.root / "Set").rename(kit.root / "Kit")
    kit.scan()

    assert kit.models()["Kit"] == {"Kit/a.stl", "Third/d.stl"}
    assert kit.model("Kit").pk == kept.pk
    decision = ModelDecision.objects.get()
    assert (decision.path, decision.target) == ("Third", "Kit")


def test_an_undone_merge_leaves_what_people_wrote_with_the_model_that_stays(kit: Shelf, alice: User) -> None:
    kept, tag = kit.model("Kit"), TagFactory()
    kit.model("Other").tags.add(tag)
    regrouping.merge(kit.model("Other"), into=kept, by=alice)
    kit.scan()

    assert regrouping.forget_decision(kit.library.pk, ModelDecision.objects.get().pk)
    kit.scan()

    assert kit.models()["Other"] == {"Other/d.stl"}
    assert list(kit.model("Kit").tags.all()) == [tag]
    assert kit.model("Kit").pk == kept.pk


def test_a_model_merged_in_turn_takes_its_own_along(kit: Shelf, alice: User) -> None:
    regrouping.merge(kit.model("Other"), into=kit.model("Kit"), by=alice)
    regrouping.merge(kit.model("Kit"), into=kit.model("Kit/Left"), by=alice)

    kit.scan()

    assert set(kit.models()) == {"Kit/Left"}
    assert Model3D.objects.count() == 1


def test_split_files_stay_a_model_of_their_own_and_go_with_their_folder(kit: Shelf, alice: User) -> None:
    left = kit.model("Kit/Left")

    apart = regrouping.split(left, [kit.file("Kit/Left/c.stl").pk], name="Arm", by=alice)
    kit.scan()
    split = kit.models()
    (kit.root / "Kit").rename(kit.root / "Set")
    kit.scan()

    assert split["Kit/Left/c.stl"] == {"Kit/Left/c.stl"}
    assert kit.models()["Set/Left/c.stl"] == {"Set/Left/c.stl"}
    moved = kit.model("Set/Left/c.stl")
    assert (moved.pk, moved.name, moved.file_count) == (apart.pk, "Arm", 1)


def test_an_undone_split_hands_on_what_people_wrote(kit: Shelf, alice: User) -> None:
    apart = regrouping.split(kit.model("Kit/Left"), [kit.file("Kit/Left/c.stl").pk], name="Arm", by=alice)
    tag = TagFactory()
    apart.tags.add(tag)

    regrouping.forget_decision(kit.library.pk, ModelDecision.objects.get().pk)
    kit.scan()

    assert kit.models()["Kit/Left"] == {"Kit/Left/b.stl", "Kit/Left/c.stl"}
    assert list(kit.model("Kit/Left").tags.all()) == [tag]
    assert not Model3D.objects.filter(pk=apart.pk).exists()


def test_what_makes_no_sense_is_refused(kit: Shelf, alice: User) -> None:
    left, stranger = (
        kit.model("Kit/Left"),
        ModelDecision(library=kit.library, kind="split", path="x", target="y"),
    )
    stranger.save()
    every = [file.pk for file in left.files.all()]
    foreign = kit.file("Other/d.stl").pk

    for refused in (
        lambda: regrouping.merge(left, into=left, by=alice),
        lambda: regrouping.split(left, [], name="x", by=alice),
        lambda: regrouping.split(left, every, name="x", by=alice),
        lambda: regrouping.split(left, [foreign], name="x", by=alice),
    ):
        with pytest.raises(GroupingRefused):
            refused()
    with pytest.raises(IntegrityError):
        ModelDecision(library=kit.library, kind="split", path="x", target="z").save()


def test_a_dry_run_tells_which_files_would_change_their_model(kit: Shelf, alice: User) -> None:
    before = kit.models()
    regrouping.group_folder(kit.library.pk, "Kit", how=How.ONE_MODEL, by=alice)

    scan: Scan = kit.scan(is_dry_run=True)

    listed = scan.lists.get(what="regroup")
    assert (listed.total, listed.paths) == (2, ["Kit/Left/b.stl", "Kit/Left/c.stl"])
    assert listed.details == ["Kit/Left//Kit"] * 2
    assert kit.models() == before
