"""Folder moves learnt from files and applied to others."""

from scanning.folder_moves import FolderMoves


def learnt(*pairs: tuple[str, str]) -> FolderMoves:
    moves = FolderMoves()
    for old, new in pairs:
        moves.learn(old, new)
    return moves


def test_a_renamed_top_folder_tells_of_everything_below() -> None:
    moves = learnt(("a/b/c/x.stl", "z/b/c/x.stl"))

    assert list(moves.guesses("a/other/README")) == ["z/other/README"]
    assert list(moves.guesses("elsewhere/README")) == []


def test_the_nearest_folder_and_most_votes_come_first() -> None:
    moves = learnt(("a/1/x", "b/one/x"), ("a/1/y", "b/one/y"), ("a/1/z", "c/z"), ("a/t", "q/t"))

    assert list(moves.guesses("a/1/README")) == ["b/one/README", "c/README", "q/1/README"]


def test_into_and_out_of_the_root() -> None:
    moves = learnt(("in/x.stl", "x.stl"))

    assert list(moves.guesses("in/README")) == ["README"]
    assert list(learnt(("x.stl", "in/x.stl")).guesses("README")) == ["in/README"]


def test_equal_folders_tell_of_the_same_path() -> None:
    """As between libraries."""
    moves = learnt(("a/b/part.stl", "a/b/part.stl"))

    assert list(moves.guesses("a/c/README")) == ["a/c/README"]
