"""Moving files within a place: the same promises for a folder and a bucket."""

import os
from pathlib import Path

import pytest

from libraries.storage import FileGone, NotARegularFile, PathTaken, UnsafePath
from tests.places import BucketHome, FolderHome, Home


@pytest.fixture(params=["folder", "bucket"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    if request.param == "folder":
        return FolderHome(tmp_path / "library")
    return BucketHome(request.getfixturevalue("bucket"))


def _content(home: Home, path: str) -> bytes:
    with home.place.open(path) as file:
        return file.read()


def test_a_file_gets_another_path_with_the_folders_it_needs(home: Home) -> None:
    home.write("a/Größe 1.stl", b"dragon")

    home.place.move("a/Größe 1.stl", "b/c/x.stl")
    home.place.remove_empty_folders("a")

    assert home.paths() == {"b/c/x.stl"}
    assert _content(home, "b/c/x.stl") == b"dragon"


def test_no_file_is_overwritten(home: Home) -> None:
    home.write("a.stl", b"mine")
    home.write("b.stl", b"yours")

    for is_resumed in (False, True):
        with pytest.raises(PathTaken):
            home.place.move("a.stl", "b.stl", is_resumed=is_resumed)

    assert (_content(home, "a.stl"), _content(home, "b.stl")) == (b"mine", b"yours")


def test_a_file_that_is_gone_is_told_unless_the_move_was_made_before(home: Home) -> None:
    with pytest.raises(FileGone):
        home.place.move("a.stl", "b.stl")
    home.write("b.stl", b"moved")

    home.place.move("a.stl", "b.stl", is_resumed=True)

    assert home.paths() == {"b.stl"}


def test_only_what_is_in_the_bin_can_be_deleted(home: Home) -> None:
    home.write("a.stl", b"keep")
    home.write(".layershelf-bin/1/b.stl", b"drop")

    with pytest.raises(UnsafePath):
        home.place.delete_binned("a.stl")
    home.place.delete_binned(".layershelf-bin/1/b.stl")
    home.place.delete_binned(".layershelf-bin/1/b.stl")

    assert home.paths() == {"a.stl"}


def test_a_link_is_neither_moved_nor_followed(tmp_path: Path) -> None:
    home = FolderHome(tmp_path / "library")
    outside = tmp_path / "outside"
    outside.mkdir()
    home.write("a.stl", b"mine")
    (home.root / "link.stl").symlink_to(home.root / "a.stl")
    (home.root / "out").symlink_to(outside)

    with pytest.raises(NotARegularFile):
        home.place.move("link.stl", "b.stl")
    with pytest.raises(PathTaken):
        home.place.move("a.stl", "out/a.stl")

    assert list(outside.iterdir()) == []


def test_a_hard_link_left_by_a_move_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    home = FolderHome(tmp_path / "library")
    home.write("a.stl", b"mine")
    os.link(home.root / "a.stl", home.root / "b.stl")

    with pytest.raises(PathTaken):
        home.place.move("a.stl", "b.stl")
    home.place.move("a.stl", "b.stl", is_resumed=True)

    assert home.paths() == {"b.stl"}
