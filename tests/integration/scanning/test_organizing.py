"""Models are put where a path template says, whole or not at all, never over a file, and back again."""

import pytest
from django.utils import timezone

from config.accounts.models import User
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import FileChange, HistoryEntry, Move
from tests.factories import CollectionFactory, CreatorFactory, TagFactory
from tests.integration.scanning.moving import assert_scan_finds_nothing, organize, tree_of, work
from tests.integration.scanning.shelf import Shelf

NOW = timezone.now


@pytest.fixture
def kit(shelf: Shelf) -> Shelf:
    """A model of three files by Ann, tagged, and a single file at the root by nobody."""
    shelf.library.is_read_only = False
    shelf.library.save()
    shelf.write("in/Dragon/body.stl", content=b"body")
    shelf.write("in/Dragon/STLs/head.stl", content=b"head")
    shelf.write("in/Dragon/notes.txt", content=b"notes")
    shelf.write("boat.stl", content=b"boat")
    shelf.scan()
    dragon = shelf.model("in/Dragon")
    dragon.creator = CreatorFactory(name="Ann")
    dragon.save()
    dragon.tags.add(TagFactory(name="fantasy"))
    return shelf


def test_a_model_goes_where_the_template_says_with_all_that_is_known_of_it(kit: Shelf) -> None:
    dragon, body = kit.model("in/Dragon"), kit.file("in/Dragon/body.stl")

    change = organize(kit, "{creator}/{name}")

    assert (change.state, change.done_count, change.conflict_count) == (FileChange.State.DONE, 1, 1)
    assert kit.models()["Ann/Dragon"] == {
        "Ann/Dragon/body.stl", "Ann/Dragon/STLs/head.stl", "Ann/Dragon/notes.txt",
    }  # fmt: skip
    dragon.refresh_from_db()
    body.refresh_from_db()
    assert (dragon.relative_path, body.relative_path) == ("Ann/Dragon", "Ann/Dragon/body.stl")
    assert dragon.tags.get().name == "fantasy"
    assert not (kit.root / "in").exists()
    assert_scan_finds_nothing(kit)


def test_what_has_no_place_says_why_and_stays(kit: Shelf) -> None:
    change = organize(kit, "{creator}/{name}")

    left = change.moves.get(state=Move.State.CONFLICT)
    assert (left.from_path, left.sentence) == ("boat.stl", "It has no creator.")
    assert (kit.root / "boat.stl").exists()


def test_a_single_file_gets_the_folder_and_keeps_its_name(kit: Shelf) -> None:
    boat = kit.model("boat.stl")
    boat.collections.add(CollectionFactory(name="Toys"))

    organize(kit, "{collection}/{name}", [boat])

    assert kit.models()["Toys/boat"] == {"Toys/boat/boat.stl"}
    boat.refresh_from_db()
    assert boat.relative_path == "Toys/boat"
    assert_scan_finds_nothing(kit)


def test_two_models_for_one_folder_and_a_folder_that_is_taken_are_conflicts(kit: Shelf) -> None:
    kit.write("a/Orc/a.stl", "b/orc/b.stl", "Dragon/old.stl")
    kit.scan()

    change = organize(kit, "{name}")

    sentences = set(change.moves.filter(state=Move.State.CONFLICT).values_list("sentence", flat=True))
    assert "Orc would be in the same folder." in sentences
    assert any("Dragon" in sentence for sentence in sentences)
    assert (kit.root / "Dragon/old.stl").exists()
    assert (kit.root / "in/Dragon/body.stl").exists()


def test_a_file_that_is_in_the_way_stops_the_model_and_nothing_is_overwritten(kit: Shelf) -> None:
    kit.write("Ann/Dragon/notes.txt", content=b"somebody else's")  # not known yet
    before = tree_of(kit)

    change = organize(kit, "{creator}/{name}", [kit.model("in/Dragon")])

    failed = change.moves.get()
    assert (change.state, failed.state) == (FileChange.State.DONE, Move.State.FAILED)
    assert failed.sentence == "There is a file “Ann/Dragon/notes.txt” already."
    assert tree_of(kit) == before


def test_unknown_files_stay_and_so_does_their_folder(kit: Shelf) -> None:
    kit.write("in/Dragon/.hidden", content=b"mine")

    organize(kit, "{creator}/{name}")

    assert tree_of(kit)["in/Dragon/.hidden"] == b"mine"
    assert_scan_finds_nothing(kit)


def test_a_link_on_the_way_is_not_followed(kit: Shelf) -> None:
    outside = kit.root.parent / "outside"
    outside.mkdir()
    (kit.root / "Ann").symlink_to(outside)

    change = organize(kit, "{creator}/{name}", [kit.model("in/Dragon")])

    assert change.moves.get().state == Move.State.FAILED
    assert list(outside.iterdir()) == []
    assert (kit.root / "in/Dragon/body.stl").exists()


def test_everything_is_moved_back_by_one_step(kit: Shelf) -> None:
    before, rows = tree_of(kit), kit.models()
    change = organize(kit, "{creator}/{name}")

    back = changing.undo(change, by=None, now=NOW())
    work()

    back.refresh_from_db()
    assert (back.state, back.done_count) == (FileChange.State.DONE, 1)
    assert (tree_of(kit), kit.models()) == (before, rows)
    assert_scan_finds_nothing(kit)
    with pytest.raises(ChangeRefused, match="nothing left"):
        changing.undo(change, by=None, now=NOW())


def test_a_library_that_is_read_only_says_what_to_do(kit: Shelf) -> None:
    kit.library.is_read_only = True
    kit.library.save()

    with pytest.raises(ChangeRefused, match="read-only"):
        changing.organize(kit.library, template="{name}", model_ids=None, by=None, now=NOW())


def test_a_library_made_read_only_meanwhile_is_left_alone(kit: Shelf) -> None:
    change = changing.move_model(kit.model("in/Dragon"), folder="Wyrm", by=None, now=NOW())
    kit.library.is_read_only = True
    kit.library.save()

    work()

    change.refresh_from_db()
    assert (change.state, "read-only" in change.error) == (FileChange.State.FAILED, True)
    assert (kit.root / "in/Dragon/body.stl").exists()


def test_a_cancelled_change_leaves_what_was_not_begun(kit: Shelf) -> None:
    change = changing.move_model(kit.model("in/Dragon"), folder="Wyrm", by=None, now=NOW())

    changing.cancel(change, now=NOW())
    work()

    change.refresh_from_db()
    assert change.state == FileChange.State.CANCELLED
    assert (kit.root / "in/Dragon/body.stl").exists()


def test_a_renamed_folder_keeps_its_model_and_takes_nested_ones_along(kit: Shelf, alice: User) -> None:
    kit.write("in/Dragon/Egg/egg.stl")
    kit.scan()
    dragon, egg = kit.model("in/Dragon"), kit.model("in/Dragon/Egg")

    changing.move_model(dragon, folder="in/Old_Wyrm", by=alice, now=NOW())
    work()

    dragon.refresh_from_db()
    egg.refresh_from_db()
    assert (dragon.relative_path, dragon.name) == ("in/Old_Wyrm", "Old Wyrm")
    assert egg.relative_path == "in/Old_Wyrm/Egg"
    entry = HistoryEntry.objects.get(model=dragon)
    assert (entry.user, entry.kind, entry.from_path, entry.to_path) == (
        alice, "move", "in/Dragon", "in/Old_Wyrm",
    )  # fmt: skip
    assert_scan_finds_nothing(kit)


def test_a_renamed_file_stays_the_same_file(kit: Shelf) -> None:
    body = kit.file("in/Dragon/body.stl")

    changing.rename_file(body, path="in/Dragon/torso.stl", by=None, now=NOW())
    work()

    body.refresh_from_db()
    assert body.relative_path == "in/Dragon/torso.stl"
    assert (kit.root / "in/Dragon/torso.stl").read_bytes() == b"body"
    assert_scan_finds_nothing(kit)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("in/Dragon/body.obj", "ending"),
        ("../body.stl", "“..”"),
        ("in//body.stl", "there must be a name"),
        ("in/.body.stl", "begins with a dot"),
        ("in/bo:dy.stl", "every system"),
        ("in/bo\0dy.stl", "every system"),
        ("", "there must be a name"),
        ("in/Dragon/body.stl", "its name already"),
    ],
)
def test_names_that_cannot_be_are_told(kit: Shelf, path: str, sentence: str) -> None:
    with pytest.raises(ChangeRefused, match=sentence):
        changing.rename_file(kit.file("in/Dragon/body.stl"), path=path, by=None, now=NOW())


def test_another_row_at_the_path_of_a_file_that_is_gone_makes_room(kit: Shelf) -> None:
    (kit.root / "in/Dragon/notes.txt").unlink()
    kit.scan()
    gone = kit.file("in/Dragon/notes.txt")
    kit.write("in/Dragon/readme.txt", content=b"readme")
    kit.scan()

    changing.rename_file(kit.file("in/Dragon/readme.txt"), path="in/Dragon/notes.txt", by=None, now=NOW())
    work()

    gone.refresh_from_db()
    assert (gone.relative_path, gone.missing_since is None) == ("in/Dragon/readme.txt", False)
    assert (kit.root / "in/Dragon/notes.txt").read_bytes() == b"readme"
    assert_scan_finds_nothing(kit)
